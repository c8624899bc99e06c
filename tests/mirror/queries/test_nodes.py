import pytest

from ipamweb.mirror.models import Node
from ipamweb.mirror.queries import nodes
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import ORDERS, NodeDetail, NodeFilter
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast import FIRST_AS_OF, at, uid
from tests.mirror.queries.conftest import SHOP_ONLY


def one(prod: ClusterRow, name: str, scope: Scope = EVERYTHING) -> NodeDetail:
    found = nodes.one(name, cluster=prod, scope=scope)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "allocated", "free", "slots"),
    [
        ("worker-a", [14, 14], [0, 0], (13, 0, 13)),
        ("worker-b", [7, 6], [7, 8], (6, 7, 13)),
        ("worker-c", [0, 0], [14, 14], (0, 14, 14)),
    ],
)
def test_a_node_sums_its_blocks_by_family(
    prod: ClusterRow,
    name: str,
    allocated: list[int],
    free: list[int],
    slots: tuple[int, int, int],
) -> None:
    node = one(prod, name).node

    assert [each.family for each in node.families] == [4, 6]
    assert [each.allocated for each in node.families] == allocated
    assert [each.free for each in node.families] == free
    assert (node.slots_used, node.slots_free, node.slots_total) == slots


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", ["worker-a", "worker-b", "worker-c"]),
        ("-name", ["worker-c", "worker-b", "worker-a"]),
        ("slots_free", ["worker-a", "worker-b", "worker-c"]),
        ("-slots_free", ["worker-c", "worker-b", "worker-a"]),
        ("-slots_used", ["worker-a", "worker-b", "worker-c"]),
        ("allocated_v6", ["worker-c", "worker-b", "worker-a"]),
    ],
)
def test_nodes_are_listed_in_the_order_asked_for(
    prod: ClusterRow, order: str, names: list[str]
) -> None:
    found = nodes.listed(prod, scope=EVERYTHING, order=ORDERS[order])

    assert [node.name for node in found.rows] == names


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (NodeFilter(q="R-B"), ["worker-b"]),
        (NodeFilter(q="%"), []),
        (NodeFilter(zone="eu-b"), ["worker-b", "worker-c"]),
        (NodeFilter(zone="eu-b", q="c"), ["worker-c"]),
        (NodeFilter(node_pool="general"), ["worker-a", "worker-b", "worker-c"]),
        (NodeFilter(node_pool="spot"), []),
    ],
)
def test_nodes_are_filtered(
    prod: ClusterRow, wanted: NodeFilter, names: list[str]
) -> None:
    found = nodes.listed(prod, scope=EVERYTHING, wanted=wanted)

    assert [node.name for node in found.rows] == names


def test_a_node_shows_what_lies_in_its_blocks_and_what_it_holds_itself(
    prod: ClusterRow,
) -> None:
    held = one(prod, "worker-b").allocations

    kinds = [row.kind for row in held]
    # Both owners of 10.0.0.39 are shown, one of them counts.
    assert (kinds.count("pod"), kinds.count("router"), kinds.count("node")) == (
        10,
        2,
        1,
    )
    assert sum(row.counted for row in held if row.family == 4 and row.block) == 7


def test_a_node_shows_its_pods_with_and_without_an_address(prod: ClusterRow) -> None:
    pods = one(prod, "worker-a").pods

    assert len(pods) == 13
    assert (pods[-1].name, pods[-1].host_network, pods[-1].addresses) == (
        "proxy-a", True, (),
    )  # fmt: skip


def test_a_node_outside_the_scope_shows_occupancy_and_no_names(
    prod: ClusterRow,
) -> None:
    detail = one(prod, "worker-b", SHOP_ONLY)

    hidden = [row for row in detail.allocations if row.owner_hidden]
    assert (len(detail.allocations), len(hidden)) == (15, 2)
    assert {(row.namespace, row.pod, row.uid, row.owner_key) for row in hidden} == {
        ("", "", "", "")
    }
    assert {pod.namespace for pod in detail.pods} == {"shop"}


def test_a_node_that_is_gone_is_still_found(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Node.objects.filter(name="worker-c").update(gone_at=at("13:00:00"))

    assert one(prod, "worker-c").node.gone_at == at("13:00:00")
    assert len(nodes.listed(prod, scope=EVERYTHING).rows) == 2


def test_of_nodes_of_one_name_the_present_one_is_found(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Node.objects.create(
        cluster=people.prod,
        uid=uid(299),
        name="worker-c",
        first_seen=FIRST_AS_OF,
        gone_at=at("12:30:00"),
    )

    assert one(prod, "worker-c").node.uid == uid(203)


def test_there_is_no_node_of_another_name(prod: ClusterRow) -> None:
    assert nodes.one("worker-z", cluster=prod, scope=EVERYTHING) is None


def test_zones_and_node_pools_are_those_of_the_present_nodes(prod: ClusterRow) -> None:
    found = nodes.kinds(prod, scope=EVERYTHING)

    assert (found.zones, found.node_pools) == (("eu-a", "eu-b"), ("general",))
