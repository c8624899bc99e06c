"""Send a change by REST, as a session or by a token."""

from typing import Any

from django.test import Client


def send(client: Client, method: str, path: str, body: Any = None, **how: Any) -> Any:
    ask = getattr(client, method)
    given = {} if body is None else body
    return ask(f"/api/v1/{path}", given, content_type="application/json", **how)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
