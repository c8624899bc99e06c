"""How clusters are reached."""

from pathlib import Path

import pytest

from ipamweb.access import connections, credentials, pasted
from ipamweb.access.connections import Way
from ipamweb.access.models import ClusterConnection
from tests import cast
from tests.access.locking import goes_by_locked_rows
from tests.access.test_pasted import kubeconfig as kubeconfig_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def kubeconfig(tmp_path: Path) -> str:
    file = tmp_path / "kubeconfig"
    file.write_text("apiVersion: v1")
    return str(file)


def test_a_kubeconfig_is_kept_by_its_path_and_never_by_its_content(kubeconfig):
    connections.add("demo", way=Way(kubeconfig=kubeconfig, context="c"))

    row = ClusterConnection.objects.values().get()

    assert (row["slug"], row["kubeconfig"], row["context"]) == ("demo", kubeconfig, "c")
    assert "apiVersion" not in str(row)


def test_a_relative_path_is_kept_whole(kubeconfig, monkeypatch):
    monkeypatch.chdir(Path(kubeconfig).parent)

    connections.add("demo", way=Way(kubeconfig="kubeconfig"))

    assert connections.find("demo").kubeconfig == kubeconfig


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        pytest.param(Way(), "say one way", id="none"),
        pytest.param(Way(kubeconfig="f", in_cluster=True), "say one way", id="two"),
        pytest.param(Way(in_cluster=True, context="c"), "belongs to a", id="context"),
        pytest.param(Way(in_cluster=True, ca_file="f"), "belong together", id="ca"),
        pytest.param(Way(api_url="https://x"), "belong together", id="url alone"),
        pytest.param(
            Way(api_url="https://x", ca_file="f"), "needs a token file", id="no token"
        ),
        pytest.param(
            Way(api_url="http://x", ca_file="f", token_file="f"),
            "begins with https://",
            id="http",
        ),
        pytest.param(Way(kubeconfig="/none/such"), "no file /none/such", id="file"),
    ],
)
def test_a_way_that_cannot_work_is_one_sentence_and_no_row(way, sentence):
    with pytest.raises(ValueError, match=sentence):
        connections.add("demo", way=way)

    assert not ClusterConnection.objects.exists()


@pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "x" * 64])
def test_a_name_that_cannot_stand_in_a_url_is_refused(name):
    with pytest.raises(ValueError, match="letters, digits"):
        connections.add(name, way=Way(in_cluster=True))


def test_two_clusters_have_two_names():
    connections.add("demo", way=Way(in_cluster=True))

    with pytest.raises(ValueError, match="already"):
        connections.add("demo", way=Way(in_cluster=True))


def test_an_unknown_name_says_which_are_known():
    connections.add("demo", way=Way(in_cluster=True))

    with pytest.raises(ValueError, match="no cluster 'other'; known are: demo"):
        connections.find("other")


def test_an_edit_and_a_pause_stop_what_runs_under_the_old_revision_C4(kubeconfig):
    connections.add("demo", way=Way(in_cluster=True))

    connections.change("demo", way=Way(kubeconfig=kubeconfig))
    connections.pause("demo")

    found = connections.find("demo")
    assert (found.revision, found.paused, found.in_cluster) == (3, True, False)


@pytest.mark.parametrize(
    "act",
    [
        lambda ada: connections.change("demo", way=Way(in_cluster=True)),
        lambda ada: connections.remove("demo"),
        lambda ada: connections.pause("demo"),
        lambda ada: connections.ask_paused("demo", paused=True, by=ada),
        lambda ada: connections.ask_removal("demo", by=ada),
        lambda ada: credentials.replace("demo", text=kubeconfig_text(), by=ada),
    ],
    ids=["change", "remove", "pause", "ask paused", "ask removal", "replace"],
)
def test_no_act_undoes_another_that_came_between(act):
    connections.add("demo", way=Way(in_cluster=True))
    ada = cast.user()

    assert goes_by_locked_rows(lambda: act(ada))


def test_a_cluster_that_goes_while_a_kubeconfig_is_read_stays_gone(monkeypatch):
    connections.add("demo", way=Way(in_cluster=True))
    ada, read = cast.user(), pasted.read

    def slow(*args, **how):
        connections.remove("demo")
        return read(*args, **how)

    monkeypatch.setattr(pasted, "read", slow)
    with pytest.raises(ValueError, match="there is no cluster 'demo'"):
        credentials.replace("demo", text=kubeconfig_text(), by=ada)

    assert not ClusterConnection.objects.exists()


def test_an_edit_that_changes_nothing_stops_nothing():
    connections.add("demo", way=Way(in_cluster=True))

    connections.add_or_change("demo", way=Way(in_cluster=True))

    assert connections.find("demo").revision == 1


def test_the_way_of_a_connection_is_the_way_it_was_made_with():
    way = Way(in_cluster=True, namespaces=("a", "b"))

    connections.add("demo", way=way)

    assert connections.way_of(connections.find("demo")) == way
