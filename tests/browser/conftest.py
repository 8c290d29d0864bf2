"""A browser that may talk to the server under test and to nobody else."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

from tests.server import Server

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 900}


class Watched:
    """A page, and what went wrong on it: requests to other hosts, errors in the console, failed requests."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.url = server.url
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        page.route("**/*", self._only_our_server)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", self._failed)

    def open(self, path: str) -> Page:
        """Open a page of the server and wait until it has come to rest."""
        self.page.goto(self.url + path, wait_until="networkidle")
        return self.page

    def _only_our_server(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" == self.url:
            route.continue_()
        else:
            self.strangers.append(route.request.url)
            route.abort()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _failed(self, request: Request) -> None:
        self.complaints.append(f"{request.url}: {request.failure}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """
    Start the Chromium of the system; a missing one is an error, never a skip.

    Not for the whole session: while Playwright runs, its event loop keeps other tests from having one of their own.
    """
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("These tests need the command chromium: run tests/install_browser.", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def fresh_page(browser: Browser, server: Server) -> Iterator[Watched]:
    """Yield a page with a memory of its own."""
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield Watched(page, server)
    context.close()


@pytest.fixture
def watched(browser: Browser, server: Server) -> Iterator[Watched]:
    """Yield a fresh page."""
    with fresh_page(browser, server) as page:
        yield page


@pytest.fixture(scope="module")
def documentation(browser: Browser, server: Server) -> Iterator[Watched]:
    """Yield the documentation, opened once for the tests that only look at it."""
    with fresh_page(browser, server) as page:
        page.open("/docs")
        page.page.wait_for_selector(".katex")
        yield page
