"""The budget of ordinary pages on a large cluster, in a real Chromium: B9.

Bytes of a first visit as sent, the largest contentful paint as the median of three
visits with nothing kept, and how far anything moved. Queries: pages.py.
"""

import statistics
import sys

from playwright.sync_api import Browser

from benchmarks.browsing import NoBrowser, Sent, Site, chromium, site
from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import run

TIMES = 3
KILOBYTE = 1000
MOST_KILOBYTES, MOST_MILLISECONDS, MOST_SHIFT = 60, 1000, 0.05

# After the paint that is the largest, and what moved until the page was still.
PAINTED = """() => new Promise((done) => {
    const found = { paint: 0, shift: 0 };
    const watch = (type, take) => new PerformanceObserver((list) =>
        list.getEntries().forEach(take)).observe({ type, buffered: true });
    watch("largest-contentful-paint", (each) => { found.paint = each.startTime; });
    watch("layout-shift", (each) => {
        if (!each.hadRecentInput) found.shift += each.value;
    });
    setTimeout(() => done(found), 500);
})"""


def measure(ground: Ground) -> list[Figure]:
    database = ground.mirror_of(ground.clusters.large)
    paths = run("pages_to_load", database=database)
    try:
        with chromium() as browser, site(database, folder=ground.clusters.folder) as at:
            return [
                figure
                for what, path in paths.items()
                for figure in _loaded(browser, at, path, what, ground.database)
            ]
    except NoBrowser as problem:
        print(f"left out: {problem}", file=sys.stderr)
        return []


def _loaded(
    browser: Browser, at: Site, path: str, what: str, database: str
) -> list[Figure]:
    paints, shifts, sizes = [], [], []
    for _ in range(TIMES):
        with at.context(browser) as context:
            page = context.new_page()
            sent = Sent(page)
            page.goto(path, wait_until="load")
            found = page.evaluate(PAINTED)
            paints.append(found["paint"])
            shifts.append(found["shift"])
            sizes.append(sent.first_visit)
    return [
        Figure(f"B9 {what}: {name}", database, value, unit, limit=limit)
        for name, value, unit, limit in (
            ("first visit", max(sizes) / KILOBYTE, "kB", MOST_KILOBYTES),
            ("largest paint", statistics.median(paints), "ms", MOST_MILLISECONDS),
            ("shift", max(shifts), "", MOST_SHIFT),
        )
    ]
