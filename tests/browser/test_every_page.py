"""What holds for every page in a real browser, narrow and wide, light and dark."""

import pytest

from tests.published import PAGES

pytestmark = pytest.mark.browser

NARROW = {"viewport": {"width": 360, "height": 780}}
WIDE = {"viewport": {"width": 1440, "height": 900}}
LOOKS = {
    "narrow light": {**NARROW, "color_scheme": "light"},
    "wide dark": {**WIDE, "color_scheme": "dark"},
}
# WCAG 2.2, 2.5.8 asks for 24 × 24 px, but not of links inside text and rows. Sixteen
# columns of 360 px are narrower; each cell has its equivalent in the table below.
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, select, input:not([type=hidden]),"
  + " summary, .tile a, .sections a, .brand")]
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 19 || box.height < 24))
  .map(([html]) => html)
"""
# 1280 px at a zoom of 400 %: WCAG 2.2, 1.4.10.
ZOOMED = {"width": 320, "height": 780}
OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("look", LOOKS.values(), indirect=True, ids=LOOKS.keys())
def test_no_page_scrolls_sideways_and_no_control_is_too_small(visitor):
    found = {}
    for name, path in PAGES.items():
        visitor.go(path)
        sideways = visitor.page.evaluate(OVERFLOW)
        small = visitor.page.evaluate(SMALL_TARGETS)
        if sideways > 0 or small:
            found[name] = (sideways, small)

    assert found == {}


@pytest.mark.parametrize("look", [{"viewport": ZOOMED}], indirect=True, ids=["400 %"])
def test_no_page_scrolls_sideways_at_a_zoom_of_400_per_cent(visitor):
    found = {}
    for name, path in PAGES.items():
        visitor.go(path)
        if sideways := visitor.page.evaluate(OVERFLOW):
            found[name] = sideways

    assert found == {}
