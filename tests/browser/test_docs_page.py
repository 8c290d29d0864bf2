"""The pages as a person sees them, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.errors import ERRORS
from solvers.problems import PROBLEMS
from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
OPERATION = "#operations-Linear-solve_linear"
PAGES = ("/docs", "/problems", "/problems/INVALID_REQUEST")
WIDTHS = (1280, 390)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_else_and_complains_of_nothing(watched: Watched, path: str) -> None:
    """No request leaves for another host, and the console stays empty."""
    watched.open(path)
    assert watched.strangers == []
    assert watched.complaints == []


def test_the_documentation_lists_every_operation(watched: Watched) -> None:
    """Each operation of the document has its row, and each tag its paragraph."""
    page = watched.open("/docs")
    document = page.request.get(f"{watched.url}/openapi.json").json()
    page.wait_for_selector(".opblock")
    assert page.locator(".opblock").count() == sum(map(len, document["paths"].values()))
    assert page.locator(".opblock-tag").count() == len(document["tags"])
    for kind in PROBLEMS:
        assert page.locator(f".opblock-post [data-path='/v1/{kind}']").count() == 1, kind


def test_mathematics_is_set(watched: Watched) -> None:
    """Formulas are drawn: no dollar sign and no error is left to see, and the fonts have come."""
    page = watched.open("/docs")
    page.wait_for_selector(".katex")
    assert page.locator(".katex-display").count() >= 1
    assert page.locator(".opblock-tag .katex").count() >= 2
    assert page.locator(".katex-error").count() == 0
    assert "$" not in page.locator(".information-container").inner_text()
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")


def test_an_example_can_be_executed(watched: Watched) -> None:
    """Open an operation, press Execute: the first example is sent and its answer is shown, verified."""
    page = watched.open("/docs")
    page.locator(f"{OPERATION} .opblock-summary-control").click()
    page.locator(f"{OPERATION} textarea.body-param__text").wait_for()
    with page.expect_response(lambda answer: "/v1/linear" in answer.url) as answered:
        page.locator(f"{OPERATION} button.execute").click()
    assert answered.value.status == 200
    assert answered.value.json()["certificate"]["verified"]
    assert page.locator(f"{OPERATION} .live-responses-table tbody td.response-col_status").first.inner_text().startswith("200")
    assert watched.strangers == []
    assert watched.complaints == []


def test_an_operation_has_an_address(watched: Watched) -> None:
    """A link to an operation opens it."""
    page = watched.open("/docs#/Linear/solve_linear")
    page.locator(f"{OPERATION} button.execute").wait_for()


def test_the_filter_narrows_the_list(watched: Watched) -> None:
    """Typing a tag leaves its operations only."""
    page = watched.open("/docs")
    page.locator("input.operation-filter-input").fill("Routing")
    expect(page.locator(".opblock-tag")).to_have_count(1)
    assert page.locator(".opblock-tag").get_attribute("data-tag") == "Routing"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_its_window(watched: Watched, path: str, width: int) -> None:
    """Nothing has to be scrolled sideways, on a telephone neither."""
    watched.page.set_viewport_size({"width": width, "height": 800})
    page = watched.open(path)
    page.wait_for_selector("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_text_can_be_read(watched: Watched, path: str) -> None:
    """Every text has the contrast that WCAG asks for at level AA, also inside an open operation."""
    page = watched.open(path)
    if path == "/docs":
        page.locator(f"{OPERATION} .opblock-summary-control").click()
        page.locator(f"{OPERATION} button.execute").click()
        page.locator(f"{OPERATION} button.download-contents").wait_for()
        page.get_by_text("Schema", exact=True).first.click()
        page.locator(".models > h4 > button").click()
    assert page.evaluate(CONTRAST, "body") == []


def test_the_keyboard_reaches_the_content(watched: Watched) -> None:
    """The first stop of the Tab key skips the bar."""
    page = watched.open("/problems")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_page_of_an_error_says_what_it_means(watched: Watched) -> None:
    """From the list of errors one click leads to what a code means."""
    page = watched.open("/problems")
    page.get_by_role("link", name="QUEUE_FULL").click()
    assert ERRORS["QUEUE_FULL"].title in page.locator("h1").inner_text()
