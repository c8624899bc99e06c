from datetime import timedelta

import pytest

from ipamweb.mirror.models import Cluster
from ipamweb.usage import retention, samples
from tests.api.conftest import Reader
from tests.cast import at, uid

WORKER_B = {
    "cluster": "prod-eu",
    "scope": "node",
    "scope_id": uid(202),
    "name": "worker-b",
    "family": 4,
    "at": "2026-11-22T14:00:00Z",
    "resolution": "5m",
    "gap": False,
    "allocated": {"last": 7, "min": 7, "max": 7},
    "capacity": "14",
    "slots_used": 6,
    "slots_total": "13",
    "opened": 0,
    "closed": 0,
}


@pytest.fixture
def sampled(reader: Reader) -> Reader:
    samples.take(now=at("14:00:05"))
    return reader


def test_a_sample_of_a_node(sampled: Reader) -> None:
    assert sampled.results("usage/?name=worker-b&family=4") == [WORKER_B]


def test_a_namespace_has_no_capacity_and_no_slots(sampled: Reader) -> None:
    (row,) = sampled.results("usage/?scope=namespace&name=shop&family=4")

    assert row["allocated"] == {"last": 4, "min": 4, "max": 4}
    assert (row["capacity"], row["slots_used"], row["slots_total"]) == (None,) * 3


def test_a_gap_has_no_number(sampled: Reader) -> None:
    Cluster.objects.filter(pk=1).update(as_of=at("14:00:00"))
    samples.take(now=at("14:05:05"))

    last = sampled.results("usage/?name=worker-b&family=4")[-1]
    assert (last["at"], last["gap"]) == ("2026-11-22T14:05:00Z", True)
    assert last["allocated"] == {"last": None, "min": None, "max": None}
    assert last["capacity"] is None


def test_an_hour_is_told_from_five_minutes(sampled: Reader) -> None:
    retention.apply(now=at("14:00:00") + timedelta(days=3))

    assert sampled.results("usage/?resolution=5m") == []
    assert sampled.results("usage/?resolution=1h&name=worker-b&family=4") == [
        {**WORKER_B, "resolution": "1h"}
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 16),
        ("cluster=prod-eu", 16),
        ("cluster=lab", 0),
        ("scope=pool", 2),
        (f"scope_id={uid(102)}", 2),
        ("since=2026-11-22T14:00:01Z", 0),
        ("until=2026-11-22T14:00:01Z", 16),
    ],
)
def test_samples_are_filtered(sampled: Reader, query: str, count: int) -> None:
    assert len(sampled.results(f"usage/?{query}")) == count


def test_pages_follow_each_other(sampled: Reader) -> None:
    first = sampled.json("usage/?limit=10")
    path = first["next"].partition("/api/v1/")[2]
    second = sampled.json(path)

    assert (len(first["results"]), len(second["results"])) == (10, 6)
    assert second["next"] is None


def test_a_sample_that_is_taken_changes_the_answer(sampled: Reader) -> None:
    etag = sampled.get("usage/")["ETag"]
    again = {"HTTP_IF_NONE_MATCH": etag}

    assert sampled.get("usage/", **again).status_code == 304
    samples.take(now=at("14:05:05"))
    assert sampled.get("usage/", **again).status_code == 200


def test_a_scope_that_is_none_is_refused(sampled: Reader) -> None:
    answer = sampled.get("usage/?scope=cluster")

    assert answer.status_code == 400
    assert "pool, node, namespace" in answer.json()["error"]["message"]
