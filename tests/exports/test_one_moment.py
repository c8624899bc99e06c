"""While polls write, an export sees the cluster at one generation."""

import json
from datetime import datetime
from typing import Any

import pytest

from ipamweb.exports import making, stream
from ipamweb.exports.making import Tally
from ipamweb.exports.wishes import Wish
from ipamweb.mirror.models import Allocation, Cluster, PastAllocation
from ipamweb.mirror.queries import allocation_stream, past_filters
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.allocation_stream import Pruned
from ipamweb.mirror.scope import EVERYTHING
from tests.sync.world import World, pod

pytestmark = pytest.mark.django_db
PODS = 20


@pytest.fixture
def busy(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Twenty pods, and batches of three."""
    monkeypatch.setattr(allocation_stream, "MOST", 3)
    monkeypatch.setattr(allocation_stream, "MOST_IDS", 3)
    for number in range(PODS):
        world.add(pod(f"web-{number}", f"10.244.1.{10 + number}"))
    world.poll()
    return world


def churn(world: World, step: int) -> None:
    """Twenty changes a second are a hundred a poll: here of twenty pods, nine.

    Three end before where an export is, three behind, a new one takes an address that
    was given up, and one begins to end.
    """
    for number in {step, PODS - 1 - step}:
        world.remove(f"web-{number}")
        world.add(pod(f"new-{step}-{number}", f"10.244.1.{10 + number}"))
        world.add(pod(f"more-{step}-{number}", f"10.244.1.{100 + number}"))
    later = {"metadata": {"deletionTimestamp": "2026-11-22T12:00:30Z"}}
    world.patch(f"web-{PODS // 2 - 1}", later)
    world.poll()


def filtered(**filters: Any) -> Wish:
    return Wish("allocations", "ndjson", allocations=AllocationFilter(**filters))


def rows(wish: Wish, world: World, *, churning: bool) -> list[Any]:
    reading = making.read(wish, scope=EVERYTHING, now=world.clock())
    found = b""
    for step, part in enumerate(making.parts(reading, Tally(), about={})):
        found += part
        if churning and step in range(1, 6):
            churn(world, step)
    return [json.loads(line) for line in found.splitlines()]


@pytest.mark.parametrize(
    "wish",
    [
        filtered(),
        filtered(namespace="default"),
        filtered(state="held"),
        filtered(q="web"),
    ],
    ids=["all", "of a namespace", "in a state", "by text"],
)
def test_an_export_is_the_cluster_at_its_generation(busy: World, wish: Wish) -> None:
    before = rows(wish, busy, churning=False)

    during = rows(wish, busy, churning=True)

    assert len(before) == PODS
    assert during == before
    assert PastAllocation.objects.count() > 5
    assert Allocation.objects.count() > PODS


def test_an_export_of_an_instant_is_what_was_known_when_it_began(busy: World) -> None:
    instant = busy.cluster.as_of
    churn(busy, 0)
    wish = Wish("allocations", "ndjson", at=instant)
    before = rows(wish, busy, churning=False)

    during = rows(wish, busy, churning=True)

    held = [row["pod"] for row in before if row["state"] == "held"]
    assert held == [f"web-{n}" for n in range(PODS)]
    assert during == before


def test_an_export_of_a_window_has_what_ended_in_it_once(busy: World) -> None:
    churn(busy, 0)
    wish = Wish("allocations", "ndjson", since=busy.cluster.first_as_of)
    before = rows(wish, busy, churning=False)

    during = rows(wish, busy, churning=True)

    assert {row["state"] for row in before} == {"held", "terminating", "ended"}
    assert len({row["id"] for row in during}) == len(during)
    assert [row["id"] for row in during] == [row["id"] for row in before]


def test_what_retention_takes_away_breaks_an_export_of_the_past(busy: World) -> None:
    churn(busy, 0)
    churn(busy, 1)
    cluster = making.read(
        Wish("allocations", "csv"), scope=EVERYTHING, now=busy.clock()
    ).clusters[0]
    times = past_filters.Times(cluster.freshness.history_from, busy.clock())
    found = allocation_stream.held_in(cluster, times=times, scope=EVERYTHING)
    next(found)

    PastAllocation.objects.all().delete()
    Cluster.objects.update(pruned_to=busy.clock())

    with pytest.raises(Pruned):
        list(found)


def test_the_headers_name_the_generation_that_is_sent(busy: World) -> None:
    now: datetime = busy.clock()
    job, parts = stream.begin(
        Wish("allocations", "ndjson"), by=None, scope=EVERYTHING, now=now
    )
    generation = busy.cluster.generation
    churn(busy, 1)

    summary = json.loads(b"".join(parts).splitlines()[-1])["summary"]

    assert job.clusters["prod"]["generation"] == generation
    assert busy.cluster.generation > generation
    assert summary["rows"] == PODS
    assert summary["clusters"]["prod"]["generation"] == generation
