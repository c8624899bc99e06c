"""A reader who is signed in, at the cast's own time."""

import pytest
from django.test import Client

from ipamweb.web import visit
from tests import cast


@pytest.fixture
def everybody(db: None) -> cast.Cast:
    return cast.insert()


@pytest.fixture
def reader(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(visit, "present", lambda: cast.NOW)
    client.force_login(cast.user())
    return client
