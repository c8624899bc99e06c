"""A real Chromium before a real server with the cast in its database.

Every request to elsewhere, every error in the console and every breach of the content
security policy fails the test that caused it.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from ipamweb.web import visit
from tests import cast
from tests.browser.opening import Opener, watch

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The machine may be a container without user namespaces and without a GPU.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


@dataclass
class Visitor:
    """Somebody with a browser, signed in; `faults` is what went wrong on the way."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self) -> None:
        self.go("/login/")
        self.page.get_by_label("Name").fill("ada")
        self.page.get_by_label("Password").fill("difference-engine-1843")
        self.page.get_by_role("button", name="Sign in").click()
        self.arrives("/")

    def arrives(self, path: str) -> None:
        """Wait until a page is loaded; fails when it never is."""
        self.page.wait_for_url(self.url + path)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    for name in NAMES:
        if found := shutil.which(name):
            return found
    pytest.skip(f"no browser: none of {', '.join(NAMES)} is on the PATH")


@pytest.fixture
def site(transactional_db: None, live_server: LiveServer) -> str:
    cast.insert()
    cast.user()
    return live_server.url


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop, in which Django refuses to prepare the rows of
        # the next test; nothing is awaited meanwhile.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def look(request: pytest.FixtureRequest) -> dict[str, object]:
    """How the browser is set up; a test changes it by parametrizing it indirectly."""
    return dict(getattr(request, "param", {}))


@pytest.fixture
def visitor(site: str, browser: Browser, look: dict[str, object]) -> Iterator[Visitor]:
    context = browser.new_context(**look)  # type: ignore[arg-type]
    visitor = Visitor(context.new_page(), site)
    watch(visitor.page, visitor.faults, levels=("error", "warning"))
    visitor.sign_in()
    yield visitor
    context.close()
    assert visitor.faults == []


@pytest.fixture
def opener(
    transactional_db: None,
    browser: Browser,
    live_server: LiveServer,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Opener]:
    """Opens pages as a reader who is signed in; fails on what they complain of."""
    monkeypatch.setattr(visit, "present", lambda: cast.NOW)
    cast.insert()
    client.force_login(cast.user())
    cookie = client.cookies["sessionid"].value
    contexts: list[BrowserContext] = []

    def new_page(**options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)  # type: ignore[arg-type]
        context.add_cookies(
            [{"name": "sessionid", "value": cookie, "url": live_server.url}]
        )
        contexts.append(context)
        return context.new_page()

    found = Opener(new_page)
    yield found
    for context in contexts:
        context.close()
    assert found.complaints == []
