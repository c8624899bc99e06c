"""The map as words: the table of a level, the filter's count, and what is shown where
the picture cannot be."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import map_worlds
from tests.browser.opening import POOL, drawn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

API = "/api/v1/clusters/prod-eu/children/"
ROWS = (
    """(rows) => rows.map(({ dataset }) => [dataset.first, Number(dataset.children)])"""
)


@pytest.mark.parametrize(
    ("cidr", "children"), [("10.0.0.0/20", 16), ("10.0.0.0/24", 256)]
)
def test_m5_table_picture_and_rest_have_the_same_children(opener, cidr, children):
    page = opener.map(cidr)
    rows = page.locator("#map-table [data-first]").evaluate_all(ROWS)

    asked = page.request.get(f"{API}{cidr}/?pool=cilium-cluster-pool-v4").json()

    assert rows == [[row["first"], row["children"]] for row in asked["rows"]]
    assert len(rows) <= 256
    assert sum(number for _, number in rows) == children
    assert page.locator("#map [role=gridcell]").count() == children
    if children == 16:
        assert asked["rows"][0]["allocated"] == 21
        assert "21 of 42" in page.locator("#map-table").text_content()
        assert page.evaluate("() => ipamMap.stats().allocated") == 21


def test_m6_a_filter_tells_and_dims_and_goes_through_its_hits_in_order(opener):
    page = opener.map("10.0.0.0/24", "?q=kind:router")
    expect(page.locator("[data-found]")).to_contain_text("2 of 21 addresses match")
    drawn(page)
    stats = page.evaluate("() => ipamMap.stats()")
    assert (stats["hits"], stats["dimmed"], stats["blocks"]) == (2, 1, 3)
    page.focus("#map [role=gridcell][tabindex='0']")

    for last in (17, 33, 17):
        key = "n" if last != 17 or not page.evaluate("() => ipamMap.last") else "N"
        page.keyboard.press(key)
        name = page.evaluate("document.activeElement.ariaLabel")
        assert f"10.0.0.{last}, router" in name
        page.evaluate("() => { ipamMap.last = true; }")


def test_a_filter_stands_in_the_address_of_the_page(opener):
    page = opener.map("10.0.0.0/20")
    page.fill("#map-ask [name=q]", "kind:health")
    page.click("#map-ask button >> text=Filter")

    expect(page.locator("[data-found]")).to_contain_text("2 of 21 addresses match")
    assert page.url.endswith("?q=kind:health")
    page.click("[data-clear]")
    expect(page.locator("[data-found]")).to_be_empty()

    page.fill("#map-ask [name=q]", "kind:nothing")
    page.click("#map-ask button >> text=Filter")
    expect(page.locator("[data-found]")).to_contain_text("could not be asked: q: ")
    page.close()
    assert all("400" in each for each in opener.complaints)
    opener.complaints.clear()


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"java_script_enabled": False}, id="no script"),
        pytest.param({"viewport": {"width": 360, "height": 800}}, id="small screen"),
        pytest.param({"forced_colors": "active"}, id="forced colours"),
    ],
)
def test_tile_and_table_stand_where_the_picture_cannot(opener, options):
    page = opener.page(**options)
    page.goto(f"{POOL}10.0.0.0/24")

    expect(page.locator("#map-tile")).to_be_visible()
    expect(page.locator("#map-table")).to_be_visible()
    expect(page.locator("#map-body")).to_be_hidden()
    expect(page.locator("#map-table")).to_contain_text("10.0.0.33")
    assert page.locator("#map-tile td a").count() == 256


def test_a_swipe_over_the_tile_goes_to_the_level_beside(opener):
    page = opener.page(viewport={"width": 360, "height": 800}, has_touch=True)
    page.goto(f"{POOL}10.0.0.0/24")
    page.locator("#map-tile").scroll_into_view_if_needed()
    box = page.locator("#map-tile").bounding_box()
    y = box["y"] + 60
    session = page.context.new_cdp_session(page)

    for kind, x in (("Start", 300), ("Move", 200), ("Move", 100), ("End", 0)):
        points = [{"x": x, "y": y}] if x else []
        session.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
        )

    page.wait_for_url(f"**{POOL}10.0.1.0/24*")


def test_the_map_gives_way_to_the_table_and_back(opener):
    page = opener.map("10.0.0.0/24")
    expect(page.locator("#map-table")).to_be_hidden()

    page.click("[data-show=table]")
    expect(page.locator("#map-table")).to_be_visible()
    expect(page.locator("#map-body")).to_be_hidden()
    page.click("[data-show=map]")
    expect(page.locator("#map-body")).to_be_visible()


def test_m9_a_wide_block_of_ipv6_is_windows_in_order_without_shares(opener):
    map_worlds.with_wide_ipv6_blocks()
    page = opener.page()
    home = POOL.replace("-v4", "-v6")
    page.goto(f"{home}fd00::/56")
    page.wait_for_selector("#map[data-ready]")
    assert page.evaluate("() => ipamMap.stats().blocks") == 3
    assert page.evaluate("() => ipamMap.stats().free") == 253

    page.goto(f"{home}fd00::/64")
    words = page.inner_text("body")

    windows = page.locator(".map-windows a.mono").all_inner_texts()
    assert windows == ["fd00::/120", "fd00::3:1a00/120"]
    assert page.locator(".torn").all_inner_texts() == [
        "203\u202f008 free", "2^64 − 203\u202f520 free",
    ]  # fmt: skip
    assert "20 held of 2^64 addresses (≈ 1.8 × 10^19), not to scale" in words
    assert "%" not in words
    assert not re.search(r"\d{8,}", words)
