"""The text of `status`."""

import pytest

from ipamweb.mirror.models import Block, Cluster
from ipamweb.mirror.queries import status
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast_places import uid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def prod() -> Cluster:
    return cast.insert().prod


def test_a_node_reads_as_cilium_says_it_sorted_as_text():
    assert status.lines(1, node="worker-b", scope=EVERYTHING) == [
        "IPv4: 7/14 allocated from 10.0.0.32/28,"
        " IPv6: 6/14 allocated from fd00::20/124",
        "Allocated addresses:",
        "  10.0.0.33 (router)",
        "  10.0.0.34 (health)",
        "  10.0.0.35 (shop/cart-0)",
        "  10.0.0.36 (shop/cart-1)",
        "  10.0.0.37 (shop/pay-1)",
        "  10.0.0.38 (shop/cart-2)",
        "  10.0.0.39 (batch/job-1)",
        "  10.0.0.39 (batch/job-2)",
        "  fd00::21 (router)",
        "  fd00::22 (health)",
        "  fd00::23 (shop/cart-0)",
        "  fd00::24 (shop/cart-1)",
        "  fd00::25 (shop/pay-1)",
        "  fd00::26 (shop/cart-2)",
    ]


def test_several_nodes_stand_each_under_its_name():
    lines = status.lines(1, node="", scope=EVERYTHING)

    assert [line for line in lines if line.startswith("worker")] == [
        "worker-a:",
        "worker-b:",
        "worker-c:",
    ]


def test_an_owner_outside_the_scope_is_not_named():
    only_batch = Scope(namespaces=frozenset({(1, uid(103))}))

    lines = status.lines(1, node="worker-b", scope=only_batch)

    assert "  10.0.0.35 (held)" in lines
    assert "  10.0.0.39 (batch/job-1)" in lines


def test_a_node_without_a_block_says_so():
    Block.objects.filter(node_name="worker-c").delete()

    lines = status.lines(1, node="worker-c", scope=EVERYTHING)

    assert lines == ["no block of addresses"]


def test_a_node_that_is_not_there_is_a_callers_mistake():
    with pytest.raises(ValueError, match="no node 'worker-z' now"):
        status.lines(1, node="worker-z", scope=EVERYTHING)


def test_more_nodes_need_no_more_queries(django_assert_num_queries):
    cast.more_nodes(30)

    with django_assert_num_queries(3):
        status.lines(1, node="", scope=EVERYTHING)
