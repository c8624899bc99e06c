"""The definitions, REST and pages say the same of each table."""

import pytest
from django.http import QueryDict

from ipamweb.api import parameters
from ipamweb.api.views.saved_views import LISTS
from ipamweb.mirror.queries.allocation_filters import NAMES_AN_OWNER
from ipamweb.tables.definitions import ALLOCATIONS, TABLES

# A value that is accepted, by the name of a filter.
EXAMPLES = {
    "family": "4", "within": "10.0.0.0/24", "address": "10.0.0.1", "older_than": "7d",
    "since": "2026-11-22T14:00:00Z", "until": "2026-11-22T15:00:00Z",
    "host_network": "true",
}  # fmt: skip
# Of no part of a view.
OF_REST = {"at", "vs", "view", "limit", "cursor", "fields", "format", "ordering"}

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@every_table
def test_every_column_is_told_by_fields_that_rest_has(table):
    fields = set(LISTS[table.name].serializer_class().fields)

    assert {name for each in table.columns for name in each.fields} <= fields


@every_table
def test_every_filter_of_rest_can_be_kept_and_no_other(table):
    of_rest = {each.name for each in LISTS[table.name]().known_parameters()}

    assert {each.name for each in table.filters} == of_rest - OF_REST


@every_table
def test_rest_reads_what_is_kept(table):
    query = QueryDict(mutable=True)
    for each in table.filters:
        words = [*each.accepted, "web"] if " " not in "".join(each.accepted) else []
        query[each.name] = EXAMPLES.get(each.name) or words[0]
    if table.orders:
        query["ordering"] = table.orders[-1]

    assert parameters.read_all(query, LISTS[table.name]().known_parameters())


@every_table
def test_each_column_has_a_name_of_its_own_and_some_are_usual(table):
    names = [each.name for each in table.columns]

    assert len(set(names)) == len(names)
    assert 2 <= len(table.usual) <= len(names)
    assert all("," not in name and name for name in names)


@every_table
def test_what_a_header_sorts_by_is_an_order(table):
    fields = {each.sort for each in table.columns if each.sort}

    assert fields | {f"-{field}" for field in fields} <= set(table.orders)


def test_whatever_finds_an_owner_inside_the_scope_only_is_known_to_name_one():
    """A kind of workload, Deployment, names nobody."""
    naming = {each.name for each in ALLOCATIONS.filters if each.names_owner}

    assert naming == {*NAMES_AN_OWNER, "q"} - {"namespace_uid", "workload_kind"}


def test_a_namespace_names_an_owner_wherever_it_is_asked_for():
    naming = {
        table.name: each.names_owner
        for table in TABLES.values()
        for each in table.filters
        if each.name == "namespace"
    }

    assert naming == {"allocations": True, "pods": True, "findings": True}
