"""axe finds nothing to say of any page, wide and narrow, light and dark.

The same loads show, by the fixture, that no page asks elsewhere, breaks the policy of
content, writes an error to the console or takes a body of more than 200 kB.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests import cast_usage
from tests.published import PAGES
from tests.source import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = next((ROOT / "tests" / "vendor").glob("axe-core-*.js"))
# What axe knows of WCAG 2.2 A and AA, and of good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of them, what another theme can change: markup and places stay the same.
OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """
async ([runOnly, reviewed]) => {
  const { violations, incomplete } = await axe.run(document, {
    runOnly, resultTypes: ["violations", "incomplete"], elementRef: false,
  });
  const unclear = incomplete.filter(({ id }) => !reviewed.includes(id));
  return [...violations, ...unclear].map(({ id, nodes }) =>
    `${id}: ${nodes.map((node) => node.html.slice(0, 120)).slice(0, 5).join("  ")}`);
}
"""
# What axe cannot decide, and somebody looked at: text over drawings, single signs and
# what is scrolled out of sight (the pairs of colours are held by test_tokens.py);
# buttons whose sign is no word; cells of a tile that are no stops of the Tab key.
REVIEWED = ["color-contrast", "label-content-name-mismatch", "target-size"]
WIDTHS = (1440, 768, 360)
THEMES = {"light": TAGS, "dark": OF_COLOUR}
# The browser itself complains in the console of a page with such a status.
REFUSALS = {
    "nothing there": "/clusters/prod-eu/nodes/nothing/",
    "bad parameter": "/clusters/prod-eu/nodes/?sort=nothing",
}
# Beside the published pages: lists without rows, other families, the API's own.
FURTHER = {
    "nothing found": "/search?q=nothing-of-this-name",
    "filtered empty": "/clusters/prod-eu/nodes/?q=nothing-of-this-name",
    "never read": "/clusters/lab/",
    "asked about a time": "/clusters/prod-eu/ip/10.0.0.35?at=2026-11-22T12:20:00Z",
    "pool of IPv6": "/clusters/prod-eu/pools/cilium-cluster-pool-v6/map/fd00::/116",
    "API": "/api/v1/docs",
}


def violations(page: Page) -> Iterator[str]:
    """Yield what axe finds at each width in each theme; the page is loaded once."""
    page.evaluate(AXE.read_text())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme, rules in THEMES.items():
            page.emulate_media(color_scheme=theme)
            for found in page.evaluate(RUN, [rules, REVIEWED]):
                yield f"{width} {theme} {found}"


def looked_at(page: Page, paths: dict[str, str]) -> dict[str, list[str]]:
    """Return the violations by the names of the pages that have any."""
    found = {}
    for name, path in paths.items():
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(path)
        found[name] = list(violations(page))
    return {name: said for name, said in found.items() if said}


def test_axe_finds_no_violation_on_any_page(opener):
    cast_usage.insert()
    found = looked_at(opener.page(), {**PAGES, **FURTHER})

    assert found == {}, json.dumps(found, indent=1)


def test_axe_finds_no_violation_where_a_page_is_refused(opener):
    found = looked_at(opener.page(), REFUSALS)
    complaints = [each.partition(":")[0] for each in opener.complaints]
    opener.complaints.clear()

    assert found == {}, json.dumps(found, indent=1)
    assert complaints == ["Failed to load resource"] * len(REFUSALS)
