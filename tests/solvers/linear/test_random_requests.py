"""Random small requests: the verdict is SciPy's and certified, and what is malformed is refused, never a crash."""

import json
import random
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from models.linear import LinearProblem
from solvers.linear.request import arrays_of
from solvers.linear.semantics import issues
from tests.solvers.linear.cases import problem, run

WILD = [0, 1, -1, 1e-9, 1e6, 1e12, 1e18, 1e300, float("nan"), float("inf"), None, "3", True, 0.5]
NAMES = ["x", "y", "z", "", "a b", "~/", "x\x00", "x\n", "\U0001f642", "<=", "End", "x" * 201]


def tame(seed: int) -> dict[str, Any]:
    """Return a small well-formed request with whole coefficients."""
    choose = random.Random(seed)
    names = [f"x{at}" for at in range(choose.randint(1, 4))]
    variables = []
    for name in names:
        low, high = sorted((choose.randint(-4, 4), choose.randint(-4, 9)))
        bounds = {"lower": choose.choice([0, low, None]), "upper": choose.choice([max(high, 0), None])}
        variables.append({"name": name, "objective": choose.randint(-3, 3), "integer": choose.random() < 0.3, **bounds})
    constraints = []
    for at in range(choose.randint(0, 4)):
        low, high = sorted((choose.randint(-9, 9), choose.randint(-9, 9)))
        terms = {name: choose.randint(-3, 5) for name in names if choose.random() < 0.7}
        sides = choose.choice([(low, high), (low, None), (None, high), (low, low)])
        constraints.append({"name": f"r{at}", "terms": terms, "lower": sides[0], "upper": sides[1]})
    return {"sense": choose.choice(["min", "max"]), "variables": variables, "constraints": constraints}


def reference(body: dict[str, Any]) -> tuple[int, float | None]:
    """Return SciPy's status (0 optimal, 2 infeasible, 3 unbounded, 4 one of the two) and objective."""
    arrays = arrays_of(problem(body))
    sign = -1.0 if body["sense"] == "max" else 1.0
    shape = (len(arrays.row_names), len(arrays.column_names))
    matrix = sparse.csr_array((arrays.entry_values, (arrays.entry_rows, arrays.entry_columns)), shape=shape)
    found = milp(
        sign * arrays.objective,
        integrality=arrays.integer.astype(int),
        bounds=Bounds(arrays.column_lower, arrays.column_upper),
        constraints=LinearConstraint(matrix, arrays.row_lower, arrays.row_upper) if shape[0] else (),
    )
    return int(found.status), sign * float(found.fun) if found.status == 0 else None


@pytest.mark.parametrize("seed", range(30))
def test_the_verdict_is_certified_and_agrees_with_scipy(seed: int) -> None:
    """Optimal values are equal; infeasible and unbounded requests are explained in full."""
    body = tame(seed)
    answer, (status, value) = run(body, explain="full"), reference(body)
    assert answer.certificate is not None
    assert answer.certificate.verified
    assert {"succeeded": (0,), "infeasible": (2, 4), "unbounded": (3, 4)}[answer.status].count(status) == 1
    if value is not None:
        assert answer.objective is not None
        assert answer.objective.value == pytest.approx(value, abs=1e-6)
    if answer.status == "infeasible":
        assert answer.explanation.infeasibility.irreducible
    if answer.status == "unbounded":
        assert answer.explanation.unbounded.verified
        assert answer.explanation.unbounded.missing


@pytest.mark.parametrize("seed", range(30))
def test_a_wild_request_is_refused_or_answered(seed: int) -> None:
    """Numbers, names and types that make no sense are errors of the request."""
    choose = random.Random(1_000 + seed)
    names = [choose.choice(NAMES) for _ in range(choose.randint(0, 3))]
    fields = ("lower", "upper", "objective", "relaxation_cost")
    body = {
        "variables": [{"name": name, choose.choice(fields): choose.choice(WILD)} for name in names],
        "constraints": [
            {"name": "r", "terms": {choose.choice(NAMES): choose.choice(WILD)}, "lower": choose.choice(WILD)}
            for _ in range(choose.randint(0, 2))
        ],
    }
    try:
        read = LinearProblem.model_validate_json(json.dumps({**body, "options": {"time_limit_s": 5}}))
    except ValidationError:
        return
    found = issues(read)
    if found:
        assert all(issue.pointer.startswith("/") and issue.message for issue in found)
        return
    answer = run(body, explain="full", time_limit_s=5)
    assert answer.status in ("succeeded", "infeasible", "unbounded")
    assert np.isfinite(answer.objective.value if answer.objective else 0.0)
