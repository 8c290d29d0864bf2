"""
The documents, run as tests.

Marks behind the language of a fenced block: `bash run` and `python run` are executed from the project's root, with the address
of a running server in place of http://127.0.0.1:8000; the `text output` block below is compared with what they print, numbers
within one in a million, or `within P%`. `json request KIND` is posted with validate_only.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest

from app.errors import ERRORS
from app.settings import Settings
from solvers.problems import PROBLEMS
from solvers.registry import FEATURES
from tests.server import ROOT, Server

ADDRESS = "http://127.0.0.1:8000"
SECONDS = 90
FENCE = re.compile(r"^```(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
FOLDERS = (".", "docs", "examples", "benchmarks", "solvers", "tests")
DOCUMENTS = sorted({path for name in FOLDERS for path in (ROOT / name).glob("*.md" if name == "." else "**/*.md")})
README = (ROOT / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block: where, language and marks, content, and the output block below it (marks and content) if any."""

    place: str
    marks: list[str]
    content: str
    output: tuple[str, str] | None


def blocks() -> list[Block]:
    """Return every fenced block of every document."""
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        fences = list(FENCE.finditer(text))
        for fence, following in zip_longest(fences, fences[1:]):
            line = text.count("\n", 0, fence.start()) + 1
            shown = following and following[1].startswith("text output") and not text[fence.end() : following.start()].strip()
            output = (following[1], following[2]) if following and shown else None
            found.append(Block(f"{path.relative_to(ROOT)}:{line}", fence[1].split(), fence[2], output))
    return found


RUNNABLE = [block for block in blocks() if block.marks[1:2] == ["run"]]
REQUESTS = [block for block in blocks() if block.marks[:2] == ["json", "request"]]
COMMANDS = {"bash": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


def output_of(block: Block, url: str) -> str:
    """Return what a runnable block prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [*COMMANDS[block.marks[0]], block.content.replace(ADDRESS, url)],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, f"{block.place}: {ran.stderr}"
    return ran.stdout


def tolerance_of(marks: str) -> float:
    """Return the relative tolerance that an output block allows."""
    allowed = re.search(r"within (\d+)%", marks)
    return int(allowed[1]) / 100 if allowed else 1e-6


def test_the_blocks_are_found() -> None:
    """Every runnable block has an output below it, and the README has one for each feature."""
    assert [block.place for block in RUNNABLE if block.output is None] == []
    readme = "".join(block.content for block in RUNNABLE if block.place.startswith("README.md"))
    assert [kind for kind in {kind.split("/")[0] for kind in PROBLEMS} if f"{ADDRESS}/v1/{kind}" not in readme] == []


@pytest.mark.parametrize("block", RUNNABLE, ids=lambda block: block.place)
def test_a_command_prints_what_the_document_shows(server: Server, block: Block) -> None:
    """The words are the same, and the numbers within the tolerance of the block."""
    assert block.output is not None
    marks, shown = block.output
    printed = output_of(block, server.url)
    assert NUMBER.sub("#", printed) == NUMBER.sub("#", shown)
    expected = [float(number) for number in NUMBER.findall(shown)]
    assert [float(number) for number in NUMBER.findall(printed)] == pytest.approx(expected, rel=tolerance_of(marks))


@pytest.mark.parametrize("block", REQUESTS, ids=lambda block: block.place)
def test_a_request_in_a_document_is_valid(server: Server, block: Block) -> None:
    """The service accepts it."""
    answer = server.client.post(f"/v1/{block.marks[2]}", json=json.loads(block.content), params={"validate_only": True})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    """Relative links name files and folders that exist."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    targets = [
        link.partition("#")[0] for link in LINK.findall(text) if "://" not in link and not link.startswith(("/", "mailto:"))
    ]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


def test_every_document_is_reached_from_the_index() -> None:
    """Whoever starts at docs/index.md finds every page."""
    seen: set[Path] = set()
    waiting = [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        waiting += [page.parent / link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert [str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").rglob("*.md")) if page.resolve() not in seen] == []


def test_the_settings_table_is_complete() -> None:
    """Each setting has a row, with its default where that is the same on every machine, and there is no other row."""
    rows = re.findall(r"^\| `SHADOWPRICE_(\w+)` \| (.+?) \|", README, re.MULTILINE)
    assert sorted(name.lower() for name, _ in rows) == sorted(Settings.model_fields)
    shown = {name.lower(): default.strip("`") for name, default in rows}
    for name, field in Settings.model_fields.items():
        if name not in ("workers", "database_url"):
            assert shown[name] == (f"{field.default:g}" if isinstance(field.default, float) else str(field.default))


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_code_is_documented(code: str) -> None:
    """The page of statuses and errors has a row for it, under the right HTTP status."""
    text = (ROOT / "docs" / "concepts" / "statuses.md").read_text(encoding="utf-8")
    status = ERRORS[code].status
    assert (f"| {status} | `{code}` |" if status else f"\n| `{code}` |") in text


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_kind_and_its_solvers_are_in_the_table_of_features(kind: str) -> None:
    """The README names each endpoint and, in its row, each solver."""
    row = next((line for line in README.splitlines() if line.startswith("|") and f"| `{kind}` |" in line), "")
    assert [name for name in FEATURES[kind].solvers if f"`{name}`" not in row] == []
    assert f"`{kind.replace('/', '-')}_*`" in row


@pytest.mark.parametrize("feature", sorted({kind.split("/")[0] for kind in PROBLEMS}))
def test_a_feature_has_a_formulation(feature: str) -> None:
    """Its mathematics is written down."""
    assert (ROOT / "docs" / "formulations" / f"{feature}.md").exists()


def test_every_decision_is_listed() -> None:
    """The list of decisions names each page once."""
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("0*.md"))


def test_the_list_of_examples_is_complete() -> None:
    """The page of the story names every example file."""
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in sorted((ROOT / "examples").glob("*_*.json")) if f"({path.name})" not in text] == []


def test_the_image_is_made_of_what_exists() -> None:
    """Everything that the Dockerfile copies is there and is let through by .dockerignore, and so is what the package needs."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert copied == allowed
    assert [name for name in copied if not (ROOT / name).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [*project["project"]["license-files"], project["project"]["readme"], "requirements.lock", "pyproject.toml"]
    assert {*needed, *project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]} <= copied


def test_every_make_command_exists() -> None:
    """Each `make NAME` in the README, the guide for contributors and the documents is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = [README, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")]
    pages += [path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")]
    named = {name for page in pages for name in re.findall(r"(?:`|^)make ([a-z-]+)(?:`|\s+#|$)", page, re.MULTILINE)}
    assert {"run", "test"} <= named <= targets
