"""Commands that change something leave one entry each; verify_audit walks them."""

import pytest
from django.core.management import CommandError
from django.db import connection

from ipamweb.access import acts
from ipamweb.access.models import AuditEntry
from ipamweb.mirror.models import Cluster
from tests import cast


def entries() -> list[tuple[str, str, str]]:
    return list(
        AuditEntry.objects.order_by("sequence").values_list("act", "subject", "origin")
    )


def test_what_is_done_to_a_cluster_is_kept_in_order(run, added, kubeconfig):
    run("edit_cluster", added, "--kubeconfig", kubeconfig, "--namespace", "shop")
    run("pause_cluster", added)
    run("resume_cluster", added)
    run("remove_cluster", added, "--yes")

    assert entries() == [
        ("cluster.add", "cluster prod", "command add_cluster"),
        ("cluster.edit", "cluster prod", "command edit_cluster"),
        ("cluster.pause", "cluster prod", "command pause_cluster"),
        ("cluster.resume", "cluster prod", "command resume_cluster"),
        ("cluster.remove", "cluster prod", "command remove_cluster"),
    ]


def test_an_edit_says_what_was_and_what_is(run, added, kubeconfig):
    run("edit_cluster", added, "--kubeconfig", kubeconfig, "--namespace", "shop")

    entry = AuditEntry.objects.get(act="cluster.edit")
    assert (entry.before["namespaces"], entry.after["namespaces"]) == ([], ["shop"])


def test_what_changes_nothing_leaves_nothing(run, added):
    run("pause_cluster", added)
    run("pause_cluster", added)

    assert [act for act, *_ in entries()] == ["cluster.add", "cluster.pause"]


def test_a_token_is_kept_by_its_key_and_never_by_its_secret(run):
    cast.user()
    (line,) = run("create_token", "ada", "--name", "grafana")
    key, _, secret = line.partition(".")

    assert entries() == [
        ("token.create", f"token {key} of ada", "command create_token")
    ]
    assert secret not in str(AuditEntry.objects.values().get())


def test_an_accepted_release_says_how_many(run):
    cast.insert()
    Cluster.objects.filter(slug="prod-eu").update(
        held_release_at=cast.at("13:59:00"), held_release_count=30, held_release_of=45
    )

    run("accept_release", "prod-eu")

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject) == ("release.accept", "cluster prod-eu")
    assert entry.after == {"allocations": 30}


def test_the_first_user_is_kept_without_a_password(db):
    made = acts.make_first_user(name="", password="", email="")

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject) == ("user.create", "user admin")
    assert made.password not in str(AuditEntry.objects.values().get())


def test_a_whole_log_is_told_with_its_last_hash(run):
    acts.make_first_user(name="", password="", email="")

    assert run("verify_audit") == [
        "entries: 1; none was changed",
        f"the hash of the last: {AuditEntry.objects.get().hash}",
    ]


def test_the_first_broken_entry_is_named(run):
    acts.make_first_user(name="", password="", email="")
    table = " ON access_auditentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_is_not_changed{table}")
    AuditEntry.objects.update(actor_name="eve")

    with pytest.raises(
        CommandError, match="^entry 1 is not as it was written; whole before it: 0$"
    ):
        run("verify_audit")


def test_rotating_keys_says_how_many_credentials_had_another(run, settings):
    settings.IPAMWEB_ENCRYPTION_KEYS = {"k1": bytes(range(32))}

    assert run("rotate_keys") == [
        "credentials encrypted anew: 0", "secrets of webhooks encrypted anew: 0",
    ]  # fmt: skip
    assert entries() == [
        ("keys.rotate", "credentials of clusters", "command rotate_keys"),
        ("keys.rotate", "secrets of webhooks", "command rotate_keys"),
    ]
