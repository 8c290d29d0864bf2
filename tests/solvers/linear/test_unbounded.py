"""Models without an optimum, and engines that do not come back."""

import time
from dataclasses import replace
from typing import Any

import pytest

from solvers.base import Silent
from solvers.linear import call, engine
from solvers.linear.algorithms import Algorithm
from solvers.linear.engine import run_engine
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, run

# HiGHS 1.12 calls this infeasible, while x1 = 3, x3 = 3, x6 = -4 and all else 0 is a point, and x4 can grow with x1 falling.
CALLED_INFEASIBLE: dict[str, Any] = {
    "sense": "max",
    "variables": [
        {"name": "x0", "upper": 7, "objective": -2.86},
        {"name": "x1", "lower": None, "objective": -2.95, "integer": True},
        {"name": "x3", "objective": -2.53, "integer": True},
        {"name": "x4", "objective": 1, "integer": True},
        {"name": "x5", "objective": 2, "integer": True},
        {"name": "x6", "lower": -4, "upper": 0, "objective": -2, "integer": True},
    ],
    "constraints": [
        {"name": "a", "terms": {"x1": 7, "x4": 3, "x6": 8}, "upper": 1.11061249},
        {"name": "b", "terms": {"x0": 3, "x1": 3, "x4": 2}, "lower": 5},
        {"name": "c", "terms": {"x0": -7, "x3": 3, "x5": 1}, "lower": 1},
        {"name": "d", "terms": {"x3": -3, "x5": 5}, "upper": 2},
    ],
}


def test_an_unbounded_mip_is_not_called_infeasible() -> None:
    """Its relaxation is unbounded, so any point settles it; point and ray are checked."""
    found = run(CALLED_INFEASIBLE)
    assert found.status == "unbounded"
    assert found.certificate is not None
    assert found.certificate.verified


def test_a_mip_with_unbounded_relaxation_may_be_infeasible() -> None:
    """2x = 1 has no whole solution, however far y may grow."""
    body = {
        "sense": "max",
        "variables": [{"name": "x", "integer": True, "upper": 9}, {"name": "y", "objective": 1, "integer": True}],
        "constraints": [{"name": "half", "terms": {"x": 2}, "lower": 1, "upper": 1}],
    }
    assert solve_linear(model(body), BUDGET, Silent()).status == "infeasible"


def test_a_search_that_overruns_its_time_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """When HiGHS does not come back, the run ends without an answer soon after its time limit."""
    quick = call.call

    def slow(proto: Any, algorithm: Algorithm, *parameters: Any, **named: Any) -> Any:
        if not algorithm.interruptible:
            time.sleep(1.0)
        return quick(proto, algorithm, *parameters, **named)

    monkeypatch.setattr(call, "call", slow)
    monkeypatch.setattr(engine, "OVERRUN", 0.1)
    started = time.monotonic()
    found = run_engine(model(integer(REDDY_MIKKS)), replace(BUDGET, time_limit=0.1), Silent())
    assert time.monotonic() - started < 0.9
    assert (found.reason, found.limit) == ("no_solution_found", "time")
