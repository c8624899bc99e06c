"""What is sent, in each of its wordings."""

import json

from ipamweb.events import bodies

BODY = {
    "type": "finding.confirmed",
    "timestamp": "2026-11-22T12:33:00Z",
    "data": {
        "summary": "prod: <!channel> & <http://evil|shop>\n\x1b[31m are wrong",
        "action": "Ask shop.",
        "url": "https://ipam.example.org/findings/1/",
    },
}


def test_the_standard_body_is_the_event_as_it_is():
    assert json.loads(bodies.standard(BODY)) == BODY


def test_in_slack_no_name_mentions_a_channel_or_forms_a_link():
    assert json.loads(bodies.slack(BODY)) == {
        "text": "prod: &lt;!channel&gt; &amp; &lt;http://evil|shop&gt; \\u001b[31m are"
        " wrong\nAsk shop.\nhttps://ipam.example.org/findings/1/"
    }


def test_a_mail_has_one_line_of_subject_whatever_a_name_holds():
    subject, text = bodies.mail(BODY)

    assert subject.startswith("[ipamweb] prod: <!channel>")
    assert "\n" not in subject
    assert text.splitlines()[2:] == [
        "Ask shop.", "", "https://ipam.example.org/findings/1/",
    ]  # fmt: skip
