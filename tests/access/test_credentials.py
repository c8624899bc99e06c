"""A pasted credential is kept sealed, and only for the server it was given for."""

import pytest
from django.db import connection as database

from ipamweb.access import connections, credentials, vault
from ipamweb.access.connections import Way
from ipamweb.access.models import AuditEntry, ClusterConnection, User
from ipamweb.cluster.errors import Misconfigured
from ipamweb.sync import sessions
from tests.access.test_pasted import CANARY, kubeconfig

pytestmark = pytest.mark.django_db
KEY, NEXT = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture(autouse=True)
def keys(settings):
    settings.IPAMWEB_ENCRYPTION_KEYS = {"k1": KEY}
    return settings


@pytest.fixture
def prod() -> ClusterConnection:
    ada = User.objects.create(username="ada")
    return credentials.add("prod", text=kubeconfig(), by=ada)


def test_the_credential_comes_back_for_its_cluster(prod):
    assert credentials.open_of(prod).token == CANARY
    assert prod.api_url == "https://api.example.org:6443"


def test_no_column_of_any_table_holds_it(prod):
    with database.cursor() as cursor:
        for table in ("access_clusterconnection", "access_auditentry"):
            cursor.execute(f"SELECT * FROM {table}")
            assert CANARY not in str(cursor.fetchall())


@pytest.mark.parametrize(
    "columns",
    [
        {"api_url": "https://evil.example.org:6443"},
        {"ca_pem": ""},
        {"tls_server_name": "evil.example.org"},
        {"id": 999},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_who_points_the_cluster_elsewhere_does_not_get_it(prod, columns):
    ClusterConnection.objects.update(**columns)
    moved = ClusterConnection.objects.get()

    with pytest.raises(vault.Unreadable):
        credentials.open_of(moved)
    with pytest.raises(Misconfigured, match="use the stored credential"):
        sessions.access_of(moved)


def test_the_session_gets_it_and_does_not_tell_it(prod):
    access = sessions.access_of(prod)

    assert access.pasted.token == CANARY
    assert CANARY not in repr(access)


def test_the_entry_says_what_was_added_and_no_secret(prod):
    entry = AuditEntry.objects.get()

    assert (entry.act, entry.subject, entry.actor_name) == (
        "cluster.add", "cluster prod", "ada",
    )  # fmt: skip
    assert sorted(entry.after) == [
        "api_url", "ca_sha256", "credential", "tls_server_name",
    ]  # fmt: skip


def test_another_way_to_the_cluster_keeps_nothing_of_it(prod):
    connections.change("prod", way=Way(in_cluster=True))

    found = connections.find("prod")
    assert (found.sealed, found.ca_pem, found.api_url) == ("", "", "")


def test_of_two_who_add_a_cluster_at_once_one_is_told(prod, monkeypatch):
    monkeypatch.setattr(connections, "check_name", lambda _: None)

    with pytest.raises(ValueError, match="there is a cluster 'prod' already"):
        credentials.add("prod", text=kubeconfig(), by=User.objects.get())

    assert AuditEntry.objects.count() == 1


def test_keys_are_changed_without_pasting_again(prod, keys):
    keys.IPAMWEB_ENCRYPTION_KEYS = {"k2": NEXT, "k1": KEY}

    assert credentials.rotate() == 1

    found = connections.find("prod")
    keys.IPAMWEB_ENCRYPTION_KEYS = {"k2": NEXT}
    assert credentials.open_of(found).token == CANARY
    assert credentials.rotate() == 0


def test_where_a_credential_cannot_be_opened_no_key_is_changed(prod, keys):
    keys.IPAMWEB_ENCRYPTION_KEYS = {"k2": NEXT}

    with pytest.raises(vault.NoKey):
        credentials.rotate()
    assert vault.key_of(connections.find("prod").sealed) == "k1"
