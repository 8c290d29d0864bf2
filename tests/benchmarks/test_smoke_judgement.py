"""The smoke test accepts what it should and nothing else."""

from typing import Any

import pytest

from benchmarks import data
from benchmarks.smoke import Case, check
from benchmarks.speed.livez import percentile

CASE = Case(name="made up", kind="linear", request={}, known=100.0, largest_gap=1e-6)


def run(value: float, *, verified: bool = True) -> dict[str, Any]:
    """Return a finished run with a value."""
    return {"status": "succeeded", "objective": {"value": value}, "certificate": {"verified": verified}, "solution": {}}


def test_the_published_value_passes():
    """A verified run with the published value has nothing wrong."""
    assert check(CASE, run(100.0)) == (100.0, 0.0, "")


@pytest.mark.parametrize(
    "answer",
    [run(100.1), run(99.9), run(100.0, verified=False), {"status": "failed", "error": {"code": "SOLVER_CRASHED"}}],
    ids=["worse", "too good", "not verified", "failed"],
)
def test_everything_else_is_named(answer):
    """A wrong value, an unverified answer and a failed run are each wrong."""
    assert check(CASE, answer)[2]


def test_missing_data_end_the_program_with_code_two(monkeypatch, tmp_path, capsys):
    """The message names the variable that says where the data are."""
    monkeypatch.setenv(data.VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit) as end:
        data.require("routing", "cvrp")
    assert end.value.code == data.MISSING_DATA
    assert data.VARIABLE in capsys.readouterr().err


def test_percentile_is_a_measured_value():
    """The nearest rank of 1..100: the median is 51, the largest share gives the largest value."""
    values = [float(k) for k in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 1.0)) == (51.0, 100.0)
