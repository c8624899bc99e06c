import pytest
from django.test import Client
from django.utils import timezone

from ipamweb.access import audit
from ipamweb.access.models import User
from tests import cast, cast_people
from tests.web.reading import text

AUDIT = "/audit/"


@pytest.fixture
def log(reader, monkeypatch):
    """Three entries, after that of the reader's own sign-in."""
    ada = User.objects.get(username="ada")
    moments = iter([cast.at("13:00:00"), cast.at("13:30:00"), cast.at("13:59:05")])
    monkeypatch.setattr(timezone, "now", lambda: next(moments))
    audit.record("sign-out", by=ada, subject="user ada", origin="192.0.2.7")
    audit.record(
        "cluster.edit",
        by=None,
        subject="cluster lab",
        before={"context": "old", "in_cluster": False},
        after={"context": "new", "in_cluster": False},
        origin="command edit_cluster",
    )
    audit.record("cluster.pause", by=None, subject="cluster lab")
    monkeypatch.undo()


def test_an_entry_says_who_did_what_when_and_from_where(log, reader):
    assert ("2026-11-22 13:00:00Z ada sign-out user ada – 192.0.2.7") in text(
        reader.get(AUDIT)
    )


def test_what_was_changed_stands_as_before_and_after(log, reader):
    page = text(reader.get(AUDIT))

    assert "cluster lab context − old + new command edit_cluster" in page
    assert "in_cluster" not in page


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        ({"actor": "ada"}, ["sign-out", "sign-in"]),
        ({"act": "cluster"}, ["cluster.pause", "cluster.edit"]),
        ({"act": "cluster.edit"}, ["cluster.edit"]),
        ({"act": "clus"}, []),
        ({"subject": "LAB"}, ["cluster.pause", "cluster.edit"]),
        ({"since": "2026-11-22T13:30:01Z", "act": "cluster"}, ["cluster.pause"]),
        ({"since": "2026-11-22T13:30:00Z", "actor": "ada"}, ["sign-in"]),
        ({"until": "2026-11-22 13:30:00", "act": "sign-out"}, ["sign-out"]),
        ({"until": "2026-11-22 13:00:00", "act": "sign-out"}, []),
    ],
    ids=str,
)  # fmt: skip
def test_the_log_is_filtered(log, reader, query, acts):
    entries = reader.get(AUDIT, query).context["page"].entries

    assert [entry.act for entry in entries] == acts


def test_the_log_goes_on_from_the_last_entry_seen(log, reader):
    first = reader.get(AUDIT, {"limit": "3"}).context["page"]
    second = reader.get(first.pager.next).context["page"]

    assert [entry.sequence for entry in first.entries] == [4, 3, 2]
    assert [entry.sequence for entry in second.entries] == [1]


def test_a_filter_that_fits_nothing_says_so(log, reader):
    assert "No entry matches. Clear filter" in text(reader.get(AUDIT, {"act": "x"}))


def test_an_auditor_may_read_the_log(db):
    client = Client()
    client.force_login(cast_people.auditor())

    assert client.get(AUDIT).status_code == 200
    assert "Audit log" in text(client.get("/account/"))


def test_for_others_there_is_no_log_and_no_link_to_it(db):
    client = Client()
    client.force_login(cast_people.viewer())

    assert client.get(AUDIT).status_code == 404
    assert "Audit log" not in text(client.get("/account/"))
