"""The URL of a mail server."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from ipamweb import smtp_url


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtps://mail", 465, True, False),
        ("smtps://mail:4650", 4650, True, False),
        ("smtp+starttls://mail", 587, False, True),
        ("smtp://mail/", 25, False, False),
    ],
)
def test_a_scheme_says_how_tls_begins_and_which_port_is_meant(url, port, ssl, tls):
    found = smtp_url.parse(url)

    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail", port)
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (ssl, tls)


@pytest.mark.parametrize(
    "url",
    ["mail:25", "http://mail", "smtp://", "smtp://u:hunter2@mail:x", "smtp://mail/x"],
)
def test_what_is_no_such_url_stops_the_start_and_tells_no_password(url):
    with pytest.raises(ImproperlyConfigured, match="IPAMWEB_SMTP_URL") as refusal:
        smtp_url.parse(url)

    assert "hunter2" not in str(refusal.value)
