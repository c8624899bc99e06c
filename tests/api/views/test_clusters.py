import pytest

from ipamweb.mirror.models import Cluster, ClusterVersion
from tests.api.conftest import Reader
from tests.cast import at

PROD = {
    "slug": "prod-eu",
    "name": "prod-eu",
    "systems": ["cilium"],
    "mode": "cluster-pool",
    "server_version": "v1.36.0",
    "families": [4, 6],
    "namespaces": [],
    "nodes": 3,
    "pods": 21,
    "pools": 2,
    "allocations": 45,
    "findings_open": 1,
    "gaps": 1,
    "gap_since": None,
    "held_release": None,
    "paused": False,
    "last_poll_at": "2026-11-22T14:00:00Z",
    "last_error": "",
    "as_of": "2026-11-22T14:00:00Z",
    "stale": False,
}
LAB = {
    "slug": "lab",
    "name": "lab",
    "systems": [],
    "mode": "",
    "server_version": "",
    "families": [],
    "namespaces": [],
    "nodes": 0,
    "pods": 0,
    "pools": 0,
    "allocations": 0,
    "findings_open": 0,
    "gaps": 0,
    "gap_since": None,
    "held_release": None,
    "paused": False,
    "last_poll_at": "2026-11-22T14:00:00Z",
    "last_error": "lab: could not list nodes: connection refused",
    "as_of": None,
    "stale": True,
}


def test_clusters_are_listed_by_slug_as_old_as_the_oldest(reader: Reader) -> None:
    assert reader.json("clusters/") == {
        "as_of": None,
        "stale": True,
        "next": None,
        "previous": None,
        "results": [LAB, PROD],
    }


def test_a_cluster(reader: Reader) -> None:
    assert reader.json("clusters/prod-eu/") == PROD


def test_a_held_release_is_told(reader: Reader) -> None:
    Cluster.objects.filter(slug="lab").update(
        held_release_at=at("13:00:00"), held_release_count=120, held_release_of=300
    )

    assert reader.json("clusters/lab/")["held_release"] == {
        "at": "2026-11-22T13:00:00Z", "count": 120, "of": 300,
    }  # fmt: skip


def test_of_clusters_all_read_the_list_is_as_old_as_the_oldest(reader: Reader) -> None:
    Cluster.objects.filter(slug="lab").update(as_of=at("13:59:58"))

    assert reader.json("clusters/")["as_of"] == "2026-11-22T13:59:58Z"


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("q=prod", ["prod-eu"]),
        ("q=EU West", ["prod-eu"]),
        ("q=-", ["prod-eu"]),
        ("q=%25", []),
        ("system=cilium", ["prod-eu"]),
        ("system=whereabouts", ["prod-eu"]),
        ("system=cil", []),
        ("stale=true", ["lab"]),
        ("stale=false", ["prod-eu"]),
        ("stale=true&system=cilium", []),
        ("q=a&limit=1", ["lab"]),
    ],
)
def test_clusters_are_found_by_what_their_rows_say(
    reader: Reader, query: str, slugs: list[str]
) -> None:
    Cluster.objects.filter(slug="prod-eu").update(
        name="EU west", systems=["cilium", "whereabouts"]
    )

    assert [row["slug"] for row in reader.results(f"clusters/?{query}")] == slugs


def test_pages_of_a_filter_go_on(reader: Reader) -> None:
    Cluster.objects.filter(slug="lab").update(name="lab of prod")
    first = reader.json("clusters/?q=prod&limit=1")
    second = reader.get(first["next"].partition("/api/v1/")[2]).json()

    found = [row["slug"] for page in (first, second) for row in page["results"]]
    assert (found, second["next"]) == (["lab", "prod-eu"], None)


@pytest.mark.parametrize(
    ("clock", "system", "slugs"),
    [
        ("11:59:59", "cilium", []),
        ("12:59:59", "cilium", ["prod-eu"]),
        ("12:59:59", "calico", []),
        ("13:00:00", "cilium", []),
        ("13:00:00", "calico", ["prod-eu"]),
        # Behind the last read it is as that found it.
        ("14:00:04", "calico", ["prod-eu"]),
        ("14:00:04", "antrea", []),
    ],
)
def test_at_an_instant_clusters_are_found_by_their_systems_of_then(
    reader: Reader, clock: str, system: str, slugs: list[str]
) -> None:
    ClusterVersion.objects.update(valid_to=at("13:00:00"))
    for begin, end, name in (
        ("13:00:00", at("14:00:02"), "calico"), ("14:00:02", None, "antrea"),
    ):  # fmt: skip
        ClusterVersion.objects.create(
            cluster_id=1, systems=[name], valid_from=at(begin), valid_to=end
        )

    rows = reader.results(f"clusters/?system={system}&at=2026-11-22T{clock}Z")

    assert [row["slug"] for row in rows] == slugs
    assert all(row["systems"] == [system] for row in rows)


def test_how_old_data_is_is_asked_of_now_whatever_the_instant(reader: Reader) -> None:
    rows = reader.results("clusters/?stale=true&at=2026-11-22T13:20:00Z")

    assert [(row["slug"], row["stale"]) for row in rows] == [("lab", True)]


def test_stale_is_true_or_false(reader: Reader) -> None:
    answer = reader.get("clusters/?stale=maybe")

    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == {
        "parameter": "stale", "accepted": ["true", "false"],
    }  # fmt: skip
