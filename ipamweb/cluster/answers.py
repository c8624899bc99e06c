"""What a status means: which ClusterError an answer is, or none.

Only 200 is success, and 201 of a review. A redirect is never followed: aggregated API
servers have sent clients, with their credentials, to other hosts (CVE-2022-3172).
Not here: whether the body is what was asked for (pages.py, watching.py).
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import msgspec

from ipamweb.cluster import shapes
from ipamweb.cluster.errors import (
    BadAnswer,
    ClusterError,
    Expired,
    NotAllowed,
    NotFound,
    NotInstalled,
    Throttled,
    Unauthorized,
)
from ipamweb.cluster.questions import Answer, Question

MESSAGE_LENGTH = 300
# k8s.io/apiserver pkg/storage/errors.go, NewTooLargeResourceVersionError.
TOO_LARGE_VERSION = "Too large resource version"

_STATUS = msgspec.json.Decoder(shapes.Status)


def check(answer: Answer, *, cluster: str, question: Question) -> None:
    """Raise the ClusterError that the answer is, unless it is a success."""
    if answer.status == 200 or (answer.status == 201 and question.body is not None):
        return
    raise error_of(
        read_status(answer.body),
        code=answer.status,
        headers=answer.headers,
        cluster=cluster,
        question=question,
    )


def read_status(body: bytes) -> shapes.Status:
    """Return the Status in a body; an empty one when there is something else in it."""
    try:
        return _STATUS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return shapes.Status()


def error_of(
    status: shapes.Status,
    *,
    code: int,
    headers: Mapping[str, str],
    cluster: str,
    question: Question,
) -> ClusterError:
    """Return the error of a Status: of an answer, or of an ERROR event in a watch."""
    action, said = question.action, _said(status)
    if code == 401:
        why = "the API server does not accept the credential (401)"
        return Unauthorized(cluster, action=action, why=why)
    if code == 403:
        return _not_allowed(said, cluster=cluster, question=question)
    if code == 404:
        return _missing(status, cluster=cluster, question=question)
    if code == 410:
        # Its metadata.continue would go on inconsistently; it is not even decoded.
        return Expired(cluster, action=action, why=f"the version is gone (410){said}")
    if status.message.startswith(TOO_LARGE_VERSION):
        why = f"the cluster's versions went back ({code}){said}"
        return Expired(cluster, action=action, why=why, reason="rewound")
    pause = retry_after(headers, status)
    if code == 429:
        why = f"the API server asks us to wait (429){said}"
        return Throttled(cluster, action=action, why=why, retry_after=pause)
    why = f"the API server answered {code or 'an error'}{said}"
    if 300 <= code < 400:
        why = f"it answered {code}, a redirect, and redirects are never followed"
    return BadAnswer(cluster, action=action, why=why, retry_after=pause)


def _not_allowed(said: str, *, cluster: str, question: Question) -> NotAllowed:
    return NotAllowed(
        cluster,
        action=question.action,
        why=f"not allowed (403){said}; the ClusterRole in deploy/ grants it",
        verb=question.verb,
        resource=question.resource or question.path,
    )


def _missing(
    status: shapes.Status, *, cluster: str, question: Question
) -> NotFound | NotInstalled:
    """A Status that names the object says that only this object is missing."""
    if status.reason == "NotFound" and status.details and status.details.name:
        why = f"there is no {status.details.name!r} (404)"
        return NotFound(cluster, action=question.action, why=why)
    why = f"the API server does not serve {question.path} (404)"
    return NotInstalled(cluster, action=question.action, why=why)


def _said(status: shapes.Status) -> str:
    """Return `: <the server's own message>` on one line, cut; "" without a message.

    Nor is one repeated of a server that is none of Kubernetes: whoever adds a cluster
    by its URL would read with our eyes.
    """
    if status.kind != "Status":
        return ""
    printable = (c if c.isprintable() else " " for c in status.message)
    words = " ".join("".join(printable).split())
    if not words:
        return ""
    return (
        f": {words if len(words) <= MESSAGE_LENGTH else words[:MESSAGE_LENGTH] + '…'}"
    )


def retry_after(headers: Mapping[str, str], status: shapes.Status) -> float | None:
    """Return the seconds to wait: the longer of the header and the Status, or None.

    The header holds seconds or a date (RFC 9110, section 10.2.3); a date is compared
    with the answer's own Date, so that our clock does not matter.
    """
    pauses = [_header_pause(headers)]
    if status.details is not None:
        pauses.append(status.details.retry_after_seconds)
    known = [pause for pause in pauses if pause is not None]
    return max(known) if known else None


def _header_pause(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until, now = _date(text), _date(headers.get("date", ""))
    if until is None or now is None:
        return None
    return max(0.0, (until - now).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
