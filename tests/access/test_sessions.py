"""Sessions that are over do not stay in the database."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from ipamweb.access import sessions
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_go_and_others_stay(monkeypatch):
    monkeypatch.setattr(sessions, "BATCH", 2)
    for number in range(5):
        until = NOW - timedelta(seconds=number)
        Session.objects.create(session_key=f"over-{number}", expire_date=until)
    Session.objects.create(session_key="open", expire_date=NOW + timedelta(seconds=1))

    assert sessions.forget(now=NOW) == 5
    assert [each.session_key for each in Session.objects.all()] == ["open"]
