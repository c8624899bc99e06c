"""One object, or one short list, asked for and decoded; for what is not mirrored.

Not here: complete lists and watches of the kinds that are mirrored (reading.py).
"""

from collections.abc import Mapping
from typing import Protocol, TypeVar

import msgspec

from ipamweb.cluster.errors import BadAnswer
from ipamweb.cluster.questions import JSON, Question

T = TypeVar("T")


class Asks(Protocol):
    """What is needed of a session here."""

    @property
    def name(self) -> str: ...

    def ask(self, question: Question) -> bytes: ...


def read_object(
    session: Asks,
    path: str,
    shape: type[T],
    *,
    query: Mapping[str, str] | None = None,
    accept: str = JSON,
) -> T:
    """Return the decoded answer of a GET; raises ClusterError. Costs one request."""
    question = Question(path, query or {}, accept=accept)
    body = session.ask(question)
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadAnswer(
            session.name,
            action=question.action,
            why=f"the answer is not what was asked for: {error}",
        ) from error
