"""The methods by name, what counts as proved, and models at the edge."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear import call
from solvers.linear.algorithms import Algorithm
from solvers.linear.certificate import certificate_checks
from solvers.linear.engine import run_engine
from solvers.linear.model import Family, LinearModel, ModelBuilder
from solvers.linear.result import Method
from solvers.linear.solve import solve_linear
from solvers.pipeline import answer
from solvers.registry import FEATURES
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, problem, with_constraint

FAMILY = Family(symbol="x", latex="x", text="x", meaning="x", unit=None, pointer=None)


def bare(*, columns: int, rows: int, cost: float = 0.0, side: float = -np.inf, **bounds: Any) -> LinearModel:
    """Return a model without coefficients."""
    builder = ModelBuilder(name="bare", sense="min", objective=FAMILY)
    builder.add_variables(FAMILY, names=[f"x{k}" for k in range(columns)], objective=cost, **bounds)
    none: list[int] = []
    names = [f"r{k}" for k in range(rows)]
    builder.add_constraints(FAMILY, names=names, rows=none, columns=none, coefficients=none, lower=side)
    return builder.build()


@pytest.mark.parametrize("method", ["simplex", "interior_point"])
def test_every_method_with_a_vertex_has_a_basis_and_exact_prices(method: Method) -> None:
    """The textbook optimum is unique, and so are its prices."""
    result = solve_linear(model(REDDY_MIKKS), BUDGET, Silent(), method=method)
    assert (result.value, result.engine) == (pytest.approx(21), method)
    assert result.duals is not None
    assert result.duals.tolist() == pytest.approx([0.75, 0.5, 0, 0], abs=1e-9)
    assert result.column_status == ["basic", "basic"]


def test_the_first_order_method_proves_its_optimum_without_a_basis() -> None:
    """Its certificate holds to the usual tolerance, its bound is that of its own duals."""
    made = model(REDDY_MIKKS)
    result = solve_linear(made, BUDGET, Silent(), method="first_order")
    assert result.termination.reason == "optimal"
    assert result.value == pytest.approx(21, rel=1e-6)
    assert result.bound == pytest.approx(21, rel=1e-6)
    assert result.column_status is None
    assert all(check.max_violation <= check.tolerance for check in certificate_checks(made, result))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_false_optimum_goes_to_the_next_algorithm(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    """What does not stand its certificate is no answer, whoever calls it optimal."""
    true_call = call.call

    def lying(proto: Any, algorithm: Algorithm, *given: Any, **named: Any) -> Any:
        found = true_call(proto, algorithm, *given, **named)
        if algorithm.interruptible:
            found.solutions[0].dual_solution.dual_values.values[0] += 0.5
        return found

    monkeypatch.setattr(call, "call", lying)
    result = solve_linear(model(REDDY_MIKKS), replace(BUDGET, threads=threads), Silent())
    assert (result.value, result.termination.reason) == (pytest.approx(21), "optimal")
    assert "did not stand its check" in result.reasons[-1]


def test_an_optimum_that_no_algorithm_proves_is_imprecise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The values stay, the prices go."""
    true_call = call.call

    def lying(*given: Any, **named: Any) -> Any:
        found = true_call(*given, **named)
        found.solutions[0].dual_solution.dual_values.values[0] += 0.5
        return found

    monkeypatch.setattr(call, "call", lying)
    result = solve_linear(model(REDDY_MIKKS), BUDGET, Silent())
    assert (result.status, result.termination.reason) == ("succeeded", "imprecise")
    assert result.value == pytest.approx(21)
    assert (result.duals, result.bound) == (None, None)


@pytest.mark.parametrize("seed", [97, 251, 275])
def test_an_infeasible_lp_without_proof_gets_a_second_opinion(seed: int) -> None:
    """GLOP calls these feasible programs infeasible; interior point finds an optimum that stands its certificate."""
    made = wild(np.random.default_rng(seed))
    result = solve_linear(made, BUDGET, Silent())
    assert result.status == "succeeded"
    assert all(check.max_violation <= check.tolerance for check in certificate_checks(made, result))


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_numbers_of_every_size_give_no_false_answer(seed: int) -> None:
    """A feasible program is never called infeasible, and what is called optimal is proved so."""
    made = wild(np.random.default_rng(seed))
    result = solve_linear(made, BUDGET, Silent())
    assert result.status in ("succeeded", "failed")
    assert all(check.max_violation <= check.tolerance for check in certificate_checks(made, result))


def wild(draw: np.random.Generator) -> LinearModel:
    """Return a feasible LP whose numbers span twelve orders of magnitude."""
    n, m = int(draw.integers(3, 12)), int(draw.integers(3, 12))
    matrix = draw.normal(size=(m, n)) * 10 ** draw.uniform(-6, 6, (m, n))
    matrix[draw.random((m, n)) < 0.4] = 0
    activity = matrix @ (draw.uniform(0, 1, n) * 10 ** draw.uniform(-6, 6, n))
    builder = ModelBuilder(name="wild", sense="min", objective=FAMILY)
    room = [np.abs(activity) * draw.uniform(0, 1, m) for _ in range(2)]
    cost = draw.normal(size=n) * 10 ** draw.uniform(-6, 6, n)
    columns = builder.add_variables(FAMILY, names=[f"x{k}" for k in range(n)], upper=1e12, objective=cost)
    builder.add_constraints(
        FAMILY,
        names=[f"r{k}" for k in range(m)],
        rows=np.arange(m)[:, None],
        columns=columns[None, :],
        coefficients=matrix,
        lower=activity - room[0],
        upper=activity + room[1],
    )
    return builder.build()


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    ("made", "status"),
    [
        (bare(columns=0, rows=0), "succeeded"),
        (bare(columns=0, rows=2), "succeeded"),
        (bare(columns=0, rows=1, side=1.0), "infeasible"),
        (bare(columns=2, rows=0, cost=1.0), "succeeded"),
        (bare(columns=2, rows=0, cost=-1.0, integer=True, upper=3.5), "succeeded"),
        (bare(columns=1, rows=0, cost=-1.0), "unbounded"),
        (bare(columns=1, rows=1, side=1.0), "infeasible"),
    ],
)
def test_models_without_rows_columns_or_coefficients_are_solved(made: LinearModel, status: str, threads: int) -> None:
    """Nothing is too small."""
    assert solve_linear(made, replace(BUDGET, threads=threads), Silent()).status == status


def test_one_thread_and_an_iteration_limit_repeat_the_answer() -> None:
    """The same seed gives the same point, also where the limit ends the search."""
    made = wild(np.random.default_rng(5))
    budget = replace(BUDGET, iteration_limit=3)
    first, second = (run_engine(made, budget, Silent()) for _ in range(2))
    assert (first.reason, first.limit) == (second.reason, second.limit)
    assert (first.values is None) == (second.values is None)
    assert first.values is None or second.values is None or np.array_equal(first.values, second.values)


def test_stats_name_the_algorithm_and_the_reason() -> None:
    """The size decides, and the winner is named."""
    found = answer(FEATURES["linear"], problem(REDDY_MIKKS), Silent(), input_sha256="0" * 64)
    assert found.stats is not None
    assert found.stats.solver == "simplex"
    assert any("small linear program" in reason for reason in found.stats.reasons)
    assert "was the first with a proof" in found.stats.reasons[-1]


def test_approximate_prices_are_called_so() -> None:
    """The explanation of a first-order answer claims no vertex."""
    asked = problem(REDDY_MIKKS, solver="first_order", explain="full")
    found = answer(FEATURES["linear"], asked, Silent(), input_sha256="0" * 64)
    assert found.status == "succeeded"
    assert found.explanation.duals.kind == "approximate"


@pytest.mark.parametrize("solver", ["simplex", "branch_and_bound", "constraint_programming"])
def test_a_search_tells_its_history(solver: str) -> None:
    """An integer answer ends its history at value and bound; a linear program has none."""
    body = with_constraint(integer(REDDY_MIKKS), name="even", terms={"x": 2, "y": 2}, upper=9)
    body = {**body, "variables": [{**variable, "upper": 9} for variable in body["variables"]]}
    whole = solver != "simplex"
    asked = problem(body if whole else REDDY_MIKKS, solver=solver, explain="summary")
    found = answer(FEATURES["linear"], asked, Silent(), input_sha256="0" * 64)
    assert found.stats is not None
    assert found.stats.solver == solver
    if not whole:
        assert found.explanation.mixed_integer is None
        return
    last = found.explanation.mixed_integer.bound_history[-1]
    assert found.objective is not None
    assert (last.value, last.bound) == pytest.approx((found.objective.value, found.objective.bound))
    assert found.explanation.mixed_integer.relaxation_value == pytest.approx(20.25, abs=2)
