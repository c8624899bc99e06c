"""static/js/map/plane.js places addresses as cidrmap/plane.py does: same vectors.

No server: a page into which the module is loaded is enough.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from ipamweb.web.pages.maps import MODULES
from tests.cidrmap.vectors import VECTORS
from tests.source import ROOT

pytestmark = pytest.mark.browser

SITE = "http://localhost/"
ASK = """async (vectors) => {
    const plane = await import("/static/js/map/plane.js");
    const of = ({ base, leaf }) => plane.makePlane(base, leaf);
    return vectors.map((vector) => { %s });
}"""


def from_files(route: Route) -> None:
    path = route.request.url.removeprefix(SITE)
    if path:
        route.fulfill(path=ROOT / path, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


@pytest.fixture(scope="module")
def ask(browser: Browser) -> Iterator[Callable[[str, list[Any]], list[Any]]]:
    page: Page = browser.new_page()
    page.route("**/*", from_files)
    page.goto(SITE)
    yield lambda body, vectors: page.evaluate(ASK % body, vectors)
    page.close()


def test_g1_addresses_are_placed_as_python_places_them(ask):
    body = """
        const { first } = plane.cellsOf(of(vector), `${vector.address}/${
            vector.address.includes(":") ? 128 : 32}`);
        return plane.place(of(vector), first);
    """

    assert ask(body, VECTORS["places"]) == [each["place"] for each in VECTORS["places"]]


def test_g1_a_place_leads_back_to_its_cell(ask):
    body = """
        const index = plane.indexAt(of(vector), ...vector.place);
        return plane.place(of(vector), index);
    """

    assert ask(body, VECTORS["places"]) == [each["place"] for each in VECTORS["places"]]


def test_a_spot_between_gutters_leads_back_to_its_cell(ask):
    body = """
        const index = plane.indexAt(of(vector), ...vector.place);
        const [x, y] = plane.spot(of(vector), index);
        return plane.cellAt(of(vector), x + 0.5, y + 0.5) === index;
    """

    assert all(ask(body, VECTORS["places"]))


def test_g1_cidrs_are_the_rectangles_they_are_in_python(ask):
    vectors = [each for each in VECTORS["rectangles"] if "with_gutters" in each]
    body = """
        const cells = plane.cellsOf(of(vector), vector.cidr);
        return plane.rectangle(of(vector), cells.first, cells.count);
    """

    assert ask(body, vectors) == [each["with_gutters"] for each in vectors]


def test_the_tiles_within_a_window_are_those_it_touches(ask):
    vectors = [
        {"base": "10.0.0.0/16", "leaf": 32, "depth": 1, "sight": [0, 0, 40, 10]},
        {"base": "10.0.0.0/16", "leaf": 32, "depth": 0, "sight": [0, 0, 40, 10]},
        {"base": "10.0.0.0/16", "leaf": 32, "depth": 1, "sight": [268, 268, 999, 999]},
    ]
    body = "return [...plane.tilesWithin(of(vector), vector.depth, vector.sight)];"

    # /24s are 17 cells apart, behind a gutter of 12: .0, .1 and the last, .255.
    assert ask(body, vectors) == [[0, 256], [0], [255 * 256]]


def test_addresses_are_written_as_rfc_5952_says(ask):
    texts = ["10.0.0.39", "fd00::", "::1", "2001:db8:0:1::a", "1:2:0:4:5:6:7:8"]
    body = """
        const { value, bits } = plane.parseAddress(vector);
        return plane.formatAddress(value, bits);
    """

    assert ask(body, texts) == texts


def test_all_modules_of_the_picture_are_asked_for_at_once(browser):
    imported = set()

    def follow(name: str) -> None:
        for found in re.findall(r'from "(.+)";', (ROOT / "static" / name).read_text()):
            path = (ROOT / "static" / name).parent / found
            other = path.resolve().relative_to(ROOT / "static").as_posix()
            if other not in imported:
                imported.add(other)
                follow(other)

    follow("js/map/main.js")

    assert imported == set(MODULES)
