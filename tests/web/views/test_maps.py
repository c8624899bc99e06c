"""A pool's map as words: rows of each level, the way down, the panel, the one URL."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ipamweb.mirror.models import Block, PoolRange
from ipamweb.web.pages import maps
from tests import cast
from tests.web.reading import links, text

MAP = "/clusters/prod-eu/pools/cilium-cluster-pool-v4/map/"
MAP6 = "/clusters/prod-eu/pools/cilium-cluster-pool-v6/map/"


def test_a_pool_leads_to_the_map_of_each_of_its_ranges(everybody, reader):
    page = reader.get("/clusters/prod-eu/pools/cilium-cluster-pool-v4/")

    assert f"{MAP}10.0.0.0/20" in links(page)


def test_blocks_and_what_is_not_assigned_are_rows(everybody, reader):
    page = text(reader.get(f"{MAP}10.0.0.0/20"))

    assert "3 of 256 blocks assigned" in page
    # 15 of the 16 /24s, of 16 blocks each.
    assert "10.0.1.0 – 10.0.15.255 240 blocks not assigned" in page


def test_addresses_are_rows_with_their_owners(everybody, reader):
    page = text(reader.get(f"{MAP}10.0.0.0/24"))

    assert "10.0.0.33 gw held router worker-b" in page
    assert "10.0.0.39 dup held, 2 owners pod batch/job-1 worker-b" in page
    assert "10.0.0.64 – 10.0.0.255 in no node's block, 192 addresses" in page


def test_the_way_down_is_links_in_address_order(everybody, reader):
    page = reader.get(f"{MAP}10.0.1.0/24")

    found = [link for link in links(page) if link.startswith(MAP)]
    assert f"{MAP}10.0.0.0/20" in found
    assert f"{MAP}10.0.0.0/24" in found
    assert f"{MAP}10.0.2.0/24" in found


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        (f"{MAP}10.0.1.7/24?q=kind:pod", f"{MAP}10.0.1.0/24?q=kind%3Apod"),
        (f"{MAP6}FD00::/116", f"{MAP6}fd00::/116"),
        (f"{MAP6}fd00:0:0::0/116", f"{MAP6}fd00::/116"),
    ],
)
def test_other_spellings_lead_to_the_one(everybody, reader, asked, canonical):
    response = reader.get(asked)

    assert (response.status_code, response.headers["Location"]) == (301, canonical)


def test_an_address_is_selected_on_its_level(everybody, reader):
    response = reader.get(f"{MAP}10.0.0.39/32")

    assert response.headers["Location"] == f"{MAP}10.0.0.0/24?sel=10.0.0.39%2F32"
    assert "10.0.0.39 pod batch/job-1, held, 2 owners" in text(reader.get(response.url))


def test_a_panel_sums_what_lies_in_a_cidr(everybody, reader):
    page = text(reader.get(f"{MAP}10.0.0.0/24/panel"))

    assert "Blocks assigned 3 of 16 Addresses held 21 Capacity 42 Free 21" in page
    assert "Pod 17 Router 2 Health check 2" in page


def test_a_cidr_outside_the_pool_is_not_found(everybody, reader):
    response = reader.get(f"{MAP}192.168.0.0/24")

    assert response.status_code == 404
    words = "192.168.0.0/24 lies in no range of pool cilium-cluster-pool-v4."
    assert words in text(response)


def test_what_is_no_cidr_is_refused(everybody, reader):
    assert reader.get(f"{MAP}10.0.0.0/33").status_code == 400
    assert reader.get(f"{MAP}nothing/24").status_code == 400


def test_a_pool_without_nodes_is_dots_and_says_so(everybody, reader):
    Block.objects.update(valid_to=cast.NOW, to_latest=cast.NOW)

    page = text(reader.get(f"{MAP}10.0.0.0/20"))

    assert "No node has a block here: 256 blocks free" in page


def test_a_pool_of_several_ranges_has_a_map_of_each(everybody, reader):
    first = PoolRange.objects.get(pool_id=1)
    PoolRange.objects.create(
        pool_id=1,
        family=4,
        first=first.first + 0x10000,
        last=first.last + 0x10000,
        block_prefix_length=28,
        valid_from=first.valid_from,
    )

    page = reader.get(f"{MAP}10.0.0.0/20")

    assert f"{MAP}10.1.0.0/20" in links(page)
    assert "3 of 512 blocks of all ranges assigned" in text(page)
    assert reader.get(f"{MAP}10.1.0.0/20").status_code == 200


def test_a_large_block_of_ipv6_is_windows_in_order(everybody, reader):
    PoolRange.objects.filter(pool_id=2).update(block_prefix_length=118)

    page = text(reader.get(f"{MAP6}fd00::/118"))

    assert "20 held of 1\u202f024 addresses, not to scale" in page
    assert "fd00::/120 20 held fd00::/120: row is the first, column" in page
    assert "768 free" in page
    assert "%" not in page


def test_many_windows_are_a_list_that_says_why(everybody, reader, monkeypatch):
    monkeypatch.setattr(maps, "MOST_WINDOWS", 0)
    PoolRange.objects.filter(pool_id=2).update(block_prefix_length=118)

    page = text(reader.get(f"{MAP6}fd00::/118"))

    assert "too many to draw each, so they are a list" in page
    assert "fd00::/120 20 held 768 free" in page


def test_a_level_is_a_tile_of_links_where_there_is_no_picture(everybody, reader):
    page = reader.get(f"{MAP}10.0.0.0/20").content.decode()
    tile = page.partition('class="map-tile')[2].partition("</table>")[0]

    assert tile.count("<td ") + tile.count("<td>") == 1 + 16
    assert tile.count('class="fill-level-2"') == 1
    assert f'href="{MAP}10.0.7.0/24" title="10.0.7.0/24, not assigned"' in tile


@pytest.mark.parametrize("cidr", ["10.0.0.0/20", "10.0.0.0/24"])
def test_a_level_and_its_panel_read_blocks_once(everybody, reader, cidr):
    with CaptureQueriesContext(connection) as captured:
        reader.get(f"{MAP}{cidr}")

    read = [each for each in captured if 'FROM "mirror_block"' in each["sql"]]
    assert len(read) == 1


def test_a_level_is_sent_packed(everybody, reader):
    page = reader.get(f"{MAP}10.0.0.0/24", headers={"Accept-Encoding": "gzip"})

    assert page.headers["Content-Encoding"] == "gzip"
