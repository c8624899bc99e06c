"""A reader of REST, signed in, at the instant that the cast stands still in."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import cast


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


class Reader:
    """Asks for paths below /api/v1/ and keeps the last answer."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(cast.user())

    def get(self, path: str, **options: Any) -> Any:
        self.answer = self.client.get(f"/api/v1/{path}", **options)
        return self.answer

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def results(self, path: str) -> list[Any]:
        found = self.json(path)["results"]
        assert isinstance(found, list)
        return found


@pytest.fixture
def reader(db: None, stopped_clock: None) -> Reader:
    cast.insert()
    return Reader()
