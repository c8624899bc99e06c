"""A small HTTP client for the simulator's own tests: raw answers, nothing clever."""

import http.client
import json
from dataclasses import dataclass
from typing import Any

from ipamweb.simulator.server import Simulator

TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]

    @property
    def names(self) -> list[str]:
        return [each["metadata"]["name"] for each in self.json["items"]]

    @property
    def token(self) -> str:
        return self.json["metadata"].get("continue", "")

    @property
    def version(self) -> str:
        return self.json["metadata"]["resourceVersion"]


def ask(
    simulator: Simulator,
    path: str,
    *,
    user: str = "admin",
    headers: dict[str, str] | None = None,
    body: Any = None,
) -> Answer:
    connection = http.client.HTTPConnection(
        "127.0.0.1", simulator.port, timeout=TIMEOUT_SECONDS
    )
    sent = {"Authorization": f"Bearer {simulator.users[user].token}"} | (headers or {})
    method = "GET" if body is None else "POST"
    try:
        connection.request(
            method, path, None if body is None else json.dumps(body), sent
        )
        found = connection.getresponse()
        fields = {name.lower(): text for name, text in found.getheaders()}
        return Answer(found.status, fields, found.read())
    finally:
        connection.close()


def watch(simulator: Simulator, path: str) -> list[Any]:
    """Return the lines of a short watch; the path has a query already."""
    return ask(simulator, f"{path}&watch=1&timeoutSeconds=0.3").lines


def pod(name: str, *, namespace: str = "default", **status: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"containers": [{"name": "app"}]},
        "status": {"phase": "Running"} | status,
    }
