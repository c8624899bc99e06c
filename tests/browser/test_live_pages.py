"""Pages that stay open: they follow the cluster in place, say so when they cannot, and
stop when they are told to or nobody looks."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from ipamweb.mirror.models import Allocation, Cluster, Node
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NODE = "/clusters/prod-eu/nodes/worker-b/"
LIVE = "**/clusters/prod-eu/live?since=*"
LAMP = "#live [data-lamp-is]"
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def opened(opener, path: str = NODE) -> Page:
    """Return a page whose clock only the test moves."""
    page = opener.page()
    page.clock.install(time=cast.NOW - timedelta(minutes=1))
    page.clock.pause_at(cast.NOW)
    page.goto(path)
    page.wait_for_function("() => !document.querySelector('[data-pause]').hidden")
    return page


def wait(page: Page, seconds: int = 4) -> None:
    # Second by second: what was asked is answered in real time between them.
    for _ in range(seconds):
        page.clock.run_for(1000)


def asked(page: Page) -> list[str]:
    """Return what the page asks from here on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url.partition("rs/")[2]))
    return found


def somebody_comes() -> None:
    worker_b = Node.objects.get(pk=2)
    late = cast.pod(777, "shop/late", node=worker_b, addresses="10.0.0.41")
    cast.hold(late, 900, changed_generation=8)
    Node.objects.filter(pk=2).update(slots_used=7, slots_free=6)
    Cluster.objects.filter(slug="prod-eu").update(generation=8)


def somebody_goes() -> None:
    Allocation.objects.filter(address=cast.allocation(1, "10.0.0.36").address).delete()
    Cluster.objects.filter(slug="prod-eu").update(generation=9)


def test_l1_grid_counters_and_table_follow_without_a_reload(opener):
    page = opened(opener)
    page.evaluate("() => { window.isSame = true; scrollTo(0, 400); }")
    link = page.get_by_role("link", name="10.0.0.39").first
    link.focus()
    top = page.evaluate("scrollY")

    somebody_comes()
    wait(page)

    expect(page.locator("td.kind-pod a[title*='10.0.0.41, pod']")).to_be_visible()
    expect(page.locator(".meters")).to_contain_text("7 of 13 pod slots")
    expect(page.locator("#main")).to_contain_text("shop/late")
    expect(link).to_be_focused()
    assert page.evaluate("[window.isSame, scrollY]") == [True, top]
    assert page.locator("[data-changed]").count() == 1


def test_l1_the_focus_goes_to_the_nearest_where_its_row_went(opener):
    page = opened(opener)
    page.locator("tr", has_text="10.0.0.36").get_by_role("link").first.focus()

    somebody_goes()
    wait(page)

    expect(page.locator(".scroll:has(table.rows)").last).to_be_focused()
    expect(page.locator("a[title='10.0.0.36, free']")).to_have_text("36")


def test_l1_maps_are_told_what_changed(opener):
    page = opened(opener)
    page.evaluate(
        "addEventListener('ipam:live', ({ detail }) => { window.told = detail; }, true)"
    )
    somebody_comes()
    wait(page)

    page.wait_for_function("() => window.told")
    assert page.evaluate("told.cells") == [["10.0.0.32", 9, 1]]


def test_l2_a_page_goes_stale_without_its_server_and_comes_back_by_itself(opener):
    page = opened(opener)
    page.route(LIVE, lambda route: route.abort())
    wait(page)
    expect(page.locator(LAMP)).to_have_text("stale, the server does not answer")
    somebody_comes()

    page.unroute(LIVE)
    wait(page)

    expect(page.locator(LAMP)).to_have_text("live")
    expect(page.locator("#main")).to_contain_text("shop/late")
    opener.complaints.clear()


def test_l2_after_a_reset_the_page_equals_a_fresh_one(opener):
    page = opened(opener)
    Cluster.objects.filter(slug="prod-eu").update(generation=20_000)
    somebody_comes()
    Cluster.objects.filter(slug="prod-eu").update(generation=20_000)
    wait(page)
    expect(page.locator("#main")).to_contain_text("shop/late")

    followed = page.locator("#main").inner_text()
    page.reload()

    assert page.locator("#main").inner_text() == followed


def test_l4_where_nothing_changes_nothing_else_is_asked(opener):
    page = opened(opener)
    found = asked(page)

    for _ in range(3):
        with page.expect_response(LIVE) as answer:
            wait(page)
        assert answer.value.status == 204

    assert found == ["prod-eu/live?since=7"] * 3


def test_l4_a_background_tab_asks_nothing_and_at_once_when_looked_at(opener):
    page = opened(opener)
    found = asked(page)

    page.evaluate(HIDE, True)
    wait(page, 120)
    assert found == []

    with page.expect_request(LIVE):
        page.evaluate(HIDE, False)
    assert found == ["prod-eu/live?since=7"]


def test_a_page_without_input_asks_seldom(opener):
    page = opened(opener)
    page.route(LIVE, lambda route: route.fulfill(status=204))
    wait(page, 330)
    found = asked(page)

    wait(page, 60)

    # Of a minute: every three seconds would be twenty.
    assert 3 <= len(found) <= 4


def test_l5_pause_stops_what_changes_until_it_is_resumed(opener):
    page = opened(opener)
    page.get_by_role("button", name="Pause").click()
    before = page.locator("body").inner_text()
    assert "page paused" in before
    found = asked(page)

    somebody_comes()
    wait(page, 60)
    assert (page.locator("body").inner_text(), found) == (before, [])
    page.reload()
    expect(page.locator(LAMP)).to_have_text("page paused")

    page.get_by_role("button", name="Resume").click()
    expect(page.locator(LAMP)).to_have_text("live")


def test_l5_after_forty_seconds_of_silence_the_lamp_is_stale(opener):
    page = opened(opener)
    page.route(LIVE, lambda route: None)

    wait(page, 38)
    expect(page.locator(LAMP)).to_have_text("live")
    wait(page, 4)

    expect(page.locator(LAMP)).to_have_text("stale, the server does not answer")
    expect(page.locator("#live .lamp")).to_have_class("lamp lamp-stale")


def test_the_age_of_the_page_goes_on(opener):
    page = opened(opener)
    page.route(LIVE, lambda route: route.fulfill(status=204))
    expect(page.locator("#live time[data-ago]")).to_have_text("5 s ago")

    wait(page, 61)

    expect(page.locator("#live time[data-ago]")).to_have_text("1 min ago")


def test_who_was_signed_out_is_told_and_asks_no_more(opener):
    page = opened(opener)
    page.context.clear_cookies()
    wait(page)
    expect(page.locator(LAMP)).to_have_text("signed out")
    found = asked(page)

    wait(page, 30)

    assert found == []


def test_what_a_page_last_said_stays_where_its_subject_is_gone(opener):
    page = opened(opener)
    somebody_goes()
    Node.objects.filter(pk=2).update(name="renamed")
    with page.expect_console_message():
        wait(page)
    wait(page)

    expect(page.locator(LAMP)).to_have_text("live")
    expect(page.locator("h1")).to_have_text("node worker-b")
    assert len(opener.complaints) == 1
    opener.complaints.clear()


def test_the_page_of_all_clusters_follows_one_after_the_other(opener):
    page = opened(opener, "/")
    found = asked(page)
    for _ in range(2):
        with page.expect_response("**/live?since=*"):
            wait(page)
    assert found[:2] == ["lab/live?since=0", "prod-eu/live?since=7"]

    Cluster.objects.filter(slug="prod-eu").update(generation=8, node_count=4)
    for _ in range(2):
        with page.expect_response("**/live?since=*"):
            wait(page)
    expect(page.locator(".figures dd").nth(1)).to_have_text("4")


def test_without_javascript_no_pause_is_offered_and_no_page_says_it_is_live(opener):
    page = opener.page(java_script_enabled=False)
    page.goto(NODE)
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    expect(page.locator(LAMP)).to_have_text("up to date")

    page.goto("/")
    expect(page.locator("#live")).to_be_hidden()
