"""The node wall under keys and pointer; without a script it is drawn all the same."""

import pytest
from playwright.sync_api import Page, expect

from ipamweb.mirror.models import Node
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NODES = "/clusters/prod-eu/nodes/"
FOCUSED = "document.activeElement.ariaLabel"
BOUND = "import('/static/js/wall.js').then(({ boundKeys }) => boundKeys)"


def opened(opener, query: str = "?group=zone", **options) -> Page:
    page = opener.page(reduced_motion="reduce", **options)
    page.goto(NODES + query)
    return page


def focus(page: Page) -> None:
    page.locator(".wall-grid [role=gridcell]").first.focus()
    page.wait_for_function(f"() => !{FOCUSED}.includes('question mark')")


def press(page: Page, key: str, *, reaches: str) -> None:
    """Press a key, and wait until the node that it leads to has the focus."""
    page.keyboard.press(key)
    page.wait_for_function(f"(name) => {FOCUSED}.startsWith(name)", arg=reaches)


def test_keys_reach_every_node_and_open_it(opener):
    cast.more_nodes(90)
    Node.objects.update(zone="eu-a")
    Node.objects.filter(pk=3).update(zone="eu-b")
    page = opened(opener)
    focus(page)

    assert page.evaluate(FOCUSED) == "worker-a, 13 of 13, full (≥ 95 %)"
    press(page, "ArrowRight", reaches="worker-b, 6 of 13, ")
    press(page, "End", reaches="worker-x47, ")
    press(page, "Control+End", reaches="worker-x89, ")
    press(page, "Control+Home", reaches="worker-a, ")
    press(page, "PageDown", reaches="worker-c, 0 of 14, ")
    press(page, "ArrowRight", reaches="worker-c, ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nodes/worker-c/")


def test_rows_follow_each_other_and_are_one_stop_of_the_tab_key(opener):
    cast.more_nodes(90)
    page = opened(opener, "?group=none", viewport={"width": 360, "height": 780})
    focus(page)

    press(page, "ArrowDown", reaches="worker-x22, ")
    assert page.locator(".wall-grid [role=gridcell]").count() == 25
    press(page, "ArrowUp", reaches="worker-a, ")
    page.keyboard.press("Tab")
    assert not page.evaluate("() => document.activeElement.closest('[role=grid]')")


def test_a5_the_list_of_keys_is_exactly_what_is_bound_and_inert_elsewhere(opener):
    page = opened(opener)
    focus(page)
    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys of the node wall")).to_be_visible()
    told = page.locator("#wall-keys [data-key]").evaluate_all(
        "(keys) => keys.map((key) => key.dataset.key)"
    )
    assert sorted(told) == sorted(page.evaluate(BOUND))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.locator("h1").click()
    for key in ("?", "Enter", "PageDown", "End"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith("?group=zone")


def test_the_pointer_is_told_the_node_and_a_click_opens_it(opener):
    page = opened(opener, "?group=none")
    wall = page.locator(".wall").bounding_box()
    side = wall["width"] / 50
    page.mouse.move(wall["x"] + side * 1.5, wall["y"] + side / 2)

    expect(page.locator(".wall-card")).to_have_text("worker-b 6 of 13, 25 to 50 %")
    page.keyboard.press("Escape")
    expect(page.locator(".wall-card")).to_be_hidden()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/nodes/worker-b/")


def test_a_drag_over_the_profile_is_a_band(opener):
    page = opened(opener)
    profile = page.locator("[data-brush]").bounding_box()
    page.mouse.move(profile["x"] + 20, profile["y"] + 60)
    page.mouse.down()
    page.mouse.move(profile["x"] + 40, profile["y"])
    page.mouse.up()

    page.wait_for_url("**band=40-100*")
    expect(page.locator("tbody th.name")).to_have_text(["worker-a", "worker-b"])


def test_without_javascript_wall_histogram_and_table_stand(opener):
    page = opened(opener, java_script_enabled=False)

    expect(page.locator(".wall-wide rect.level-6")).to_be_visible()
    page.locator(".wall-histogram a").last.click()

    expect(page.locator("tbody th.name")).to_have_text(["worker-a"])


def test_a3_in_forced_colours_figures_and_table_stand_for_the_wall(opener):
    page = opened(opener, forced_colors="active")

    expect(page.locator(".wall").first).to_be_hidden()
    expect(page.locator(".wall-histogram")).to_be_visible()
    expect(page.locator("tbody th.name")).to_have_count(3)


def test_the_wall_is_live(opener):
    page = opener.page()
    page.clock.install()
    page.goto(NODES + "?group=none")
    focus(page)
    Node.objects.filter(pk=3).update(slots_used=14, slots_free=0)
    cast.Cluster.objects.filter(slug="prod-eu").update(generation=8)
    page.clock.run_for(4000)

    expect(page.locator(".wall-wide rect.level-6")).to_have_attribute("width", "2")
    assert page.evaluate(FOCUSED).startswith("worker-a, ")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => {FOCUSED}.startsWith('worker-c, 14 of 14')")


def test_a_finger_sees_the_card_before_it_opens_a_node(opener):
    options = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
    page = opened(opener, "?group=none", **options)
    page.locator(".wall").tap(position={"x": 20, "y": 5})

    expect(page.locator(".wall-card")).to_contain_text("worker-b")
    page.locator(".wall-card a").tap()
    page.wait_for_url("**/nodes/worker-b/")
