"""What is sent: as Standard Webhooks, for Slack, and as a mail. Pure.

Which of them is a webhook's choice (its template). No template is written by users.
"""

import json
from typing import Any

from ipamweb.logs import cleaned

Body = dict[str, Any]


def standard(body: Body) -> bytes:
    """Return the JSON of an event: its type, its time, its data."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def slack(body: Body) -> bytes:
    """Return the same in words, for Slack and whatever takes its messages.

    Names come from outside: & < > are escaped, so that none mentions a channel or
    forms a link (api.slack.com/reference/surfaces/formatting, "Escaping text").
    """
    data = body["data"]
    text = _escaped(_one_line(data["summary"]))
    if action := data.get("action"):
        text += f"\n{_escaped(_one_line(action))}"
    if url := data.get("url"):
        text += f"\n{_escaped(_one_line(url))}"
    return json.dumps({"text": text}, ensure_ascii=False).encode()


def mail(body: Body) -> tuple[str, str]:
    """Return the subject and the text of a mail."""
    data = body["data"]
    lines = [data["summary"], data.get("action", ""), data.get("url", "")]
    text = "\n\n".join(_one_line(line) for line in lines if line)
    return f"[ipamweb] {_one_line(data['summary'])[:150]}", f"{text}\n"


def _one_line(text: str) -> str:
    return cleaned(" ".join(text.split()))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
