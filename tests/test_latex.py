"""All LaTeX that the service and its documents show is read by KaTeX in its strictest mode."""

import re
from typing import Any

import pytest

from app.examples import examples
from solvers.base import Silent
from solvers.linear.render_latex import text
from solvers.pipeline import answer
from solvers.problems import PROBLEMS
from solvers.registry import FEATURES
from tests.katex import complaints, latex_of
from tests.server import ROOT
from tests.solvers.linear.cases import REDDY_MIKKS, integer, run

HOSTILE = [
    "_",
    "%",
    "$$",
    "\\",
    "{",
    "}}",
    "\\frac{1}{",
    "&#~^",
    "a_b^c",
    "\\end{aligned}",
    "\\\\",
    "%comment",
    "Łódź",
    "\N{GREEK CAPITAL LETTER OMEGA}mega \N{GREEK SMALL LETTER ALPHA}",
    "東京",
    "10 \u00d7 20 m\u00b2",
    "½ €/kg",
    "no\u200bwidth",
    "👩‍🚀",
    "e\u0301",
    "\ud7ff\ufffd",
    "'\"`",
    "x" * 200,
    "_" * 200,
]
DOCUMENTS = sorted((ROOT / "docs").glob("**/*.md"))
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)(?<!\s)\$", re.DOTALL)


def explained(body: dict[str, Any]) -> list[str]:
    """Return the LaTeX of an answer to a linear problem, explained in full."""
    return list(latex_of(run(body, explain="full").explanation.model_dump(mode="json")))


@pytest.mark.parametrize("name", examples())
def test_the_latex_of_an_example_is_read(name: str) -> None:
    """Explained in full, within a second where a search would use all its time."""
    example = examples()[name]
    options = {**example["request"].get("options", {}), "explain": "full"}
    if example["kind"] == "routing":
        options["time_limit_s"] = 0.5
    problem = PROBLEMS[example["kind"]].problem.model_validate({**example["request"], "options": options}, strict=False)
    found = answer(FEATURES[example["kind"]], problem, Silent(), input_sha256="0" * 64)
    assert found.explanation is not None
    latex = list(latex_of(found.explanation.model_dump(mode="json")))
    if found.explanation.formulation is not None:
        assert found.explanation.formulation.latex in latex
    assert complaints(latex) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_harmless(name: str) -> None:
    """As the name of a variable, a constraint and a problem, in an LP, a MIP, an infeasible and an unbounded model."""
    row, column = f"row {name}", f"column {name}"
    body: dict[str, Any] = {
        "name": name,
        "unit": name,
        "variables": [{"name": column[:200], "objective": 1.5, "upper": 7.25, "unit": name, "meaning": name}],
        "constraints": [{"name": row[:200], "terms": {column[:200]: 2}, "lower": 1, "upper": 5, "unit": name}],
    }
    conflict = {"name": "conflict", "terms": {column[:200]: 1}, "lower": 9}
    endless = {"name": column[:200], "objective": -1, "lower": None}
    bodies = [
        body,
        integer(body),
        {**body, "constraints": [*body["constraints"], conflict]},
        {**body, "variables": [endless], "constraints": []},
    ]
    latex = [found for each in bodies for found in explained(each)]
    assert any("dual" in found for found in latex)
    assert complaints(latex) == []


def test_every_character_is_read() -> None:
    """Whatever stands in a name, KaTeX gets only what it can write."""
    letters = [chr(code) for code in [*range(0xD800), *range(0xE000, 0x10000, 7), *range(0x1F300, 0x1F700, 3)]]
    words = [text("".join(letters[start : start + 64])) for start in range(0, len(letters), 64)]
    assert complaints(words) == []


@pytest.mark.parametrize("exponent", [-12, -5, 0, 7, 11])
def test_numbers_of_every_size_are_read(exponent: int) -> None:
    """Large and small numbers are powers of ten, not Python's exponents."""
    size = 10.0**exponent
    body = {
        **REDDY_MIKKS,
        "constant": -size,
        "variables": [{"name": "x", "objective": 5 * size}, {"name": "y", "objective": 4 * size, "lower": -size}],
    }
    latex = explained(body)
    assert complaints(latex) == []
    assert not any(re.search(r"\de[-+]\d", found) for found in latex)


def test_a_large_model_is_written_by_families() -> None:
    """Beyond fifty variables the formulation and its dual are families, and KaTeX reads them."""
    body = {
        "variables": [{"name": f"x_{j}", "objective": 1, "lower": j % 3 - 1, "upper": 5} for j in range(60)],
        "constraints": [{"name": f"r_{j}", "terms": {f"x_{j}": 1, f"x_{j + 1}": 1}, "lower": 1} for j in range(59)],
    }
    latex = explained(body)
    assert any(r"^{\top}" in found for found in latex)
    assert complaints(latex) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_formulas_of_a_document_are_read(path: Any) -> None:
    """Formulas between dollar signs, in pages and in tables."""
    words = CODE.sub("", path.read_text(encoding="utf-8"))
    assert complaints([displayed or inline for displayed, inline in FORMULA.findall(words)]) == []


def test_a_mistake_is_noticed() -> None:
    """The engine is the real one: an open brace and a raw letter of mathematics are refused."""
    assert len(complaints([r"\frac{1}{", "\\text{\u00d7}", r"x \le 1"])) == 2
