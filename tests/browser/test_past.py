"""Past mode in a real browser: nothing is asked live, the map is drawn from then, axe
finds nothing, and the strip fits a narrow window."""

import json

import pytest

from tests.browser.opening import drawn, pixels, token
from tests.browser.test_axe import violations
from tests.published import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AT = "at=2026-11-22T12:40:00Z"
SAID = "at=2026-11-22T12%3A40%3A00Z"
VS = "&vs=2026-11-22T12:20:00Z"
NAMES = (
    "fleet", "cluster", "pools", "pool", "map", "nodes", "node", "namespaces",
    "namespace", "pod", "address", "problems", "findings", "finding",
)  # fmt: skip
PAST = {name: f"{PAGES[name]}?{AT}" for name in NAMES}
PAST |= {
    f"{name}-compared": f"{PAST[name]}{VS}"
    for name in ("node", "nodes", "pools", "map")
}
OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"


def test_axe_finds_no_violation_in_past_mode(opener):
    page = opener.page()
    found, wide = {}, {}
    for name, path in PAST.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        found[name] = list(violations(page))
        page.set_viewport_size({"width": 320, "height": 780})
        wide[name] = page.evaluate(OVERFLOW)

    assert {name: said for name, said in found.items() if said} == {}, json.dumps(found)
    assert {name: much for name, much in wide.items() if much > 0} == {}


def test_V8_the_map_asks_for_what_was_so_then_and_for_nothing_live(opener):
    page = opener.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PAST["map"])
    page.wait_for_selector("#map[data-ready]")
    # Longer than an open page waits before it asks what is new.
    page.wait_for_timeout(4_000)

    of_the_map = [url for url in asked if "/api/v1/" in url]
    assert of_the_map
    assert [url for url in of_the_map if SAID not in url] == []
    assert [url for url in asked if "/live?" in url] == []


def test_V8_the_picture_marks_the_difference_of_two_sets(opener):
    page = opener.map("10.0.0.32/28", f"?{AT}{VS}")
    drawn(page)
    addresses = [f"10.0.0.{last}" for last in range(32, 48)]

    found = pixels(page, addresses)

    names = ("new", "gone", "changed", "same")
    styles = {token(page, f"kind-{name}"): name for name in names}
    assert {address: styles.get(colour, "") for address, colour in found.items()} == {
        **dict.fromkeys(addresses, ""),
        **dict.fromkeys(["10.0.0.33", "10.0.0.34"], "same"),
        "10.0.0.35": "changed",
        **dict.fromkeys([f"10.0.0.{last}" for last in range(36, 41)], "new"),
    }
