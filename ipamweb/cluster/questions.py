"""What is asked of an API server and what it answers, before anybody judged it.

Not here: how a question travels (connections.py), what a status means (answers.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Question:
    """One request. `verb` and `resource` are RBAC's words; `body` makes it a POST.

    `resource` is empty for what is no kind (/version); `scope` is the namespace asked.
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    verb: str = "get"
    resource: str = ""
    scope: str = ""
    accept: str = JSON
    body: bytes | None = None

    @property
    def action(self) -> str:
        """What is done, for messages: "list pods in team-a", "get /version"."""
        where = f" in {self.scope}" if self.scope else ""
        return f"{self.verb} {self.resource or self.path}{where}"

    @property
    def target(self) -> str:
        """The path with its query, as it stands in the request."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, decompressed. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
