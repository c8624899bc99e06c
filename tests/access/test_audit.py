"""An entry is written once, in its transaction, and the chain shows any change."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from ipamweb.access import audit
from ipamweb.access.models import AuditEntry, AuditHead, User

TRIGGERS = ("audit_entry_is_not_changed", "audit_entry_is_not_removed")


@pytest.fixture
def three(db):
    """Three entries of alice, whose id is 7."""
    alice = User.objects.create(id=7, username="alice")
    for act in ("sign-in", "token.create", "sign-out"):
        audit.record(act, by=alice, subject="user alice")


@pytest.fixture
def unguarded(three):
    """The same where somebody owns the database."""
    of_table = " ON access_auditentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER {name}{of_table}")


def test_an_entry_says_who_did_what_to_what(three):
    entry = AuditEntry.objects.get(sequence=2)

    assert (entry.act, entry.actor_id, entry.actor_name, entry.subject) == (
        "token.create",
        7,
        "alice",
        "user alice",
    )


def test_an_entry_keeps_before_and_after(db):
    audit.record(
        "cluster.edit", by=None, subject="lab", before={"b": 1, "a": 2}, after={"b": 3}
    )

    entry = AuditEntry.objects.get()
    assert (entry.before_text, entry.after) == ('{"a":2,"b":1}', {"b": 3})


def test_an_entry_of_a_request_carries_its_origin(db):
    token = audit.request_origin.set("192.0.2.7")
    try:
        audit.record("sign-out", by=None, subject="")
    finally:
        audit.request_origin.reset(token)

    assert AuditEntry.objects.get().origin == "192.0.2.7"


def test_text_that_no_database_keeps_is_escaped(db):
    audit.record("sign-in.refused", by=None, subject="a\x00\ud800" + "b" * 600)

    assert AuditEntry.objects.get().subject == "a\\u0000\\ud800" + "b" * 487
    assert audit.verify().broken == ""


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(RuntimeError, match="in the transaction of the act"):
        audit.record("sign-in", by=None, subject="")


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_taken_back_leaves_no_entry():
    with transaction.atomic():
        audit.record("sign-in", by=None, subject="")
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()


def test_an_entry_cannot_be_changed(three):
    with (
        pytest.raises(DatabaseError, match="an audit entry is never changed"),
        transaction.atomic(),
    ):
        AuditEntry.objects.filter(sequence=2).update(actor_name="bob")


def test_an_entry_cannot_be_removed(three):
    with (
        pytest.raises(DatabaseError, match="an audit entry is never removed"),
        transaction.atomic(),
    ):
        AuditEntry.objects.filter(sequence=2).delete()


def test_a_whole_chain_is_whole(three):
    verdict = audit.verify()

    assert (verdict.count, verdict.broken) == (3, "")
    assert verdict.last_hash == AuditHead.objects.get().hash


def test_a_log_without_entries_is_whole(db):
    assert audit.verify() == audit.Verdict(0, "")


@pytest.mark.parametrize(
    "columns",
    [
        {"actor_name": "bob"},
        {"actor_id": 8},
        {"act": "sign-out"},
        {"after_text": "{}"},
        {"moment": "2026-01-01T00:00:00Z"},
        {"hash": "0" * 64},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_a_change_is_found_at_its_entry(unguarded, columns):
    AuditEntry.objects.filter(sequence=2).update(**columns)

    assert audit.verify().broken == "entry 2 is not as it was written"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_entry_is_found(unguarded, number):
    AuditEntry.objects.filter(sequence=number).delete()

    assert audit.verify().broken == f"entry {number} is missing"


def test_an_end_that_was_written_anew_is_found_at_the_head(unguarded):
    first = AuditEntry.objects.get(sequence=2)
    forged = AuditEntry.objects.get(sequence=3)
    forged.actor_name = "bob"
    forged.hash = audit._hash(first.hash, forged)
    forged.save()

    assert audit.verify().broken == "entry 3 is not the one the head names"


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain():
    def write() -> None:
        for _ in range(5):
            with transaction.atomic():
                audit.record("sign-in", by=None, subject="somebody")
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (audit.verify().count, audit.verify().broken) == (20, "")
