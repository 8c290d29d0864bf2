"""The pages for people, without a browser."""

import hashlib
import html
import re
from pathlib import Path

import pytest

from app.errors import ERRORS
from app.examples import examples
from app.pages import STATIC
from tests.server import ROOT, Server

PAGES = ("/docs", "/examples", "/problems", "/problems/INVALID_REQUEST")
VENDORED = sorted(path for path in (STATIC / "vendor").iterdir() if path.is_dir())


def test_the_root_leads_to_the_documentation(server: Server) -> None:
    """Who opens the bare address sees the documentation."""
    assert server.client.get("/").headers["location"] == "/docs"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(server: Server, path: str) -> None:
    """Each page is HTML with a language, a title, a main part, and no gap left in its template."""
    answer = server.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en">' in answer.text
    assert re.search(r"<title>[^<]*Shadowprice[^<]*</title>", answer.text)
    assert answer.text.count('<main id="content"') == 1
    assert "$" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_run_only_our_own_scripts(server: Server, path: str) -> None:
    """The policy allows no other host and no inline script, and the page has none."""
    answer = server.client.get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert "script-src" not in policy
    assert policy["frame-ancestors"] == "'none'"
    assert re.findall(r"<script(?![^>]*\bsrc=)", answer.text) == []
    assert re.findall(r"\son[a-z]+=", answer.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_everything_that_a_page_asks_for_is_here(server: Server, path: str) -> None:
    """Scripts, styles, pictures and links all stay on this server and exist."""
    found = set(re.findall(r'(?:src|href)="([^"#]+)"', server.client.get(path).text))
    assert all(address.startswith("/") and not address.startswith("//") for address in found)
    assert {address: server.client.get(address).status_code for address in found} == dict.fromkeys(found, 200)


def test_style_sheets_name_no_other_host() -> None:
    """What a style sheet fetches comes from this server or stands in the sheet itself."""
    addresses = [
        address
        for sheet in STATIC.rglob("*.css")
        for address in re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)", sheet.read_text())
    ]
    assert [address for address in addresses if re.match(r"(https?:)?//", address)] == []


def test_vendored_files_are_what_was_fetched() -> None:
    """The list of sums names every vendored file, and each file still has its sum."""
    listed = dict(reversed(line.split("  ")) for line in (STATIC / "CHECKSUMS.txt").read_text().splitlines())
    files = [path for folder in VENDORED for path in folder.rglob("*") if path.is_file()]
    assert {path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == listed


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_vendored_files_come_with_their_licence(folder: Path) -> None:
    """The licence lies beside the files and the notices name the folder."""
    assert (folder / "LICENSE").stat().st_size > 500
    assert f"app/static/vendor/{folder.name}/" in (ROOT / "THIRD_PARTY_NOTICES.md").read_text()


def test_vendored_files_may_be_kept(server: Server) -> None:
    """Their path carries the version, so a browser need never ask again."""
    style = next((STATIC / "vendor").rglob("katex.min.css")).relative_to(STATIC)
    assert server.client.get(f"/static/{style}").headers["cache-control"] == "public, max-age=31536000, immutable"


def test_our_own_files_are_asked_for_again(server: Server) -> None:
    """A browser asks each time, and is told when nothing changed."""
    first = server.client.get("/static/docs.js")
    assert first.headers["cache-control"] == "no-cache"
    again = server.client.get("/static/docs.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["/static/none.js", "/static/../pages.py", "/static/%2e%2e/pages.py", "/static/", "/problems/NO_SUCH"]
)
def test_what_is_not_there_is_a_problem_like_any_other(server: Server, path: str) -> None:
    """Files outside the folder, folders and unknown codes are answered 404 in the one shape."""
    answer = server.client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "NOT_FOUND"


def test_pages_answer_head(server: Server) -> None:
    """Link checkers ask with HEAD."""
    assert server.client.head("/docs").status_code == 200


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_code_has_a_page(server: Server, code: str) -> None:
    """The `type` of an error leads to a page that says what it is, and the list leads there too."""
    text = server.client.get(f"/problems/{code}").text
    assert code in text
    assert ERRORS[code].title in text
    assert f'href="/problems/{code}"' in server.client.get("/problems").text


def test_every_example_has_its_command(server: Server) -> None:
    """The page of examples shows each with the line that solves it."""
    text = html.unescape(server.client.get("/examples").text)
    for name, example in examples().items():
        assert f"curl -s {server.url}/v1/examples/{name} |\n  curl -s {server.url}/v1/{example['kind']} -H" in text
        assert example["summary"].replace("`", "") in re.sub("</?code>", "", text)
