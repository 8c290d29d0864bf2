"""Network problems as linear models: the same objective as their own engines find."""

import pytest

from app.examples import examples
from solvers.base import Budget, Silent
from solvers.linear.solve import solve_linear
from solvers.linear_forms import linear_form
from solvers.problems import PROBLEMS
from solvers.registry import FEATURES

KINDS = ["network/shortest-path", "network/maximum-flow", "network/minimum-cost-flow", "network/assignment"]
BUDGET = Budget(time_limit=10.0, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)


@pytest.mark.parametrize("name", [f"{kind.replace('/', '-')}_{name}" for kind in KINDS for name in ("tiny", "realistic")])
def test_the_linear_model_has_the_same_optimum(name: str) -> None:
    """Rows and columns say what the graph says."""
    example = examples()[name]
    problem = PROBLEMS[example["kind"]].problem.model_validate(example["request"])
    model = linear_form(example["kind"], problem)
    solver = next(iter(FEATURES[example["kind"]].solvers.values()))
    outcome = solver.solve(problem, BUDGET, Silent())
    assert model is not None
    assert outcome.objective is not None
    assert solve_linear(model, BUDGET, Silent()).value == pytest.approx(outcome.objective.value)
