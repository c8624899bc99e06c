from dataclasses import astuple

import pytest

from ipamweb.mirror.models import Pod
from ipamweb.mirror.queries import namespace_use, namespaces
from ipamweb.mirror.queries.namespace_use import NodeUse
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests.cast import uid


@pytest.fixture
def shop(prod):
    return namespaces.one("shop", cluster=prod, scope=EVERYTHING)


def test_workloads_stand_by_size_with_their_pods(prod, shop):
    Pod.objects.filter(name__startswith="cart").update(
        workload_kind="StatefulSet", workload_name="cart"
    )

    found = namespace_use.by_workload(shop, cluster=prod, most=9, scope=EVERYTHING)

    assert [astuple(each) for each in found] == [
        ("StatefulSet", "cart", 3, 6),
        ("", "", 1, 2),
    ]


def test_no_more_workloads_than_asked_for(prod, shop):
    Pod.objects.filter(name="cart-0").update(workload_name="cart")

    found = namespace_use.by_workload(shop, cluster=prod, most=1, scope=EVERYTHING)

    assert [each.name for each in found] == [""]


def test_nodes_stand_by_size(prod, shop):
    found = namespace_use.by_node(shop, cluster=prod, scope=EVERYTHING)

    assert [astuple(each) for each in found] == [("worker-b", 8)]


def test_the_newest_are_held_and_ended_ones(prod):
    batch = namespaces.one("batch", cluster=prod, scope=EVERYTHING)

    found = namespace_use.newest(batch, cluster=prod, most=3, scope=EVERYTHING)

    assert [(row.id, row.pod, row.state) for row in found] == [
        (62, "done-1", "ended"),
        (61, "old-1", "ended"),
        (52, "job-2", "held"),
    ]


def test_nothing_is_counted_outside_the_scope(prod, shop):
    asked = {"cluster": prod, "scope": Scope()}

    assert namespace_use.by_workload(shop, most=9, **asked) == ()
    assert namespace_use.by_node(shop, **asked) == ()
    assert namespace_use.newest(shop, most=9, **asked) == ()


def test_what_several_namespaces_hold_is_counted_by_cluster_and_node(
    prod, django_assert_num_queries
):
    both = Scope(namespaces=frozenset({(1, uid(101)), (1, uid(102)), (2, uid(101))}))

    with django_assert_num_queries(1):
        found = namespace_use.by_node_anywhere(scope=both)

    assert found == {1: (NodeUse("worker-a", 24), NodeUse("worker-b", 8))}
    assert namespace_use.by_node_anywhere(scope=Scope()) == {}
