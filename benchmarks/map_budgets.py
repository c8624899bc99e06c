"""The budgets of the pool map on a large cluster, in a real Chromium: B1 to B8, B10.

Counts are of single frames; times are the median of three. Bytes are as sent. One page
serves many figures: what it loads comes first, what fills its memory last.
"""

import statistics
import sys
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks import map_page
from benchmarks.browsing import NoBrowser, Sent, Site, chromium, site
from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import run

TIMES = 3
KILOBYTE = 1000
MEGABYTE = 1_000_000
ANSWERS = 600
CHANGES = 500


def measure(ground: Ground) -> list[Figure]:
    database = ground.mirror_of(ground.clusters.large)
    pool = run("pool", database=database)
    try:
        with chromium() as browser, site(database, folder=ground.clusters.folder) as at:
            budgets = Budgets(browser, at, pool, database=ground.database)
            return budgets.measure()
    except NoBrowser as problem:
        print(f"left out: {problem}", file=sys.stderr)
        return []


class Budgets:
    """Takes the figures one after the other on one page."""

    def __init__(
        self, browser: Browser, at: Site, pool: dict[str, Any], *, database: str
    ) -> None:
        self.browser = browser
        self.site = at
        self.path = f"/clusters/{pool['cluster']}/pools/{pool['slug']}/map/"
        self.cidr: str = pool["cidr"]
        self.large: list[str] = pool["large"]
        self.blocks: list[str] = pool["blocks"]
        self.database = database
        self.figures: list[Figure] = []

    def measure(self) -> list[Figure]:
        page = self._loads()
        self._moves(page)
        self._keys(page)
        self._answers(page)
        self._memory(page)
        return self.figures

    def _say(self, what: str, value: float, unit: str, limit: float) -> None:
        self.figures.append(
            Figure(f"map {what}", self.database, value, unit, limit=limit)
        )

    def _loads(self) -> Page:
        """B1, B2's overview, B3; return the last page."""
        cold, warm = [], []
        for _ in range(TIMES):
            page = self.site.context(self.browser).new_page()
            sent = Sent(page)
            cold.append(self._opened(page))
            warm.append(self._opened(page))
            if len(cold) < TIMES:
                page.context.close()
        self._say("B1 first visit", sent.first_visit / KILOBYTE, "kB", 110)
        self._say("B2 all blocks", sent.largest("blocks.bin") / KILOBYTE, "kB", 20)
        self._say("B3 interactive, cold", statistics.median(cold), "ms", 1500)
        self._say("B3 interactive, warm", statistics.median(warm), "ms", 800)
        self.sent = sent
        return page

    def _opened(self, page: Page) -> float:
        page.add_init_script(map_page.WATCH_TASKS)
        page.goto(f"{self.path}{self.cidr}")
        page.wait_for_selector("#map[data-ready]")
        return float(page.evaluate(map_page.INTERACTIVE))

    def _moves(self, page: Page) -> None:
        """B4, B5, B6 while the view dives, pans and comes back."""
        steps = [
            self.large[0],
            self.blocks[0],
            self.blocks[-1],
            self.large[-1],
            self.cidr,
        ]
        page.evaluate("() => ipamMap.most()")
        runs = [page.evaluate(map_page.MOVE, steps) for _ in range(TIMES)]
        middle: Callable[[str], float] = lambda name: statistics.median(  # noqa: E731
            each[name] for each in runs
        )
        self._say("B4 frame, p95", middle("p95"), "ms", 34)
        self._say("B4 frame, longest", middle("longest"), "ms", 100)
        most = page.evaluate("() => ipamMap.most()")
        for name, limit in (("fillRect", 8500), ("drawImage", 12), ("fillText", 400)):
            self._say(f"B5 {name} of a frame", most[name], "", limit)
        self._say("B6 longest task", page.evaluate(map_page.LONGEST_TASK), "ms", 100)

    def _keys(self, page: Page) -> None:
        """B7: from a key to the new focus, from the pointer's rest to the card."""
        page.evaluate("(cidr) => ipamMap.fit(cidr)", self.cidr)
        page.focus("#map [role=gridcell][tabindex='0']")
        pressed = []
        for _ in range(TIMES):
            page.evaluate(map_page.WATCH_FOCUS)
            page.keyboard.press("ArrowRight")
            pressed.append(page.evaluate("() => window.focusTook"))
        self._say("B7 key to focus", statistics.median(pressed), "ms", 100)
        rested = []
        for cidr in self.blocks:
            x, y = page.evaluate(map_page.MIDDLE_OF, cidr)
            page.mouse.move(1, 1)
            page.evaluate(map_page.WATCH_CARD)
            page.mouse.move(x, y)
            page.wait_for_function("() => window.cardTook > 0")
            rested.append(page.evaluate("() => window.cardTook"))
        self._say("B7 rest to card", statistics.median(rested), "ms", 200)

    def _answers(self, page: Page) -> None:
        """B8: what changed, applied; and many such answers."""
        page.evaluate("(cidr) => ipamMap.fit(cidr)", self.blocks[0])
        page.wait_for_function(map_page.ALL_READY)
        took = [
            page.evaluate(map_page.ANSWER, [self.blocks[0], CHANGES, turn])
            for turn in range(2 * TIMES)
        ]
        self._say("B8 500 changes applied", statistics.median(took), "ms", 8)
        session = page.context.new_cdp_session(page)
        page.evaluate(map_page.ANSWERS, [self.blocks[0], 60])
        before = _heap(session)
        page.evaluate(map_page.ANSWERS, [self.blocks[0], ANSWERS])
        grown = max(0.0, _heap(session) - before)
        self._say("B8 heap after 600 answers", grown / MEGABYTE, "MB", 5)

    def _memory(self, page: Page) -> None:
        """B10, and B2's tiles: every tile of addresses is visited."""
        for cidr in self.large:
            page.evaluate("(cidr) => ipamMap.fit(cidr)", cidr)
            page.wait_for_function(map_page.ALL_READY)
        session = page.context.new_cdp_session(page)
        self._say("B2 largest tile", self.sent.largest("/cells/") / KILOBYTE, "kB", 10)
        self._say("B10 heap, every tile seen", _heap(session) / MEGABYTE, "MB", 80)


def _heap(session: CDPSession) -> float:
    """Return the bytes in use after everything unused is gone."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"])
