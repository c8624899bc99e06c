"""The commands, against a simulated cluster."""

import json

import pytest
from django.core.management import CommandError

from ipamweb.access import tokens
from ipamweb.access.models import ClusterConnection, Token, User
from ipamweb.mirror.models import Allocation, Cluster
from ipamweb.simulator.rights import EVERYTHING
from tests.cast import NOW
from tests.databases import free_port


def test_status_prints_the_textbooks_node_exactly(run, added):
    run("poll", added)

    assert run("status", added) == [
        "IPv4: 5/254 allocated from 10.0.2.0/24",
        "Allocated addresses:",
        "  10.0.2.163 (default/nginx)",
        "  10.0.2.236 (router)",
        "  10.0.2.244 (default/tshoot-a)",
        "  10.0.2.48 (health)",
        "  10.0.2.74 (default/tshoot-b)",
    ]


def test_a_poll_prints_one_line_of_json(run, added):
    (line,) = run("poll", added)

    said = json.loads(line)
    assert list(said) == [
        "cluster", "kind", "opened", "changed", "closed", "unchanged", "problems",
        "gaps", "seconds", "as_of",
    ]  # fmt: skip
    assert (said["cluster"], said["kind"], said["opened"]) == ("prod", "complete", 5)


def test_a_further_poll_asks_for_changes_unless_told_otherwise(run, added):
    run("poll", added)

    assert json.loads(run("poll", added)[0])["kind"] == "changes"
    assert json.loads(run("poll", added, "--complete")[0])["kind"] == "complete"


def test_a_poll_that_fails_says_why_and_loses_nothing(run, added, simulator):
    run("poll", added)
    simulator.users.set("reader")

    with pytest.raises(CommandError, match="^prod: could not "):
        run("poll", added)

    assert Allocation.objects.count() == 5


def test_a_cluster_with_the_rights_we_ask_for_is_added_without_a_word(run, kubeconfig):
    assert run("add_cluster", "prod", "--kubeconfig", kubeconfig) == [
        "added prod; it is polled while `up` or the workers run"
    ]


def test_rights_that_are_too_much_are_named(run, kubeconfig, simulator):
    simulator.users.set("reader", EVERYTHING)

    lines = run("add_cluster", "prod", "--kubeconfig", kubeconfig)

    assert lines[0] == (
        "warning: the credential may do anything with everything; we do not need that"
    )
    assert lines[-1].startswith("added prod")


def test_a_cluster_that_may_not_be_listed_is_not_added(run, kubeconfig, simulator):
    simulator.users.set("reader")

    with pytest.raises(CommandError, match="prod"):
        run("add_cluster", "prod", "--kubeconfig", kubeconfig)

    assert not ClusterConnection.objects.exists()


def test_a_cluster_that_cannot_be_reached_is_not_added(run, tmp_path, simulator):
    file = simulator.kubeconfig(tmp_path / "kubeconfig")
    file.write_text(file.read_text().replace(str(simulator.port), "1"))

    with pytest.raises(CommandError, match="prod: could not .*127.0.0.1:1"):
        run("add_cluster", "prod", "--kubeconfig", str(file))

    assert not ClusterConnection.objects.exists()


def test_clusters_are_listed_with_their_state(run, added):
    assert run("clusters")[1].split() == [
        "prod", "not", "polled", "yet", "-", "-", "-", "-", "never",
    ]  # fmt: skip
    run("poll", added)

    assert run("clusters")[1].split()[:6] == [
        "prod", "ok", "cilium/cluster-pool", "1", "3", "5",
    ]  # fmt: skip


def test_a_paused_cluster_is_left_alone_until_it_is_resumed(run, added):
    run("poll", added)

    assert run("pause_cluster", added) == ["paused prod"]
    assert run("clusters")[1].split()[1] == "paused"
    assert run("resume_cluster", added) == ["resumed prod"]
    assert run("clusters")[1].split()[1] == "ok"


def test_an_edited_cluster_is_listed_anew(run, added, kubeconfig):
    run("poll", added)

    lines = run("edit_cluster", added, "--kubeconfig", kubeconfig, "--context", "")

    assert lines == ["changed prod; its next poll makes a complete list"]
    assert json.loads(run("poll", added)[0])["kind"] == "complete"


def test_a_cluster_goes_with_all_that_was_mirrored_of_it(run, added):
    run("poll", added)

    assert run("remove_cluster", added, "--yes") == ["removed prod"]

    assert not ClusterConnection.objects.exists()
    assert not Cluster.objects.exists()
    assert not Allocation.objects.exists()


def test_a_cluster_is_not_removed_by_mistake(run, added, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "yes")

    with pytest.raises(CommandError, match="prod stays: it was not confirmed"):
        run("remove_cluster", added)

    assert ClusterConnection.objects.exists()


def test_a_mirror_without_fault_says_so(run, added):
    run("poll", added)

    assert run("verify_mirror") == run("verify_mirror", added) == ["prod: no fault"]


def test_a_counter_that_is_off_is_a_fault(run, added):
    run("poll", added)
    Cluster.objects.update(allocation_count=7)

    with pytest.raises(CommandError, match="^faults: 1$"):
        run("verify_mirror")


def test_prune_says_what_the_database_holds(run, added):
    run("poll", added)

    lines = run("prune")

    assert "deleted past allocations: 0" in lines
    assert "rows of allocations: 5" in lines
    assert lines[-1].startswith("bytes of the database: ")


def test_a_token_is_printed_once_and_opens(run):
    user = User.objects.create_user("maria")

    (text,) = run("create_token", "maria", "--name", "laptop", "--expires-days", "30")

    found = tokens.find(text, now=NOW)
    assert found is not None
    assert (found.user, found.name) == (user, "laptop")
    assert (found.expires_at - found.created_at).days == 30


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["poll", "x"], "there is no cluster 'x'; known are: prod"),
        (["status", "x"], "there is no cluster 'x'; known are: prod"),
        (["status", "prod"], "prod was never mirrored: no poll of it succeeded yet"),
        (["verify_mirror", "x"], "there is no cluster 'x'; known are: prod"),
        (["remove_cluster", "x"], "there is no cluster 'x'; known are: prod"),
        (["pause_cluster", "x"], "there is no cluster 'x'; known are: prod"),
        (["edit_cluster", "x", "--in-cluster"], "there is no cluster 'x'"),
        (["accept_release", "prod"], "prod was never mirrored"),
        (["add_cluster", "prod", "--in-cluster"], "there is a cluster 'prod' already"),
        (["add_cluster", "a b", "--in-cluster"], "'a b' is no name: give letters"),
        (["add_cluster", "y"], "say one way to reach the cluster"),
        (["add_cluster", "y", "--kubeconfig", "/no"], "there is no file /no"),
        (["add_cluster", "y", "--in-cluster"], "this is not a pod of a cluster"),
        (["create_token", "x"], "there is no active user 'x'"),
        (["up", "--port", "99999"], "--port takes a number from 1 to 65535, not 99999"),
        (["up", "--host", "192.0.2.1"], "cannot listen at 192.0.2.1:8000"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_one_clear_sentence(run, added, words, sentence):
    with pytest.raises(CommandError) as problem:
        run(*words)

    assert str(problem.value).startswith(sentence) or sentence in str(problem.value)
    assert "\n" not in str(problem.value)
    assert not Token.objects.exists()


def test_a_kubeconfig_that_is_not_there_is_said_before_anything_starts(run):
    # A port of its own: the usual one may be taken, which would be said first.
    with pytest.raises(CommandError, match="there is no file /no"):
        run("up", "--kubeconfig", "/no", "--port", free_port())
