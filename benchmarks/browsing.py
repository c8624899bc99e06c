"""What a person's browser sees: the program served as it is shipped, and Chromium.

Pages come from gunicorn with collected static files, on a mirror that is there already.
Not here: what is measured in the browser (map_budgets.py).
"""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.processes import environment_of, run

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The machine may be a container without user namespaces and without a GPU.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--enable-precise-memory-info",
]  # fmt: skip
GUNICORN = ("--workers=2", "--threads=4", "--log-level=error")
SHIPPED = {"Document", "Stylesheet", "Script", "Font"}
WIDE = {"width": 1440, "height": 900}
START_SECONDS = 30


class NoBrowser(Exception):
    """There is no Chromium here."""


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of a mirror at an address; `session` is that of a reader."""

    url: str
    session: str

    def context(self, browser: Browser) -> BrowserContext:
        """Return a browser of its own, whose reader is signed in."""
        context = browser.new_context(base_url=self.url, viewport=WIDE)  # type: ignore[arg-type]
        cookie = {"name": "sessionid", "value": self.session, "url": self.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        return context


class Sent:
    """What was sent to a page, as bytes on the wire without headers."""

    def __init__(self, page: Page) -> None:
        self.kinds: dict[str, tuple[str, str]] = {}
        self.bytes: dict[str, float] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._answered)
        session.on("Network.dataReceived", self._received)

    def _answered(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def _received(self, event: dict[str, Any]) -> None:
        number = event["requestId"]
        size = event["encodedDataLength"]
        self.bytes[number] = self.bytes.get(number, 0) + size

    @property
    def first_visit(self) -> float:
        """Of each address the first answer: what comes again is kept by the browser."""
        seen: dict[str, float] = {}
        for number, (kind, url) in self.kinds.items():
            if kind in SHIPPED:
                seen.setdefault(url, self.bytes.get(number, 0))
        return sum(seen.values())

    def largest(self, part: str) -> float:
        sizes = [
            self.bytes.get(number, 0)
            for number, (_, url) in self.kinds.items()
            if part in url
        ]
        return max(sizes, default=0)


@contextmanager
def site(database: str, *, folder: Path) -> Iterator[Site]:
    """Yield the program as it serves a database; stop it afterwards."""
    session = run("session", database=database)["key"]
    environment = environment_of(database)
    environment["IPAMWEB_STATIC_ROOT"] = str(folder / "static")
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, env=environment, check=True)
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "ipamweb.wsgi", *GUNICORN]
    bind = f"--bind=127.0.0.1:{port}"
    with subprocess.Popen([*command, bind], env=environment) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/login/")
            yield Site(url, session)
        finally:
            process.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser. Raises NoBrowser where there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise NoBrowser(f"none of {', '.join(NAMES)} is on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
