"""How pages of nodes stand where sight differs: narrow, printed, in forced colours, by
keys alone. What holds for every page: test_every_page.py, test_axe.py."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NODES = "/clusters/prod-eu/nodes/"
NODE = f"{NODES}worker-b/"
OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"
# What the focus stands on: where, and whether a ring, a shadow or a line shows it.
STOP = """() => {
  const each = document.activeElement;
  if (each === document.body) return null;
  const { top, bottom, left, right } = each.getBoundingClientRect();
  const style = getComputedStyle(each);
  const inner = each.querySelector(".wall-target");
  const ring = style.outlineStyle !== "none" || style.boxShadow !== "none"
    || (inner && getComputedStyle(inner).stroke !== "none");
  return {
    what: each.outerHTML.slice(0, 60),
    ring,
    seen: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    section: each.closest("header") ? 0 : each.closest("nav.crumbs") ? 1
      : each.closest("main") ? 2 : 3,
  };
}"""


def opened(opener, path: str, **options) -> Page:
    page = opener.page(**options)
    page.goto(path)
    return page


@pytest.mark.parametrize("path", [NODES, NODE, "/account/"])
def test_a3_at_four_hundred_per_cent_nothing_scrolls_sideways(opener, path):
    page = opened(opener, path, viewport={"width": 320, "height": 256})

    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("path", [NODES, NODE])
def test_a4_the_focus_is_seen_and_goes_down_the_page(opener, path):
    page = opened(opener, path)
    page.keyboard.press("Tab")
    stops = []
    while (stop := page.evaluate(STOP)) and len(stops) < 60:
        stops.append(stop)
        page.keyboard.press("Tab")

    assert len(stops) > 20
    assert [stop["what"] for stop in stops if not (stop["ring"] and stop["seen"])] == []
    sections = [stop["section"] for stop in stops[1:]]
    assert sections == sorted(sections)


def test_a3_forced_colours_keep_letters_and_borders(opener):
    page = opened(opener, NODE, forced_colors="active")
    pod = page.locator(".tile td.kind-pod a").first

    expect(pod).to_contain_text("pod")
    assert pod.evaluate("(each) => getComputedStyle(each).borderTopWidth") == "2px"


def test_a3_with_reduced_motion_nothing_moves(opener):
    page = opened(opener, NODE, reduced_motion="reduce")

    assert page.evaluate("document.getAnimations().length") == 0
    ring = "getComputedStyle(document.querySelector('.tile td')).animationName"
    page.evaluate("document.querySelector('.tile td').dataset.changed = ''")
    assert page.evaluate(ring) == "none"


def test_paper_is_light_and_without_controls(opener):
    page = opened(opener, NODE, color_scheme="dark")
    page.emulate_media(media="print")

    assert (
        page.evaluate("getComputedStyle(document.documentElement).colorScheme")
        == "light"
    )
    for control in (".top", ".pause", ".section-list", ".page-end", "[data-opens]"):
        expect(page.locator(control).first).to_be_hidden()
    expect(page.locator(".tile").first).to_be_visible()
