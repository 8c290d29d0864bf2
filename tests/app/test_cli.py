"""The command line."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from app.examples import examples
from app.offline import kinds_of
from tests.problems import linear
from tests.server import ROOT


def shadowprice(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command line and return what it did."""
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, timeout=60, check=False)


def test_a_file_is_solved_without_a_server(tmp_path: Path) -> None:
    """The kind is recognised by the fields, and the answer is the envelope's inner part."""
    file = tmp_path / "plan.json"
    file.write_bytes(orjson.dumps(linear()))
    done = shadowprice("solve", str(file), "--explain", "summary")
    answer = orjson.loads(done.stdout)
    assert done.returncode == 0
    assert (answer["kind"], answer["status"]) == ("linear", "succeeded")
    assert answer["objective"]["value"] == pytest.approx(21.0)
    assert answer["explanation"] is not None


def test_an_example_file_is_solved_from_standard_input() -> None:
    """An example file holds its request under `request`."""
    done = shadowprice("solve", "-", given=(ROOT / "examples" / "linear_tiny.json").read_bytes())
    assert done.returncode == 0


def test_an_infeasible_problem_has_its_own_exit_code() -> None:
    """Exit code 1 says that there is no plan."""
    body = linear() | {"constraints": [{"name": "c", "terms": {"x": 1}, "upper": -1}]}
    done = shadowprice("solve", "-", "--kind", "linear", given=orjson.dumps(body))
    assert done.returncode == 1
    assert orjson.loads(done.stdout)["status"] == "infeasible"


@pytest.mark.parametrize("given", [b"{}", b"[", b'{"sense": "up"}'])
def test_an_invalid_request_has_its_own_exit_code(given: bytes) -> None:
    """Exit code 2 comes with problem details."""
    done = shadowprice("solve", "-", given=given)
    assert done.returncode == 2
    assert orjson.loads(done.stdout)["code"] in ("INVALID_REQUEST", "INVALID_JSON")


def test_a_file_that_is_not_there_is_named_without_a_traceback() -> None:
    """A wrong path is a wrong request, exit code 2."""
    done = shadowprice("solve", "nowhere.json")
    assert done.returncode == 2
    assert b"nowhere.json" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", examples())
def test_the_fields_of_every_example_tell_its_kind(name: str) -> None:
    """No example needs --kind."""
    assert kinds_of(examples()[name]["request"]) == [examples()[name]["kind"]]
