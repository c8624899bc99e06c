import pytest

from ipamweb.tables import table as tables
from ipamweb.tables.definitions import ALLOCATIONS, FINDINGS, NODES, TABLES
from ipamweb.tables.table import NotOfTable

LOOKUPS = (
    "q__startswith", "node__name", "pk", "id__gt", "zone__in", "cluster__slug",
    "password", "owner_key", "__class__",
)  # fmt: skip


@pytest.mark.parametrize("name", LOOKUPS)
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_lookup_of_the_orm_is_no_filter_no_column_and_no_order(table, name):
    for check in (
        lambda: tables.checked_query(table, {name: "x"}),
        lambda: tables.columns_of(table, name),
        lambda: tables.checked_sort(table, name),
    ):
        with pytest.raises(NotOfTable):
            check()


def test_filters_are_kept_in_one_spelling_and_empty_ones_left_out():
    query = {
        "within": "FD00::/104", "address": "::ffff:10.0.0.1", "q": " web ",
        "older_than": "48h", "pool": "", "since": "2026-11-22 14:00:00Z",
    }  # fmt: skip

    assert tables.checked_query(ALLOCATIONS, query) == {
        "address": "10.0.0.1", "older_than": "2d", "q": "web",
        "since": "2026-11-22T14:00:00Z", "within": "fd00::/104",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"kind": "spaceship"}, "kind: 'spaceship' is not accepted. Accepted: pod, "),
        ({"within": "10.0.0.5/24"}, "the CIDR is 10.0.0.0/24"),
        ({"older_than": "soon"}, "older_than: 'soon' is no duration."),
        ({"family": "5"}, "family: '5' is not accepted. Accepted: 4, 6."),
    ],
)
def test_a_value_that_is_not_accepted_is_one_sentence(query, words):
    with pytest.raises(NotOfTable, match=".") as raised:
        tables.checked_query(ALLOCATIONS, query)

    assert words in str(raised.value)
    assert raised.value.parameter == next(iter(query))


def test_what_is_left_out_of_findings_is_all_of_them():
    assert tables.checked_query(FINDINGS, {}) == {"state": "all"}
    assert tables.checked_query(FINDINGS, {"state": "open"}) == {"state": "open"}


def test_columns_stand_in_the_order_they_are_asked_in_each_once():
    found = tables.columns_of(NODES, "blocks, name,blocks")

    assert [each.name for each in found] == ["blocks", "name"]


def test_no_columns_are_the_usual_ones():
    found = tables.columns_of(NODES, "")

    assert "instance_type" not in [each.name for each in found]
    assert [each.name for each in found][:3] == ["name", "zone", "node_pool"]


def test_columns_are_told_by_the_fields_of_rest_that_say_the_same():
    columns = tables.columns_of(NODES, "slots_used,slots,held_v4")

    assert tables.fields_of(columns) == ("slots_used", "slots_total", "families")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"namespace": "shop"}, True),
        ({"q": "cart"}, True),
        ({"node": "worker-a", "kind": "pod", "pool": "general"}, False),
        ({}, False),
    ],
)
def test_a_filter_that_names_an_owner_is_known(query, expected):
    assert tables.names_owners(ALLOCATIONS, query) is expected
