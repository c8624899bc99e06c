"""Recorded objects and answers, decoded as the real ones are."""

import json
from pathlib import Path
from typing import Any

import msgspec

from ipamweb.cluster.errors import ClusterError, NotAllowed, NotFound
from ipamweb.cluster.questions import Question
from ipamweb.cluster.readers.contract import (
    CILIUM_ENDPOINTS,
    CILIUM_NODES,
    NAMESPACES,
    NODES,
    PODS,
    Kind,
    Listed,
)

RECORDINGS = Path(__file__).parent.parent / "recordings"
ALL_KINDS = (NAMESPACES, NODES, PODS, CILIUM_NODES, CILIUM_ENDPOINTS)


def recorded(path: str) -> dict[str, Any]:
    """Return a recording as it is in its file."""
    content: dict[str, Any] = json.loads((RECORDINGS / path).read_text())
    return content


def answer(name: str) -> dict[str, Any]:
    """Return the body of an answer of the real API server."""
    body: dict[str, Any] = recorded(f"kubernetes-1.36/{name}.json")["response"]["body"]
    return body


def decoded(kind: Kind, objects: list[Any]) -> list[Any]:
    return [msgspec.json.decode(json.dumps(o), type=kind.shape) for o in objects]


def listed(**objects: list[Any]) -> Listed:
    """Return a Listed of objects as they stand in JSON: listed(nodes=[{…}])."""
    shaped: dict[str, Any] = {
        kind.resource: decoded(kind, objects.pop(kind.resource))
        for kind in ALL_KINDS
        if kind.resource in objects
    }
    assert not objects, f"no such kind: {objects}"
    return Listed(**shaped)


def listed_in(path: str) -> Listed:
    """Return the objects of a recording that was written by hand."""
    content = recorded(path)
    names = {kind.resource for kind in ALL_KINDS}
    return listed(**{key: content[key] for key in content.keys() & names})


def listed_answers(**names: str) -> Listed:
    """Return the objects of recorded lists: listed_answers(nodes="nodes-list")."""
    return listed(**{key: answer(name)["items"] for key, name in names.items()})


class RecordedSession:
    """A session that answers from what it is given, and 404 to everything else.

    `answers` maps a path to a body (anything that JSON can hold) or to an error's type.
    """

    name = "prod"

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[Question] = []

    def ask(self, question: Question) -> bytes:
        self.asked.append(question)
        body = self.answers.get(question.path, NotFound)
        if isinstance(body, type) and issubclass(body, ClusterError):
            raise self._error(body, question)
        return body if isinstance(body, bytes) else json.dumps(body).encode()

    def _error(self, error: type[ClusterError], question: Question) -> ClusterError:
        why = "it was made so"
        if issubclass(error, NotAllowed):
            return error(
                self.name,
                action=question.action,
                why=why,
                verb=question.verb,
                resource=question.resource,
            )
        return error(self.name, action=question.action, why=why)
