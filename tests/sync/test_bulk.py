"""Rows in bulk come back as they were given, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ipamweb.mirror.models import Cluster, Node
from ipamweb.sync import bulk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, 0, 250, tzinfo=UTC)
HARD = "a\\b\t\"c\"\n'd'\r %s {e} \\."


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.objects.create(slug="lab", name="lab")


def insert_node(cluster: Cluster, name: str, **columns: object) -> Node:
    values = {
        "cluster_id": cluster.pk, "uid": name, "name": name, "first_seen": NOON,
        "zone": "", "node_pool": "", "instance_type": "", "resource_version": "",
        "allocated_v4": 0, "allocated_v6": 0, "allocated_by_kind": {}, "pod_count": 0,
        "slots_used": 0, "slots_free": 0, "slots_total": 0, **columns,
    }  # fmt: skip
    bulk.insert(Node, list(values), [tuple(values.values())])
    return Node.objects.get(name=name)


def test_texts_documents_and_moments_come_back_as_they_were_written(cluster):
    east = timezone(timedelta(hours=9))
    node = insert_node(
        cluster,
        HARD,
        allocated_by_kind={"4": {HARD: 1}},
        created_at=datetime(2026, 11, 22, 21, tzinfo=east),
    )

    assert (node.first_seen, node.max_pods, node.ready) == (NOON, None, None)
    assert node.created_at == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert node.allocated_by_kind == {"4": {HARD: 1}}


def test_an_update_writes_every_kind_of_value_and_only_the_rows_named(cluster):
    one, other = insert_node(cluster, "one"), insert_node(cluster, "other")
    columns = ("zone", "ready", "max_pods", "gone_at", "allocated_by_kind")

    bulk.update(Node, columns, [(HARD, True, None, NOON, {HARD: 2}, one.pk)])

    one.refresh_from_db()
    assert [getattr(one, column) for column in columns] == [
        HARD, True, None, NOON, {HARD: 2},
    ]  # fmt: skip
    assert Node.objects.get(pk=other.pk).zone == ""


def test_adding_changes_counters_by_differences(cluster):
    one, other = insert_node(cluster, "one"), insert_node(cluster, "other")

    bulk.add(Node, ("pod_count", "slots_used"), [(3, 2, one.pk), (-1, 0, other.pk)])
    bulk.add(Node, ("pod_count", "slots_used"), [(4, 1, one.pk)])

    found = Node.objects.order_by("pk").values_list("pod_count", "slots_used")
    assert list(found) == [(7, 3), (-1, 0)]
