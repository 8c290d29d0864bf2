"""The house rules that a reader can check with a ruler."""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from app.examples import examples_of
from solvers.problems import PROBLEMS
from solvers.registry import FEATURES
from tests.server import ROOT

FILE_CEILING = 400
FUNCTION_CEILING = 60
MEDIAN_FILE = 130
MEDIAN_FUNCTION = 8
PACKAGES = ("app", "models", "solvers", "tests", "benchmarks")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PRODUCT = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("app", "models", "solvers")]
Function = ast.FunctionDef | ast.AsyncFunctionDef
FEATURE_NAMES = sorted({kind.split("/")[0] for kind in PROBLEMS})


def lines_of(node: Function) -> int:
    """Return the lines of a function's body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def functions() -> list[tuple[Path, Function]]:
    """Return every function of the product."""
    trees = [(path, ast.parse(path.read_text())) for path in PRODUCT]
    return [
        (path, node)
        for path, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_its_ceiling(path: Path) -> None:
    """No file has more than 400 lines."""
    assert len(path.read_text().splitlines()) <= FILE_CEILING


def test_files_are_short_in_the_middle() -> None:
    """The median file stays short."""
    assert statistics.median(len(path.read_text().splitlines()) for path in PRODUCT) <= MEDIAN_FILE


def test_no_function_is_longer_than_its_ceiling() -> None:
    """No function body has more than 60 lines, and the median has at most 8."""
    lengths = {f"{path.relative_to(ROOT)}:{node.name}": lines_of(node) for path, node in functions()}
    assert {name: length for name, length in lengths.items() if length > FUNCTION_CEILING} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_every_test_folder_is_a_package() -> None:
    """A folder of tests without __init__.py could shadow a package of the product."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_both_sides_know_the_same_kinds() -> None:
    """The front door and the registry of solvers list the same kinds."""
    assert list(PROBLEMS) == list(FEATURES)


@pytest.mark.parametrize("kind", PROBLEMS)
def test_the_solver_option_lists_the_registered_solvers(kind: str) -> None:
    """`options.solver` accepts `auto` and exactly the names in the registry."""
    options = PROBLEMS[kind].problem.model_fields["options"].annotation
    assert options is not None
    allowed = set(options.model_json_schema()["properties"]["solver"]["enum"])
    assert allowed == {"auto", *FEATURES[kind].solvers}


@pytest.mark.parametrize("feature", FEATURE_NAMES)
def test_a_feature_is_found_at_the_same_place_in_every_layer(feature: str) -> None:
    """One word leads through all layers."""
    model = ROOT / "models" / feature
    assert model.is_dir() or model.with_suffix(".py").exists()
    for place in (
        f"solvers/{feature}",
        f"app/endpoints/{feature}.py",
        f"tests/solvers/{feature}",
        f"docs/formulations/{feature}.md",
    ):
        assert (ROOT / place).exists(), place


@pytest.mark.parametrize("kind", PROBLEMS)
def test_every_kind_has_three_to_twelve_examples(kind: str) -> None:
    """Among them a tiny, a realistic and an explained one."""
    names = set(examples_of(kind))
    assert 3 <= len(names) <= 12
    assert {"tiny", "realistic", "explained"} <= names


FORBIDDEN = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian")


def test_no_registry_is_named() -> None:
    """Lock files and sources name packages, never the addresses they come from."""
    texts = [path for path in ROOT.glob("*") if path.is_file()] + SOURCES + sorted((ROOT / "docs").rglob("*.md"))
    assert [path for path in texts if any(host in path.read_text(errors="ignore") for host in FORBIDDEN)] == []


def test_the_packages_are_ours() -> None:
    """Another distribution with a top-level `models`, `solvers` or `app` has not replaced ours."""
    import app
    import models
    import solvers

    for package in (app, models, solvers):
        assert Path(package.__file__ or "").is_relative_to(ROOT)


def test_the_serving_process_loads_no_solver_library() -> None:
    """A crash in native code can only happen where it is loaded, which is in child processes."""
    program = "import sys, app.main; print([name for name in ('ortools', 'pyvrp', 'scipy', 'networkx') if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
