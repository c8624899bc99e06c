import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ipamweb.mirror.models import Node
from ipamweb.mirror.queries.wall import FILLS, GROUPS
from tests import cast
from tests.web.reading import links, parsed, text
from tests.web.views.test_nodes import NODES, names

WALL = "/clusters/prod-eu/wall"


def cells(response):
    """Return how many cells the wide drawing of each group has."""
    found = []
    for drawing in re.findall(
        r'<svg class="wall-cells wall-wide".*?</svg>', response.content.decode(), re.S
    ):
        runs = re.findall(
            r'class="(?:level-\d|nothing)" x="\d+" y="\d+" width="(\d+)" '
            r'height="(\d+)"',
            drawing,
        )
        found.append(sum(int(width) * int(height) for width, height in runs))
    return found


def on_wall(reader, query):
    return [row[0] for row in reader.get(WALL, query).json()["nodes"]]


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("fill", FILLS)
def test_v3_the_groups_sum_up_to_the_nodes(everybody, reader, group, fill):
    cast.more_nodes(27)
    page = reader.get(NODES, {"group": group, "fill": fill})

    assert sum(cells(page)) == 30


def test_v3_a_band_filters_wall_table_and_address_alike(everybody, reader):
    query = {"band": "40-100"}
    page = reader.get(NODES, query)

    assert names(page) == ["worker-a", "worker-b"]
    assert on_wall(reader, query) == ["worker-a", "worker-b"]
    assert cells(page) == [1, 1]
    assert "2 of 3 nodes lie between 40 and 100 %." in text(page)
    assert ("input", "value", "40") in parsed(page).attributes


def test_a_band_that_was_typed_stands_in_the_address(everybody, reader):
    answer = reader.get(NODES, {"from": "85", "to": "100", "zone": "eu-a"})

    assert answer.status_code == 302
    assert answer["Location"] == f"{NODES}?zone=eu-a&band=85-100"


def test_a_form_without_a_band_has_none_in_its_address(everybody, reader):
    answer = reader.get(NODES, {"from": "", "to": "", "q": "x"})

    assert answer["Location"] == f"{NODES}?q=x"


@pytest.mark.parametrize("band", ["x", "5", "90-80", "1-2-3", "-5", "1234567-"])
def test_a_band_that_is_none_is_refused_in_a_sentence(everybody, reader, band):
    answer = reader.get(NODES, {"band": band})

    assert answer.status_code == 400
    assert "it is two whole numbers, the lower one first, as in 85-100" in text(answer)


def test_each_bar_of_the_histogram_leads_to_its_band(everybody, reader):
    found = [link for link in links(reader.get(NODES)) if "band=" in link]

    assert found == [f"{NODES}?band={band}" for band in ("0-10", "40-50", "90-100")]


def test_a_group_leads_to_its_nodes(everybody, reader):
    assert f"{NODES}?group=zone&zone=eu-b" in links(
        reader.get(NODES, {"group": "zone"})
    )


def test_the_sentence_says_how_many_are_full_and_how_the_rest_is(everybody, reader):
    assert (
        "1 of 3 nodes is full (≥ 95 %). Half of the nodes have 46\u202f% of their pod "
        "slots used, or less; 95 in 100 100\u202f% or less."
    ) in text(reader.get(NODES))


def test_what_no_column_says_gets_one(everybody, reader):
    page = text(reader.get(NODES, {"fill": "age", "sort": "name"}))

    assert "Oldest pod Blocks worker-a eu-a general" in page
    assert "14 of 14 14 1 h 10.0.0.16/28" in page


def test_the_names_stand_in_the_order_of_the_wall(everybody, reader):
    assert reader.get(WALL, {"group": "none"}).json() == {
        "nodes": [
            ["worker-a", "13 of 13", 6],
            ["worker-b", "6 of 13", 2],
            ["worker-c", "0 of 14", 0],
        ]
    }


def test_five_thousand_nodes_stay_small(everybody, reader):
    long = "ip-10-{}-{}.eu-central-1.compute.internal"
    Node.objects.bulk_create(
        Node(
            cluster_id=1,
            uid=f"n{place}",
            name=long.format(place // 250, place % 250),
            first_seen=cast.FIRST_AS_OF,
            slots_used=place % 111,
            slots_total=110,
        )
        for place in range(4997)
    )

    page = reader.get(NODES)
    found = reader.get(WALL, headers={"Accept-Encoding": "gzip"})

    assert sum(cells(page)) == 5000
    assert len(page.content) < 200_000
    assert len(found.content) < 100_000


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("path", [NODES, WALL])
def test_b9_the_number_of_queries_does_not_grow(everybody, reader, path, fill):
    query = {"fill": fill, "group": "pool", "band": "0-"}

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(path, query).status_code == 200
        return len(captured)

    before = queries()
    cast.more_nodes(27)

    assert queries() == before <= 12


def test_a_hostile_name_is_data(everybody, reader):
    Node.objects.filter(pk=1).update(name="</script><b>", zone="<b>")

    answer = reader.get(WALL)

    assert answer["Content-Type"] == "application/json"
    assert ["</script><b>", "13 of 13", 6] in json.loads(answer.content)["nodes"]


def test_v3_of_many_groups_the_smallest_stand_together(everybody, reader):
    cast.more_nodes(40)
    for node in Node.objects.filter(pk__gte=100):
        Node.objects.filter(pk=node.pk).update(zone=f"z{node.pk}")
    page = reader.get(NODES, {"group": "zone"})

    assert len(cells(page)) == 24
    assert sum(cells(page)) == 43
    assert "all others 19 nodes" in text(page)
    assert len(on_wall(reader, {"group": "zone"})) == 43
