"""The map while the cluster changes: it follows in place, without a reload."""

import pytest
from playwright.sync_api import expect

from ipamweb.mirror.models import Allocation, Block, Cluster
from tests import cast
from tests.browser.opening import drawn, pixels, token

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The page asks every three seconds.
SOON = 7_000


def allocate(text: str) -> None:
    """As a poll would: the address, its block's count, the generation."""
    cast.allocation(900, text, owner_key="pod-900", changed_generation=8).save()
    Block.objects.filter(pk=2).update(allocated=8)
    Cluster.objects.filter(slug="prod-eu").update(generation=8)


def test_l1_an_allocation_changes_cell_name_table_and_panel_in_place(opener):
    page = opener.map("10.0.0.0/24")
    drawn(page)
    page.focus("#map [role=gridcell][data-cidr='10.0.0.41/32']", timeout=1000)
    page.evaluate("() => { window.isSame = true; scrollTo(0, 40); }")
    assert pixels(page, ["10.0.0.41"]) == {"10.0.0.41": token(page, "panel")}

    allocate("10.0.0.41")

    page.wait_for_function(
        "() => document.activeElement.ariaLabel.startsWith('10.0.0.41, pod')",
        timeout=SOON,
    )
    drawn(page)
    assert pixels(page, ["10.0.0.41"]) == {"10.0.0.41": token(page, "kind-pod")}
    expect(page.locator("#map-panel")).to_contain_text("Addresses held22")
    assert page.locator("#map-table [data-first='10.0.0.41']").count() == 1
    assert page.evaluate("() => ipamMap.stats().allocated") == 22
    assert page.evaluate("() => [window.isSame, scrollY]") == [True, 40]


def test_l2_a_reset_asks_anew_for_what_is_shown(opener):
    page = opener.map("10.0.0.0/24")
    drawn(page)
    Allocation.objects.filter(pk=3).update(kind="health")
    Cluster.objects.filter(slug="prod-eu").update(generation=9)

    page.evaluate(
        """() => document.dispatchEvent(
            new CustomEvent("ipam:live", { detail: { reset: true, generation: 9 } }))"""
    )

    page.wait_for_function("() => ipamMap.stats().tiles.length === 1")
    health = token(page, "kind-health")
    for _ in range(20):
        if pixels(page, ["10.0.0.33"]) == {"10.0.0.33": health}:
            break
        page.wait_for_timeout(100)
    assert pixels(page, ["10.0.0.33"]) == {"10.0.0.33": health}


def test_what_changed_wears_a_ring_unless_motion_is_unwanted(opener):
    page = opener.map("10.0.0.0/24")
    drawn(page)

    seen = page.evaluate(
        """async () => {
            const canvas = document.querySelector(".map-over");
            const inked = () => canvas.getContext("2d")
                .getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
            const before = inked();
            document.dispatchEvent(new CustomEvent("ipam:live", { detail: {
                generation: 8, cells: [["10.0.0.32", 9, 1]], blocks: [],
                counters: { pools: {} } } }));
            await new Promise((done) => setTimeout(done, 100));
            return [before, inked()];
        }"""
    )

    assert seen == [False, True]
