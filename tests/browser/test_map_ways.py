"""The ways over a map: by link, pointer, keys, buttons; each level has its address."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import map_worlds
from tests.browser.opening import POOL, drawn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUSED = "() => document.activeElement.getAttribute('aria-label')"
SCALE = "() => ipamMap.stats().k"
FIRST_CELL = "#map [role=gridcell][tabindex='0']"


def place_of(page: Page, address: str) -> tuple[float, float]:
    """Return where an address is drawn, from the page's corner."""
    box = page.locator("#map canvas").first.bounding_box()
    x, y = page.evaluate("(ip) => ipamMap.pixelOf(ip)", address)
    return box["x"] + x, box["y"] + y


def settled_scale(page: Page) -> float:
    """Return the scale once it has stood still for a third of a second."""
    scale = page.evaluate(SCALE)
    for _ in range(100):
        page.wait_for_timeout(330)
        now = page.evaluate(SCALE)
        if now == scale:
            return now
        scale = now
    raise AssertionError("the scale never came to rest")


def pinch(page: Page, x: float, y: float, spreads: tuple[int, ...]) -> None:
    """Put two fingers on the map around a place, move them and lift them."""
    session = page.context.new_cdp_session(page)
    for kind, spread in zip(("Start", "Move", "Move"), spreads, strict=True):
        points = [{"x": x - spread, "y": y}, {"x": x + spread, "y": y}]
        session.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_m1_a_deep_link_opens_its_tile_and_back_restores_it(opener):
    page = opener.map("10.0.0.0/24", "?sel=10.0.0.35/32")

    _, _, width, height = page.evaluate("() => ipamMap.rectOf('10.0.0.0/24')")
    assert height / page.locator("#map").bounding_box()["height"] >= 0.6
    assert page.title().startswith("10.0.0.0/24 · map of cilium-cluster-pool-v4")
    expect(page.locator("#map-panel h2")).to_have_text("10.0.0.35")
    expect(page.locator(".crumbs [aria-current]")).to_have_text("10.0.0.0/24")

    page.click("#map-ribbon .ribbon-links a >> nth=2")
    page.wait_for_url(f"**{POOL}10.0.2.0/24*")
    expect(page.locator("h1")).to_contain_text("10.0.2.0/24")
    page.go_back()
    expect(page.locator("h1")).to_contain_text("10.0.0.0/24")
    expect(page.locator("#map-panel h2")).to_have_text("10.0.0.35")
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("10.0.2.0/24")


def test_m2_wheel_and_pinch_keep_the_address_under_the_pointer(opener):
    page = opener.map("10.0.0.0/24", has_touch=True)
    drawn(page)
    x, y = before = place_of(page, "10.0.0.35")

    page.mouse.move(x, y)
    # A busy browser makes one turn of several, or takes them late.
    for _ in range(20):
        page.mouse.wheel(0, -120)
        page.wait_for_timeout(50)
        if page.evaluate(SCALE) > 45:
            break
    assert settled_scale(page) > 45
    assert place_of(page, "10.0.0.35") == pytest.approx(before, abs=1)

    # Closing first: late turns may have left the scale at its largest.
    scale = settled_scale(page)
    pinch(page, x, y, (32, 26, 20))
    closed = settled_scale(page)
    assert closed < scale
    assert place_of(page, "10.0.0.35") == pytest.approx(before, abs=1)
    pinch(page, x, y, (20, 26, 32))
    assert settled_scale(page) > closed
    assert place_of(page, "10.0.0.35") == pytest.approx(before, abs=1)


def test_m3_keys_alone_reach_an_address_and_climb_back(opener):
    page = opener.map("10.0.0.0/20", reduced_motion="reduce")
    page.focus(FIRST_CELL)
    assert page.evaluate(FOCUSED).startswith("10.0.0.0/24, 3 of 16 blocks assigned")

    page.keyboard.press("Enter")
    page.wait_for_url(f"**{POOL}10.0.0.0/24*")
    page.wait_for_function(
        "() => document.activeElement.dataset.cidr === '10.0.0.0/32'"
    )
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert page.evaluate(FOCUSED) == "10.0.0.35, pod shop/cart-0, held"
    for key, last in (("End", 47), ("Home", 32), ("Control+End", 255)):
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED).startswith(f"10.0.0.{last},")
    page.keyboard.press("Control+Home")
    page.keyboard.press("f")
    assert page.evaluate(FOCUSED) == "10.0.0.40, free"

    page.keyboard.press("PageDown")
    page.wait_for_function(
        "() => document.activeElement.dataset.cidr === '10.0.1.0/32'"
    )
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{POOL}10.0.0.0/20*")
    page.wait_for_function(
        "() => document.activeElement.dataset.cidr === '10.0.1.0/24'"
    )
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('[role=grid]')")


def test_m4_what_dragging_does_buttons_and_the_ribbon_do_too(opener):
    page = opener.map("10.0.0.0/24", reduced_motion="reduce")
    before, at = (
        page.evaluate(SCALE),
        page.evaluate("() => ipamMap.pixelOf('10.0.0.35')"),
    )

    page.click("[data-zoom=in]")
    assert page.evaluate(SCALE) > before
    page.click("[data-zoom=fit]")
    assert page.evaluate(SCALE) == pytest.approx(before)
    page.click("[data-pan='1,0']")
    assert page.evaluate("() => ipamMap.pixelOf('10.0.0.35')")[0] < at[0]
    page.click("#map-ribbon a >> text=3")
    page.wait_for_url(f"**{POOL}10.0.3.0/24*")


def test_a_drag_with_shift_zooms_to_the_box(opener):
    page = opener.map("10.0.0.0/24", reduced_motion="reduce")
    drawn(page)
    left, top = place_of(page, "10.0.0.32")
    right, bottom = place_of(page, "10.0.0.54")

    page.keyboard.down("Shift")
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=3)
    assert page.locator(".map-box").is_visible()
    page.mouse.up()
    page.keyboard.up("Shift")

    assert page.locator(".map-box").is_hidden()
    assert page.evaluate(SCALE) > 60
    assert "sel=" not in page.url


def test_a_click_selects_and_a_double_click_goes_in(opener):
    page = opener.map("10.0.0.0/20", reduced_motion="reduce")
    drawn(page)

    page.mouse.click(*place_of(page, "10.0.0.33"))
    expect(page.locator("#map-panel h2")).to_have_text("10.0.0.33")
    expect(page.locator("#map-panel")).to_contain_text("router")
    assert "sel=10.0.0.33/32" in page.url
    page.mouse.dblclick(*place_of(page, "10.0.5.8"))
    page.wait_for_url(f"**{POOL}10.0.5.0/24*")


def test_the_card_can_be_reached_and_dismissed(opener):
    page = opener.map("10.0.0.0/24")
    drawn(page)
    card = page.locator("#map-card")

    page.mouse.move(*place_of(page, "10.0.0.35"))
    expect(card).to_contain_text("pod shop/cart-0, held")
    box = card.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20, steps=4)
    page.wait_for_timeout(500)
    assert card.is_visible()
    page.keyboard.press("Escape")
    assert card.is_hidden()


def test_a5_keys_act_in_the_grid_alone_and_the_list_has_all_of_them(opener):
    page = opener.map("10.0.0.0/24", reduced_motion="reduce")
    page.focus("[data-zoom=in]")
    before = page.evaluate(SCALE), page.url
    for key in ("+", "t", "f", "n", "Escape"):
        page.keyboard.press(key)
    assert (page.evaluate(SCALE), page.url) == before
    assert page.locator("#map-body").is_visible()

    page.focus(FIRST_CELL)
    page.keyboard.press("?")
    keys = page.locator("#map-keys kbd").all_inner_texts()
    assert set(keys) - {"Ctrl"} == {
        "←", "→", "↑", "↓", "Home", "End", "Page Up", "Page Down", "Enter", "Escape",
        "+", "−", "0", "n", "N", "f", "t", "c", "?",
    }  # fmt: skip
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.locator("#map-table")).to_be_visible()


def test_m7_a_tile_that_fails_is_said_and_tried_again_while_others_draw(opener):
    map_worlds.with_large_blocks()
    page = opener.page()
    page.route("**/cells/10.0.0.0/16/", lambda route: route.fulfill(status=500))
    page.goto(f"{POOL}10.0.0.0/12")
    page.wait_for_selector("#map[data-ready]")
    page.evaluate("() => ipamMap.fit('10.0.15.0/24')")
    page.click("[data-zoom=out]")
    page.click("[data-zoom=out]")
    expect(page.locator(".map-failed")).to_be_visible()
    page.wait_for_function("() => ipamMap.stats().tiles.length === 2")
    drawn(page)
    tiles = "() => ipamMap.stats().tiles"
    assert sorted(page.evaluate(tiles)) == [
        ["10.0.0.0/16", "failed"], ["10.1.0.0/16", "ready"],
    ]  # fmt: skip
    opener.complaints.clear()

    page.unroute("**/cells/10.0.0.0/16/")
    page.click("[data-retry]")
    drawn(page)

    expect(page.locator(".map-failed")).to_be_hidden()
    assert {state for _, state in page.evaluate(tiles)} == {"ready"}
