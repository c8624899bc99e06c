"""Opens pages in the browser, and keeps what they complain of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response, Route

POOL = "/clusters/prod-eu/pools/cilium-cluster-pool-v4/map/"
WIDE = {"width": 1440, "height": 900}
HERE = ("http://localhost:", "http://127.0.0.1:", "data:")
# No page needs a larger body, whatever the cluster.
MOST_BYTES = 200_000
TELL_BREACHES = """
document.addEventListener("securitypolicyviolation", (breach) =>
  console.error(`policy: ${breach.violatedDirective} ${breach.blockedURI}`));
"""


def watch(page: Page, complaints: list[str], *, levels: tuple[str, ...]) -> None:
    """Keep what a page complains of: in the console at these levels, by scripts that
    fail and dialogs that open, by what the policy of content stopped; and what it asks
    of elsewhere or is too large."""

    def tell(message: ConsoleMessage) -> None:
        if message.type in levels:
            complaints.append(message.text)

    def stay_here(route: Route) -> None:
        if route.request.url.startswith(HERE):
            route.continue_()
        else:
            complaints.append(f"asked for {route.request.url}")
            route.abort()

    def weigh(response: Response) -> None:
        if int(response.headers.get("content-length", "0")) > MOST_BYTES:
            complaints.append(f"too large: {response.url}")

    page.add_init_script(TELL_BREACHES)
    page.on("console", tell)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("response", weigh)
    page.route("**/*", stay_here)


@dataclass
class Opener:
    """`complaints` are those of every page that was opened."""

    new_page: Callable[..., Page]
    complaints: list[str] = field(default_factory=list)

    def page(self, **options: Any) -> Page:
        page = self.new_page(**{"viewport": WIDE, **options})
        watch(page, self.complaints, levels=("error",))
        return page

    def map(self, cidr: str, query: str = "", **options: Any) -> Page:
        """Return the page of a level, its picture drawn."""
        page = self.page(**options)
        page.goto(f"{POOL}{cidr}{query}")
        page.wait_for_selector("#map[data-ready]")
        return page


def drawn(page: Page) -> None:
    """Wait until what was asked for is painted."""
    # What a move needs is only asked for when the next picture is painted.
    _two_pictures(page)
    page.wait_for_function(
        """() => {
            const { tiles, isFading, waiting } = ipamMap.stats();
            const isThere = tiles.every(([, state]) => state !== "loading");
            return isThere && !isFading && !waiting;
        }"""
    )
    _two_pictures(page)


def _two_pictures(page: Page) -> None:
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame("
        "() => requestAnimationFrame(done)))"
    )


def pixel(page: Page, x: float, y: float) -> str:
    """Return the colour of the picture at a place: "rgb(1, 2, 3)"."""
    return page.evaluate(
        """([x, y]) => {
            const canvas = document.querySelector("#map canvas");
            const at = [x, y].map((each) => Math.floor(each * devicePixelRatio));
            const context = canvas.getContext("2d");
            const [r, g, b] = context.getImageData(...at, 1, 1).data;
            return `rgb(${r}, ${g}, ${b})`;
        }""",
        [x, y],
    )


def pixels(page: Page, addresses: list[str]) -> dict[str, str]:
    """Return the colour of each address that is on the screen, beside its letters."""
    return page.evaluate(
        """(addresses) => {
            const canvas = document.querySelector("#map canvas");
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            const found = {};
            for (const address of addresses) {
                const { k } = ipamMap.stats();
                const off = k * (k > 15 ? 0.3 : 0.2);
                const [x, y] = ipamMap.pixelOf(address).map(
                    (each) => Math.floor((each - off) * devicePixelRatio));
                if (x < 2 || y < 2 || x >= width - 2 || y >= height - 2) continue;
                const at = 4 * (y * width + x);
                found[address] = `rgb(${[...data.slice(at, at + 3)].join(", ")})`;
            }
            return found;
        }""",
        addresses,
    )


def token(page: Page, name: str) -> str:
    """Return a custom property as the browser resolves it."""
    return page.evaluate(
        """(name) => {
            const probe = document.createElement("i");
            probe.style.color = `var(--${name})`;
            document.body.append(probe);
            const { color } = getComputedStyle(probe);
            probe.remove();
            return color;
        }""",
        name,
    )
