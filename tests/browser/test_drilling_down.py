"""From the fleet to the history of an address, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

with_and_without_javascript = pytest.mark.parametrize(
    "look",
    [{}, {"java_script_enabled": False}],
    indirect=True,
    ids=["javascript", "no javascript"],
)


@with_and_without_javascript
def test_one_drills_from_the_fleet_to_an_address_and_its_history(visitor):
    page = visitor.page

    page.get_by_role("link", name="prod-eu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("prod-eu")

    pools = page.get_by_role("group", name="Pools")
    pools.get_by_role("link", name="cilium-cluster-pool-v4").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cluster-pool-v4")

    page.get_by_role("link", name="worker-b").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("node worker-b")

    page.get_by_title("10.0.0.35, pod shop/cart-0").click()
    expect(page.get_by_text("It holds 10.0.0.35 and fd00::23.")).to_be_visible()

    page.get_by_role("link", name="10.0.0.35").first.click()
    visitor.arrives("/clusters/prod-eu/ip/10.0.0.35")
    expect(page.get_by_text("Held now by pod shop/cart-0")).to_be_visible()

    page.get_by_label("Who had it at (UTC)").fill("2026-11-22T12:20:00Z")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer")).to_contain_text("was held by pod batch/old-1")


@with_and_without_javascript
def test_one_box_finds_an_address_in_any_spelling(visitor):
    visitor.page.get_by_label("Find an address").fill("FD00:0:0::23")
    visitor.page.get_by_role("button", name="Find").click()

    visitor.arrives("/clusters/prod-eu/ip/fd00::23")


@with_and_without_javascript
def test_nodes_are_filtered_and_sorted(visitor):
    visitor.go("/clusters/prod-eu/nodes/")
    visitor.page.locator("select[name=zone]").select_option("eu-b")
    visitor.page.get_by_role("button", name="Filter").click()
    visitor.page.get_by_role("link", name="free").click()

    rows = visitor.page.locator("tbody th")
    expect(rows).to_have_text(["worker-c", "worker-b"])


@with_and_without_javascript
def test_the_sum_of_a_size_opens(visitor):
    visitor.go("/clusters/prod-eu/nodes/worker-b/")
    visitor.page.get_by_text("16 = 2 reserved").first.click()

    expect(visitor.page.get_by_text("set aside by the rule").first).to_be_visible()


@with_and_without_javascript
def test_one_signs_out(visitor):
    visitor.page.get_by_role("button", name="Sign out").click()

    visitor.arrives("/login/")
