"""Pages made from what the service knows: its examples, its error codes."""

import re
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse

from app.errors import ERRORS, ProblemError
from app.examples import examples_of
from app.openapi_samples import in_reading_order, post_line
from app.pages import page, template
from solvers.problems import PROBLEMS

router = APIRouter(include_in_schema=False)


def prose(text: str) -> str:
    """Return a sentence as HTML; what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


@router.get("/examples")
async def show_examples(request: Request) -> HTMLResponse:
    """Return the page of all examples, with a command line for each."""
    paths = request.app.openapi()["paths"]
    origin = f"{request.url.scheme}://{request.url.netloc}"
    sections = [_section(kind, paths[f"/v1/{kind}"]["post"], origin) for kind in PROBLEMS]
    return page("examples.html", title="Examples: Shadowprice", parts={"sections": "\n".join(sections)})


def _section(kind: str, operation: dict[str, Any], origin: str) -> str:
    found = examples_of(kind)
    rows = [_example(kind, name, found[name], origin) for name in in_reading_order(list(found))]
    address = f"/docs#/{operation['tags'][0]}/{operation['operationId']}"
    heading = f'<h2>{prose(operation["summary"])} <a class="path" href="{address}"><code>POST /v1/{kind}</code></a></h2>'
    return heading + "".join(rows)


def _example(kind: str, name: str, example: dict[str, Any], origin: str) -> str:
    full_name = f"{kind.replace('/', '-')}_{name}"
    parts = {
        "name": full_name,
        "path": f"/v1/examples/{full_name}",
        "summary": prose(example["summary"]),
        "description": prose(example["description"]),
        "status": example["expect"]["status"],
        "command": escape(post_line(kind, full_name, origin)),
    }
    return template("example.html").substitute(parts)


@router.get("/problems")
async def list_problems() -> HTMLResponse:
    """Return the page that lists every error code."""
    groups: dict[int, list[str]] = {}
    for code, kind in ERRORS.items():
        row = f'<tr><td><a href="/problems/{code}"><code>{code}</code></a></td><td>{escape(kind.title)}</td></tr>'
        groups.setdefault(kind.status, []).append(row)
    sections = [
        f"<h2>{heading_of(status)}</h2><table><tbody>{''.join(rows)}</tbody></table>"
        for status, rows in sorted(groups.items(), key=lambda group: group[0] or 1000)
    ]
    return page("problems.html", title="Errors: Shadowprice", parts={"sections": "\n".join(sections)})


@router.get("/problems/{code}")
async def explain_problem(code: Annotated[str, Path(max_length=60)]) -> HTMLResponse:
    """Return the page that the `type` of an error points to."""
    if code not in ERRORS:
        raise ProblemError("NOT_FOUND", "There is no such error code.")
    kind = ERRORS[code]
    parts = {"code": code, "title": escape(kind.title), "where": heading_of(kind.status), "help": prose(kind.help)}
    return page("problem.html", title=f"{code}: Shadowprice", parts=parts)


def heading_of(status: int) -> str:
    """Return where errors of this status are met; 0 stands for a run that was recorded and failed."""
    return f"HTTP status {status}" if status else "In the <code>error</code> of a run that failed"
