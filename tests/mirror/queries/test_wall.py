import pytest

from ipamweb.mirror.models import Cluster, Node, Pod, SyncRun
from ipamweb.mirror.queries import wall
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import ALL, NodeFilter
from ipamweb.mirror.queries.wall import Shown, WallNode
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import at
from tests.mirror.queries.conftest import named


def asked(
    prod: ClusterRow,
    fill: str = "slots",
    group: str = "none",
    wanted: NodeFilter = ALL,
) -> tuple[WallNode, ...]:
    return wall.of_cluster(
        prod,
        scope=EVERYTHING,
        wanted=wanted,
        shown=Shown(group=group, fill=fill),
        now=cast.NOW,
    )


def test_each_present_node_stands_once_with_its_slots(prod: ClusterRow) -> None:
    Node.objects.filter(pk=3).update(gone_at=at("13:00:00"))

    assert asked(prod) == (
        WallNode(1, "worker-a", "", 13, 13),
        WallNode(2, "worker-b", "", 6, 13),
    )


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("zone", ["eu-a", "eu-b", "eu-b"]),
        ("node_pool", ["general", "general", "general"]),
        ("instance_type", ["", "", ""]),
        ("pool", ["cilium-cluster-pool-v4, cilium-cluster-pool-v6"] * 3),
        ("none", ["", "", ""]),
    ],
)
def test_nodes_are_told_their_group(
    prod: ClusterRow, group: str, expected: list[str]
) -> None:
    Node.objects.update(node_pool="general", instance_type="")

    assert [each.group for each in asked(prod, group=group)] == expected


def test_addresses_are_held_of_the_capacity_of_ipv4(prod: ClusterRow) -> None:
    found = asked(prod, "addresses")

    assert [(each.value, each.whole) for each in found] == [(14, 14), (7, 14), (0, 14)]


def test_a_node_without_a_block_has_no_addresses(
    people: cast.Cast, prod: ClusterRow
) -> None:
    people.worker_c.blocks.update(valid_to=at("13:00:00"))

    assert asked(prod, "addresses")[2].whole is None


def changed_at(clock: str) -> ClusterRow:
    """Let generation 8, of a poll at a time, take two addresses and release one."""
    Cluster.objects.filter(pk=1).update(generation=8)
    SyncRun.objects.create(
        cluster_id=1,
        kind="changes",
        outcome="ok",
        started_at=at(clock),
        ended_at=at(clock),
        opened=2,
        closed=1,
        generation=8,
    )
    new = {"opened_generation": 8}
    cast.allocation(900, "10.0.0.41", owner_key="x", changed_generation=8, **new).save()
    cast.past(
        901,
        "10.0.0.20",
        [clock] * 4,
        owner=Pod.objects.get(pk=401),
        closed_generation=8,
        **new,
    )
    return named("prod-eu")


def test_what_began_and_ended_within_an_hour_is_churn(prod: ClusterRow) -> None:
    now = changed_at("13:30:00")

    assert [each.value for each in asked(now, "churn")] == [2, 1, 0]


def test_what_is_older_than_an_hour_is_no_churn(prod: ClusterRow) -> None:
    now = changed_at("12:50:00")

    assert [each.value for each in asked(now, "churn")] == [0, 0, 0]


def test_the_age_is_that_of_the_oldest_pod_that_is_there(prod: ClusterRow) -> None:
    Pod.objects.filter(pk=401).update(created_at=at("10:00:05"))

    ages = [each.value for each in asked(prod, "age")]

    # Ten seconds past 12:29:56, and four hours.
    assert ages == [4 * 3600, 5409, None]


def test_the_wall_is_filtered_as_the_list_is(prod: ClusterRow) -> None:
    found = asked(prod, wanted=NodeFilter(zone="eu-b", q="er-c"))

    assert [each.name for each in found] == ["worker-c"]
