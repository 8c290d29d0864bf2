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
PAGES = ("/examples", "/problems", "/problems/INVALID_REQUEST")
WIDTHS = (1280, 390)


def overhang(watched: Watched, width: int) -> int:
    """Return by how many pixels a page is wider than a window of this width."""
    watched.page.set_viewport_size({"width": width, "height": 800})
    return max(0, watched.page.evaluate("document.documentElement.scrollWidth") - width)


def test_the_documentation_asks_nobody_else(documentation: Watched) -> None:
    """No request leaves for another host, and the console stays empty."""
    assert documentation.strangers == []
    assert documentation.complaints == []


def test_the_documentation_lists_every_operation(documentation: Watched) -> None:
    """Each operation of the document has its row, and each tag its paragraph."""
    page = documentation.page
    document = page.request.get(f"{documentation.url}/openapi.json").json()
    assert page.locator(".opblock").count() == sum(map(len, document["paths"].values()))
    assert page.locator(".opblock-tag").count() == len(document["tags"])
    for kind in PROBLEMS:
        assert page.locator(f".opblock-post [data-path='/v1/{kind}']").count() == 1, kind


def test_mathematics_is_set(documentation: Watched) -> None:
    """Formulas are drawn: no dollar sign and no error is left to see, and the fonts have come."""
    page = documentation.page
    assert page.locator(".katex-display").count() >= 1
    assert page.locator(".opblock-tag .katex").count() >= 2
    assert page.locator(".katex-error").count() == 0
    assert "$" not in page.locator(".information-container").inner_text()
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_documentation_fits_its_window(documentation: Watched, width: int) -> None:
    """Nothing has to be scrolled sideways, on a telephone neither."""
    assert overhang(documentation, width) == 0


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


def test_an_executed_example_can_be_read(watched: Watched) -> None:
    """Every text has the contrast that WCAG asks for at level AA, in schemas and answers too."""
    page = watched.open("/docs")
    page.locator(f"{OPERATION} .opblock-summary-control").click()
    page.locator(f"{OPERATION} button.execute").click()
    page.locator(f"{OPERATION} button.download-contents").wait_for()
    page.get_by_text("Schema", exact=True).first.click()
    page.locator(".models > h4 > button").click()
    assert page.evaluate(CONTRAST, "body") == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read(watched: Watched, path: str) -> None:
    """It asks nobody else, complains of nothing, has contrast, and fits a telephone."""
    page = watched.open(path)
    assert watched.strangers == []
    assert watched.complaints == []
    assert page.evaluate(CONTRAST, "body") == []
    assert [overhang(watched, width) for width in WIDTHS] == [0, 0]


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
