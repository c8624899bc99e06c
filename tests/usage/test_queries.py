"""What pages and REST learn of the samples."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ipamweb.mirror.models import Namespace, Node
from ipamweb.mirror.queries import clusters, namespaces
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.scope import EVERYTHING, Scope
from ipamweb.usage import queries
from ipamweb.usage.courses import Peak
from ipamweb.usage.models import UsageSample
from ipamweb.usage.queries import SampleFilter, SampleRow
from tests import cast, cast_usage
from tests.cast import at, uid
from tests.usage.conftest import take_at

pytestmark = pytest.mark.usefixtures("everybody")
SHOP_ONLY = Scope(namespaces=frozenset({(1, uid(102))}))


def prod() -> ClusterRow:
    found = clusters.one("prod-eu", scope=EVERYTHING, now=cast.NOW)
    assert found
    return found


def listed(seen_by: Scope = EVERYTHING, **wanted: object) -> list[SampleRow]:
    window = Window(limit=100)
    return list(
        queries.listed(
            [prod()], scope=seen_by, wanted=SampleFilter(**wanted), window=window
        ).rows
    )


def test_each_thing_is_told_by_its_public_id_and_name():
    take_at("14:00:05")

    assert {(row.scope, row.scope_id, row.name) for row in listed(family=4)} == {
        ("pool", "cilium-cluster-pool-v4", "cilium-cluster-pool-v4"),
        *(("node", uid(200 + n), f"worker-{name}") for n, name in enumerate("abc", 1)),
        ("namespace", uid(101), "default"),
        ("namespace", uid(102), "shop"),
        ("namespace", uid(103), "batch"),
        ("namespace", uid(104), "kube-system"),
    }


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 16),
        ({"scope": "node"}, 6),
        ({"scope": "pool"}, 2),
        ({"scope": "node", "family": 6}, 3),
        ({"scope_id": uid(202)}, 2),
        ({"scope_id": "cilium-cluster-pool-v6"}, 1),
        ({"name": "worker-a"}, 2),
        ({"name": "nobody"}, 0),
        ({"resolution": "1h"}, 0),
        ({"since": at("14:00:00")}, 16),
        ({"until": at("14:00:00")}, 0),
    ],
    ids=str,
)
def test_samples_are_filtered(wanted, count):
    take_at("14:00:05")

    assert len(listed(**wanted)) == count


def test_the_past_of_a_namespace_is_shown_to_whom_it_belongs():
    take_at("14:00:05")

    found = {row.scope_id for row in listed(SHOP_ONLY) if row.scope == "namespace"}
    assert found == {uid(102)}
    assert len(listed(SHOP_ONLY, scope="node")) == 6


def test_the_course_of_a_node_begins_with_its_first_sample():
    take_at("10:00:00")
    Node.objects.filter(pk=2).update(allocated_v4=9)
    take_at("11:30:00")

    usage = queries.of_node(2, cluster=prod(), now=at("12:00:00"), scope=EVERYTHING)[4]

    assert usage.held.start == at("10:00:00")
    # 60 parts of two minutes.
    assert usage.held.values == (7,) * 45 + (9,) * 15
    assert usage.peak == Peak(9, at("11:30:00"))


def test_a_value_that_holds_for_months_is_found():
    take_at("10:00:00")
    later = at("10:00:00") + timedelta(days=80)

    usage = queries.of_pool(1, cluster=prod(), now=later, scope=EVERYTHING)[4]

    assert usage.held.start == later - timedelta(days=30)
    assert set(usage.held.values) == {21}
    assert usage.peak == Peak(21, later - timedelta(days=30))


def test_pools_have_a_course_of_slots_and_namespaces_none():
    take_at("13:00:00")
    shop = namespaces.one("shop", cluster=prod(), scope=EVERYTHING)
    ask = {"cluster": prod(), "now": at("14:00:00"), "scope": EVERYTHING}

    assert queries.of_pool(1, **ask)[4].slots.values == (19,) * 60
    assert queries.of_namespace(shop, **ask)[4].slots is None


def test_the_usage_of_a_namespace_of_others_is_not_told():
    take_at("13:00:00")
    batch = namespaces.one("batch", cluster=prod(), scope=EVERYTHING)

    found = queries.of_namespace(
        batch, cluster=prod(), now=at("14:00:00"), scope=SHOP_ONLY
    )

    assert found == {}


def test_without_samples_there_is_nothing_to_draw():
    found = queries.of_pools(prod(), now=cast.NOW, scope=EVERYTHING)

    assert found.by_pool == {}
    assert set(found.churn.hours) == {(None, None)}


def test_a_page_of_samples_costs_the_same_queries_however_many_things_there_are(
    django_assert_num_queries,
):
    take_at("14:00:05")
    cast.more_nodes(27)
    take_at("14:05:00")
    cluster = prod()

    with django_assert_num_queries(4):
        found = queries.listed([cluster], scope=EVERYTHING)

    assert len(found.rows) > 40


def test_the_usage_of_all_pools_is_one_query(django_assert_num_queries):
    take_at("14:00:05")
    cluster = prod()

    with django_assert_num_queries(1):
        found = queries.of_pools(cluster, now=at("14:10:00"), scope=EVERYTHING)

    assert set(found.by_pool) == {1, 2}
    assert found.churn.hours[-1] == (0, 0)


def test_what_came_after_the_instant_is_neither_peak_nor_course():
    for clock, held in [("10:00:00", 7), ("11:30:00", 9), ("13:00:00", 14)]:
        Node.objects.filter(pk=2).update(allocated_v4=held)
        take_at(clock)

    usage = queries.of_node(2, cluster=prod(), now=at("12:00:00"), scope=EVERYTHING)[4]

    assert usage.peak == Peak(9, at("11:30:00"))
    assert max(usage.held.seen) == 9


def test_an_hour_that_ends_after_the_instant_gives_no_peak():
    take_at("10:00:00")
    series = UsageSample.objects.filter(series__scope="node", series__subject_id=2)
    for clock, most in [("10:00:00", 9), ("11:00:00", 14)]:
        UsageSample.objects.update_or_create(
            series=series.get(at=at("10:00:00"), series__family=4).series,
            at=at(clock),
            defaults={
                "resolution": 60,
                "allocated": 8,
                "allocated_min": 7,
                "allocated_max": most,
            },
        )

    def peak(clock: str) -> Peak | None:
        found = queries.of_node(2, cluster=prod(), now=at(clock), scope=EVERYTHING)
        return found[4].peak

    assert peak("11:30:00") == Peak(9, at("10:00:00"))
    assert peak("12:00:00") == Peak(14, at("11:00:00"))


def test_the_peak_of_a_namespace_does_not_come_from_later():
    (shop,) = namespaces.listed(prod(), scope=EVERYTHING, q="shop").rows
    then = replace(shop, allocated=((4, 1),))
    Namespace.objects.filter(pk=shop.id).update(allocated_v4=2)
    take_at("10:00:00")
    Namespace.objects.filter(pk=shop.id).update(allocated_v4=50)
    take_at("13:00:00")

    peaks = queries.peaks_of_namespaces(
        [then], cluster=prod(), now=at("12:00:00"), scope=EVERYTHING
    )

    assert peaks == {shop.id: {4: 2, 6: shop.allocated[1][1]}}


def test_namespaces_have_one_course_together(django_assert_num_queries):
    cast_usage.insert()
    scope = Scope(namespaces=frozenset({(1, uid(101)), (1, uid(102)), (2, uid(101))}))

    of = [prod()]

    with django_assert_num_queries(2):
        found = queries.of_namespaces(of, now=cast.NOW, scope=scope)

    assert list(found) == [4, 6]
    assert set(found[4].values) == {16, None}
    assert found[4].values[-1] == 16
    assert queries.of_namespaces([prod()], now=cast.NOW, scope=Scope()) == {}
