"""What has the focus is seen: it stands in the window, inside a ring of two colours."""

import pytest

pytestmark = pytest.mark.browser

TABS = 25
# The body has it behind the last stop of a page.
FAULT = """
() => {
  const focused = document.activeElement;
  if (focused === document.body) return "";
  const { top, bottom, left, right } = focused.getBoundingClientRect();
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
  const isSeen = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  const hasRing = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const what = focused.outerHTML.slice(0, 100);
  if (!isSeen) return `out of sight: ${what}`;
  return hasRing && boxShadow !== "none" ? "" : `without a ring: ${what}`;
}
"""


PATHS = (
    "/clusters/prod-eu/",
    "/clusters/prod-eu/nodes/worker-a/",
    "/clusters/prod-eu/pods/default/web-01/",
    "/plan/",
)


@pytest.mark.parametrize("width", [1440, 360])
def test_what_has_the_focus_is_seen(opener, width):
    page = opener.page(viewport={"width": width, "height": 700})
    faults = []
    for path in PATHS:
        page.goto(path)
        for _ in range(TABS):
            page.keyboard.press("Tab")
            faults.append(page.evaluate(FAULT))

    assert [each for each in faults if each] == []
