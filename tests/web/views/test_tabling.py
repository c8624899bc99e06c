"""What holds for every table whose columns can be chosen."""

import re

import pytest

from ipamweb.access.models import SavedView, User
from ipamweb.findings.models import Finding
from ipamweb.tables.definitions import TABLES
from ipamweb.usage import samples
from ipamweb.web.pages import (
    allocations,
    finding_cells,
    namespace_cells,
    node_cells,
    pool_cells,
)
from tests import cast
from tests.web.reading import links, parsed, text

PATHS = {
    "allocations": "/clusters/prod-eu/allocations/",
    "nodes": "/clusters/prod-eu/nodes/",
    "namespaces": "/clusters/prod-eu/ns/",
    "pools": "/clusters/prod-eu/pools/",
    "findings": "/findings/?state=all",
}
CELLS = {
    "allocations": allocations.table_cells("prod-eu"),
    "nodes": node_cells.table_cells(is_past=False),
    "namespaces": namespace_cells.table_cells("prod-eu"),
    "pools": pool_cells.table_cells(),
    "findings": finding_cells.table_cells(),
}
AT = "at=2026-11-22T13:45:00Z"

every_table = pytest.mark.parametrize("name", PATHS)


def asked(reader, name, query):
    sign = "&" if "?" in PATHS[name] else "?"
    return reader.get(f"{PATHS[name]}{sign}{query}")


def headers(response):
    page = response.content.decode()
    heads = page[page.rindex("<thead>") : page.rindex("</thead>")]
    return re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]*?)\s*<', heads)


def test_every_table_with_a_page_stands_here():
    assert set(PATHS) == {name for name, table in TABLES.items() if table.route}


@every_table
def test_every_column_has_its_cell(name):
    columns = {each.name for each in TABLES[name].columns}

    # A node has a cell more, for what the wall is filled by.
    assert set(CELLS[name]) - {"measured"} == columns


@every_table
def test_every_column_can_be_shown_in_any_order(everybody, reader, name):
    samples.take(now=cast.NOW)
    columns = TABLES[name].columns[::-1]
    names = ",".join(each.name for each in columns)

    response = asked(reader, name, f"columns={names}")

    words = [each.words for each in columns]
    shown = headers(response)
    assert [each for each in shown if each in words] == [
        each for each in words if each in shown
    ]
    # The one over time is named by its span.
    assert len(shown) == len(columns)


@every_table
def test_a_row_has_a_header_where_cells_stand_behind_it(everybody, reader, name):
    table = TABLES[name]
    (own,) = [each.name for each in table.columns if each.names_row]
    other = next(each.name for each in table.columns if not each.names_row)

    for columns, expected in ((f"{own},{other}", 1), (f"{other},{own}", 0)):
        words = parsed(asked(reader, name, f"columns={columns}"))
        scopes = [v for tag, n, v in words.attributes if (tag, n) == ("th", "scope")]
        rows = words.tags.count("tr") - 1
        assert rows
        assert scopes.count("row") == rows * expected


@every_table
def test_no_column_that_is_not_in_the_list_is_shown(everybody, reader, name):
    for columns in ("password", "owner__password", "name;drop", "*"):
        assert asked(reader, name, f"columns={columns}").status_code == 400


@every_table
def test_the_past_leaves_out_what_nobody_kept(everybody, reader, name):
    names = ",".join(each.name for each in TABLES[name].columns)

    response = asked(reader, name, f"{AT}&columns={names}")

    assert response.status_code == 200
    assert not {each.words for each in TABLES[name].columns if each.when == "now"} & (
        set(headers(response))
    )
    assert 'aria-sort="' not in response.content.decode()


@every_table
def test_the_twin_answers_with_the_same_rows(everybody, reader, name):
    first = next(each.name for each in TABLES[name].columns if each.names_row)
    page = asked(reader, name, f"columns={first}")
    rest = reader.get(page["Link"].partition(">")[0].removeprefix("<"))

    words = parsed(page)
    assert rest.status_code == 200
    assert len(rest.json()["results"]) == words.tags.count("tr") - 1


@every_table
def test_a_view_is_saved_from_the_page_and_opened_by_its_name(everybody, reader, name):
    first = next(each.name for each in TABLES[name].columns if each.names_row)
    page = asked(reader, name, f"columns={first}")
    form = dict(re.findall(r'name="(table|back|content\.\w+)" value="([^"]*)"',
                           page.content.decode()))  # fmt: skip

    saved = reader.post("/account/views/", {**form, "act": "create", "name": "mine"})

    opened = reader.get(saved["Location"])
    assert headers(opened) == headers(page)
    assert parsed(opened).tags.count("tr") == parsed(page).tags.count("tr")


def test_numbers_stand_at_the_right_and_sort_largest_first(everybody, reader):
    response = asked(reader, "nodes", "columns=slots_free,name&sort=slots_free")

    page = response.content.decode()
    assert '<th scope="col" class="number" aria-sort="ascending">' in page
    assert page.count('<td class="number">') == 3
    assert f"{PATHS['nodes']}?columns=slots_free%2Cname&sort=-slots_free" in (
        links(response)
    )


def test_a_view_of_nodes_says_that_the_wall_is_no_part_of_it(everybody, reader):
    page = text(asked(reader, "nodes", "zone=eu-b&fill=churn&band=1-&sort=-name"))

    assert "It holds zone=eu-b, sort=-name." in page
    assert "No part of it: band, fill." in page


def test_what_the_wall_is_filled_by_is_a_column_more(everybody, reader):
    assert headers(asked(reader, "nodes", "fill=churn"))[-2:] == [
        "Changes in 1 h", "Blocks",
    ]  # fmt: skip
    assert headers(asked(reader, "nodes", "fill=churn&columns=name")) == [
        "Node", "Changes in 1 h",
    ]  # fmt: skip


def test_a_view_of_open_findings_is_of_open_ones_in_rest_too(everybody, reader):
    Finding.objects.filter(pk=1).update(state="resolved", resolved_at=cast.NOW)
    page = reader.get("/findings/")
    form = dict(re.findall(r'name="(content\.\w+)" value="([^"]*)"',
                           page.content.decode()))  # fmt: skip
    form |= {"act": "create", "table": "findings", "name": "open"}

    reader.post("/account/views/", form)

    assert SavedView.objects.get().query == {"state": "open"}
    rows = reader.get("/api/v1/findings/?view=open").json()["results"]
    assert {row["state"] for row in rows} <= {"open"}


def test_a_stored_query_that_nobody_checked_reaches_no_table(everybody, reader):
    """As if it had been written into the database behind our back."""
    SavedView.objects.create(
        owner=User.objects.get(username="ada"),
        table="nodes",
        name="bad",
        query={"name__startswith": "worker-a", "zone": "eu-b"},
        sort="pods__name",
        changed_at=cast.NOW,
    )

    response = asked(reader, "nodes", "view=bad")

    assert response.status_code == 400
    assert "sort: 'pods__name' is not accepted" in text(response)


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "Columns 10 of 14"), (AT, "Columns 9 of 14"), ("columns=name", "1 of 14")],
)
def test_the_form_says_how_many_columns_are_shown(everybody, reader, query, words):
    assert words in text(asked(reader, "nodes", query))
