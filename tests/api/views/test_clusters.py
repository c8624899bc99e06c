from ipamweb.mirror.models import Cluster
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
