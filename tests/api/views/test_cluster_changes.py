"""Clusters by REST: as on the page, for admins; no credential is told again."""

import pytest

from ipamweb.access import connections, credentials, tokens
from ipamweb.access.models import AuditEntry, ClusterConnection, User
from ipamweb.sync import due
from tests import cast
from tests.access.test_pasted import CANARY, kubeconfig
from tests.api.sending import bearer, send
from tests.cast_people import auditor, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def pasted(signed_in):
    """Return a client of an admin; there is a cluster `eu`."""
    credentials.add("eu", text=kubeconfig(), by=User.objects.get())
    return signed_in


def test_a_cluster_is_added_as_on_the_page_and_its_secret_is_not_told(signed_in):
    answer = send(
        signed_in, "post", "clusters/", {"name": "eu", "kubeconfig": kubeconfig()}
    )

    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in ("slug", "paused")} == {
        "slug": "eu", "paused": False,
    }  # fmt: skip
    assert credentials.open_of(connections.find("eu")).token == CANARY
    assert CANARY not in answer.content.decode() + str(
        list(AuditEntry.objects.values())
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"name": "eu"}, "kubeconfig: This field is required."),
        ({"name": "a b", "kubeconfig": "x"}, "'a b' is no name"),
        ({"name": "eu", "kubeconfig": "x: 1"}, "has no current context"),
        ({"name": "eu", "kubeconfig": "x", "api_url": "https://x"}, "api_url is not"),
        ({"name": "eu", "kubeconfig": "x", "token_file": "/etc/passwd"}, "token_file"),
        ({"name": "eu", "kubeconfig": "x", "in_cluster": True}, "in_cluster is not"),
        (["eu"], "The body is a JSON object."),
    ],
)
def test_what_cannot_be_a_cluster_is_refused_in_a_sentence(signed_in, body, why):
    answer = send(signed_in, "post", "clusters/", body)

    assert answer.status_code == 400
    assert why in answer.json()["error"]["message"]
    assert not ClusterConnection.objects.exists()


@pytest.mark.parametrize(
    "user", ["    exec: {command: /bin/sh}", "    tokenFile: /etc/passwd"]
)
def test_what_would_run_or_read_here_is_refused_by_rest_too(signed_in, user):
    body = {"name": "eu", "kubeconfig": kubeconfig(user=user)}

    answer = send(signed_in, "post", "clusters/", body)

    assert (answer.status_code, ClusterConnection.objects.count()) == (400, 0)


def test_a_paused_cluster_is_polled_no_more_until_it_is_resumed(pasted):
    assert due.clusters_due(now=cast.NOW) == ["eu"]

    assert send(pasted, "patch", "clusters/eu/", {"paused": True}).json()["paused"]
    assert due.clusters_due(now=cast.NOW) == []
    again = send(pasted, "patch", "clusters/eu/", {"paused": True})
    assert again.json()["error"]["message"] == "eu is paused already"

    assert not send(pasted, "patch", "clusters/eu/", {"paused": False}).json()["paused"]
    assert due.clusters_due(now=cast.NOW) == ["eu"]


def test_another_kubeconfig_takes_the_place_of_the_first(pasted):
    other = kubeconfig(user="    token: another-canary")

    answer = send(pasted, "patch", "clusters/eu/", {"kubeconfig": other})

    connection = connections.find("eu")
    assert (answer.status_code, connection.revision) == (200, 2)
    assert credentials.open_of(connection).token == "another-canary"
    log = str(list(AuditEntry.objects.values()))
    assert "cluster.edit" in log
    assert "canary" not in answer.content.decode() + log


def test_a_url_is_not_changed_without_the_credential(pasted):
    for body in ({"api_url": "https://evil.example"}, {"context": "x"}, {}):
        assert send(pasted, "patch", "clusters/eu/", body).status_code == 400

    assert connections.find("eu").revision == 1


def test_a_removed_cluster_is_there_no_more_nor_its_credential(pasted):
    assert send(pasted, "delete", "clusters/eu/").status_code == 204

    assert ClusterConnection.objects.get().sealed == ""
    assert due.clusters_due(now=cast.NOW) == connections.names() == []
    assert send(pasted, "delete", "clusters/eu/").status_code == 404
    assert send(pasted, "patch", "clusters/eu/", {"paused": False}).status_code == 404


@pytest.mark.parametrize("make", [viewer, auditor])
def test_for_others_there_is_nothing_to_change(pasted, make):
    pasted.force_login(make())

    statuses = [
        send(pasted, "post", "clusters/", {"name": "a", "kubeconfig": "x"}),
        send(pasted, "patch", "clusters/eu/", {"paused": True}),
        send(pasted, "delete", "clusters/eu/"),
        send(pasted, "delete", "clusters/nowhere/"),
    ]

    assert {answer.status_code for answer in statuses} == {404}
    assert ClusterConnection.objects.get().asked == ""


def test_a_token_that_only_reads_changes_nothing(pasted, client):
    client.logout()
    ada = User.objects.get(username="ada")
    reads, writes = (
        bearer(tokens.create(ada, now=cast.NOW, may_write=write))
        for write in (False, True)
    )
    paused = {"paused": True}

    refused = send(client, "patch", "clusters/eu/", paused, headers=reads)
    done = send(client, "patch", "clusters/eu/", paused, headers=writes)

    assert (refused.status_code, done.status_code) == (403, 200)


def test_a_session_needs_the_token_of_its_forms(pasted):
    strict = type(pasted)(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="ada"))

    assert send(strict, "delete", "clusters/eu/").status_code == 403
    assert connections.names() == ["eu"]
