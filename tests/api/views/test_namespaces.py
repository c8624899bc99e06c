from django.db import connection
from django.test.utils import CaptureQueriesContext

from ipamweb.mirror.models import Namespace
from ipamweb.usage import samples
from tests.api.conftest import Reader
from tests.cast import at, uid

SHOP = {
    "namespace": "shop",
    "uid": uid(102),
    "labels": {"kubernetes.io/metadata.name": "shop"},
    "pods": 5,
    "families": {"4": {"allocated": 4}, "6": {"allocated": 4}},
    "peak_30d": {"4": 4, "6": 4},
    "workloads": [{"kind": "", "name": "", "pods": 4, "addresses": 8}],
    "first_seen": "2026-11-22T12:00:00Z",
    "gone_at": None,
}
NAMESPACES = "clusters/prod-eu/namespaces/"


def test_a_namespace(reader: Reader) -> None:
    age = {"as_of": "2026-11-22T14:00:00Z", "stale": False}

    assert reader.json(f"{NAMESPACES}shop/") == {**age, **SHOP}


def test_namespaces_are_listed_fullest_first_when_asked(reader: Reader) -> None:
    results = reader.results(f"{NAMESPACES}?ordering=-allocated_v4&limit=2")

    assert [row["namespace"] for row in results] == ["default", "shop"]
    assert results[1] == SHOP


def test_the_workloads_that_hold_most_come_first(reader: Reader) -> None:
    (default,) = reader.results(f"{NAMESPACES}?q=default&fields=workloads")

    assert default["workloads"] == [
        {"kind": "Deployment", "name": "web", "pods": 12, "addresses": 24}
    ]


def test_workloads_are_not_counted_where_nobody_asks(reader: Reader) -> None:
    with CaptureQueriesContext(connection) as with_all:
        reader.results(NAMESPACES)
    with CaptureQueriesContext(connection) as with_names:
        reader.results(f"{NAMESPACES}?fields=namespace")

    assert len(with_all) == len(with_names) + 1


def test_workloads_of_the_past_are_not_told(reader: Reader) -> None:
    rows = reader.results(f"{NAMESPACES}?at=2026-11-22T13:20:00Z")

    assert {row["workloads"] for row in rows} == {None}


def test_a_part_of_the_name_finds(reader: Reader) -> None:
    assert [row["pods"] for row in reader.results(f"{NAMESPACES}?q=atch")] == [3]


def test_the_peak_is_the_most_that_was_sampled_or_is_held(reader: Reader) -> None:
    Namespace.objects.filter(pk=2).update(allocated_v4=9, allocated_v6=1)
    samples.take(now=at("13:30:00"))
    Namespace.objects.filter(pk=2).update(allocated_v4=4, allocated_v6=4)

    assert reader.json(f"{NAMESPACES}shop/")["peak_30d"] == {"4": 9, "6": 4}
    assert reader.results(f"{NAMESPACES}?q=shop")[0]["peak_30d"] == {"4": 9, "6": 4}
