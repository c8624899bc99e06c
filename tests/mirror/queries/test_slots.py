from ipamweb.mirror.models import Block, Node
from ipamweb.mirror.queries import slots
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.slots import NodeSlots, Slots
from ipamweb.mirror.scope import EVERYTHING
from tests.cast import at


def found(prod: ClusterRow, pool_id: int | None = None) -> NodeSlots:
    return slots.of_cluster(prod, scope=EVERYTHING, pool_id=pool_id)


def test_a_pool_has_the_slots_of_the_nodes_with_a_block_of_it(prod):
    assert found(prod).by_pool == {1: Slots(19, 40, 3), 2: Slots(19, 40, 3)}


def test_a_node_with_two_blocks_of_a_pool_counts_once(prod):
    Block.objects.filter(pk=4).update(pool_id=1)

    assert found(prod).by_pool == {1: Slots(19, 40, 3), 2: Slots(6, 27, 2)}


def test_a_block_that_ended_counts_no_node(prod):
    Block.objects.filter(pk=1).update(valid_to=at("13:00:00"))

    assert found(prod).by_pool[1] == Slots(6, 27, 2)


def test_the_nodes_of_one_pool_can_be_asked_for(prod):
    Block.objects.filter(pk=1).update(pool_id=2)

    assert found(prod, pool_id=1).of_nodes == ((0, 14, 1), (6, 13, 1))


def test_nodes_are_in_the_order_of_the_share_used(prod):
    assert found(prod).of_nodes == ((0, 14, 1), (6, 13, 1), (13, 13, 1))


def test_a_node_without_a_block_is_one_of_the_nodes(prod):
    Block.objects.filter(node_id=3).delete()

    assert found(prod).of_nodes == ((0, 14, 1), (6, 13, 1), (13, 13, 1))


def test_a_gone_node_counts_nowhere(prod):
    Node.objects.filter(pk=1).update(gone_at=at("13:00:00"))

    assert found(prod).by_pool[1] == Slots(6, 27, 2)
    assert found(prod).of_nodes == ((0, 14, 1), (6, 13, 1))


def test_nodes_are_spread_over_tenths_of_their_slots():
    nodes = NodeSlots(
        {}, ((0, 10, 2), (0, 0, 1), (1, 10, 1), (46, 100, 1), (10, 10, 1))
    )

    assert nodes.spread() == (3, 1, 0, 0, 1, 0, 0, 0, 0, 1)


def test_a_node_with_more_pods_than_slots_is_in_the_last_tenth():
    assert NodeSlots({}, ((112, 110, 1),)).spread()[-1] == 1


def test_half_of_the_nodes_use_no_more_than_the_middle_one():
    nodes = NodeSlots({}, ((0, 10, 1), (3, 10, 1), (5, 10, 1), (10, 10, 1)))

    assert (nodes.at_share(0.5), nodes.at_share(0.95)) == ((5, 10), (10, 10))
    assert nodes.at_share(1.0) == (10, 10)


def test_nodes_that_are_alike_are_counted_together(prod):
    Node.objects.filter(pk=3).update(slots_used=6, slots_total=13)

    assert found(prod).of_nodes == ((6, 13, 2), (13, 13, 1))
    assert found(prod).at_share(0.5) == (6, 13)
