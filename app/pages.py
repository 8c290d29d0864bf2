"""
Pages for people, served from files of the package: no browser request leaves the machine.

A page is a file in `templates/` set into the frame that all of them share. The vendored files carry their version in their
path and may be kept by browsers for ever; everything else is asked for again and mostly answered with 304.
"""

import os
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from fastapi import FastAPI
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Own files only. Inline styles are what Swagger UI and KaTeX set on their elements; scripts may never be inline."""

KEPT_FOR_EVER = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"


class Assets(StaticFiles):
    """The static files, with how long a browser may keep each."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return a file, or 304 when the browser has it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        vendored = (STATIC / "vendor") in Path(full_path).parents
        response.headers["Cache-Control"] = KEPT_FOR_EVER if vendored else ASKED_AGAIN
        return response


@cache
def template(name: str) -> Template:
    """Return a file of `templates/`, with its `$names` to be filled in."""
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))


def page(name: str, *, title: str, parts: dict[str, str] | None = None) -> HTMLResponse:
    """
    Return a page.

    Parameters
    ----------
    name
        File in `templates/`.
    title
        What the window is called, as plain text.
    parts
        HTML to fill in, by the names that the file uses; what comes from outside must be escaped already.
    """
    body = template(name).substitute(parts or {})
    text = template("frame.html").substitute(title=escape(title), page=Path(name).stem, body=body)
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": ASKED_AGAIN}
    return HTMLResponse(text, headers=headers)


def install_pages(app: FastAPI) -> None:
    """Add the documentation, the way to it, and the files it needs."""

    async def documentation() -> Response:
        return page("docs.html", title="Shadowprice: an optimisation service that shows its working")

    async def start() -> Response:
        return RedirectResponse("/docs")

    async def icon() -> Response:
        return RedirectResponse("/static/favicon.svg")

    for path, endpoint in (("/", start), ("/docs", documentation), ("/favicon.ico", icon)):
        app.add_api_route(path, endpoint, methods=["GET", "HEAD"], include_in_schema=False)
    app.mount("/static", Assets(directory=STATIC), name="static")
