"""Rows and columns come as they are stored, on both databases."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext

from ipamweb.mirror import stored
from ipamweb.mirror.models import Block, Cluster, Node

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC)
HARD = "a\\b\t\"c\"\n'd'\r %s {e} \\."


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.objects.create(slug="lab", name="lab")


def make_node(cluster: Cluster, name: str) -> Node:
    return Node.objects.create(cluster=cluster, name=name, uid=name, first_seen=NOON)


def make_block(cluster: Cluster, first: int, *, node: Node | None = None) -> Block:
    return Block.objects.create(
        cluster=cluster, family=4, first=first, last=first + 4, node=node, system="x",
        capacity_rule="assumed", object_uid=str(first), from_earliest=NOON,
        valid_from=NOON,
    )  # fmt: skip


def test_rows_are_selected_among_texts_numbers_and_addresses(cluster):
    node = make_node(cluster, HARD)
    make_block(cluster, 5, node=node)
    first = (5).to_bytes(16, "big")

    by_text = stored.select(Node, ("id",), where="name IN {among}", among=[HARD, "no"])
    by_key = stored.select(Node, ("name",), where="id IN {among}", among=[node.pk])
    by_address = stored.select(
        Block, ("node_id",), where="family = %s AND first IN {among}", values=[4],
        among=[first],
    )  # fmt: skip

    assert (by_text, by_key, by_address) == ([(node.pk,)], [(HARD,)], [(node.pk,)])


def test_rows_are_selected_among_pairs_of_texts(cluster):
    for zone, name in [("a", HARD), ("a", "x"), ("b", HARD), ("b", "x")]:
        Node.objects.filter(pk=make_node(cluster, name + zone).pk).update(
            zone=zone, name=name
        )

    def found(pairs):
        lines = stored.select_pairs(
            Node, ("zone", "name"), where="cluster_id = %s",
            among=stored.Pairs(("zone", "name"), pairs), values=[cluster.pk],
        )  # fmt: skip
        return sorted(lines)

    assert found([("a", HARD), ("b", "x"), ("c", "x")]) == [("a", HARD), ("b", "x")]
    assert found([]) == []


BLOCKS = ("first", "id", "node", "network", "valid_from")


def blocks_in_columns() -> list[list[str]]:
    asked = ("first", "id", "node_id", "network", Cast("valid_from", TextField()))
    query = Block.objects.order_by("first", "id").values_list(*asked)
    found = stored.columns(query, BLOCKS, order=("first", "id"))
    return [list(column) for column in found]


def test_columns_are_texts_in_the_order_of_the_query(cluster):
    node = make_node(cluster, "worker-1")
    later, sooner = make_block(cluster, 0x20), make_block(cluster, 0x10, node=node)

    first, ids, nodes, networks, times = blocks_in_columns()

    assert first == ["0" * 30 + "10", "0" * 30 + "20"]
    assert ids == [str(sooner.pk), str(later.pk)]
    assert nodes == [str(node.pk), ""]
    assert networks == ["", ""]
    assert {time.removesuffix("+00") for time in times} == {
        "2026-11-22 12:00:00.123456"
    }


def test_columns_of_nothing_are_empty(cluster):
    assert blocks_in_columns() == [[]] * len(BLOCKS)
    none = Block.objects.none().values_list("id")
    assert stored.columns(none, ("id",), order=("id",)) == [[]]


@pytest.mark.parametrize("name", [HARD, "a\x1fb", "\x1f", "ä\u2028%"])
def test_a_text_is_told_whole_whatever_is_in_it(cluster, name):
    make_node(cluster, name)
    make_node(cluster, "other")
    query = Node.objects.order_by("id").values_list("id", "name")

    _, names = stored.columns(query, ("id", "name"), order=("id",))

    assert list(names) == [name, "other"]


def test_a_statement_can_be_asked_again(cluster):
    names = stored.Statement(Node.objects.order_by("id").values_list("name"))
    make_node(cluster, "one")
    before = names.lines()
    make_node(cluster, "other")

    with CaptureQueriesContext(connection) as queries:
        after = names.lines()

    assert (before, after) == ([("one",)], [("one",), ("other",)])
    assert len(queries) == 1
    assert stored.Statement(Node.objects.none().values_list("name")).lines() == []
