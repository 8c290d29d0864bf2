"""The dual is right: solved by itself it has the primal's optimum, and the reported prices are a feasible point of it."""

from collections import Counter

import numpy as np
import pytest

from solvers.base import Silent
from solvers.linear.dual_program import dual_point, dual_program
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, run
from tests.solvers.linear.random_models import random_models

PAIRS = {("optimal", "optimal"), ("unbounded", "infeasible"), ("infeasible", "unbounded"), ("infeasible", "infeasible")}


def test_the_dual_of_the_textbook() -> None:
    """Reddy Mikks (Taha): min 24 y1 + 6 y2 + y3 + 2 y4 with two conditions, all prices at least 0."""
    text = run(REDDY_MIKKS, explain="full").explanation.formulation.dual_text
    assert text.splitlines()[:5] == [
        "min 24 y[M1] + 6 y[M2] + y[difference] + 2 y[demand]",
        "subject to",
        "  x: 6 y[M1] + y[M2] - y[difference] >= 5",
        "  y: 4 y[M1] + 2 y[M2] + y[difference] + y[demand] >= 4",
        "  y[M1], y[M2], y[difference], y[demand] >= 0",
    ]
    assert "Strong duality: primal 21, dual 24 * 0.75 + 6 * 0.5 = 21, difference 0." in text


def test_signs_follow_the_sides_and_bounds() -> None:
    """In a minimum: >= gives a price >= 0, <= one <= 0, an equation any, a range two; a free column gives an equation."""
    body = {
        "variables": [
            {"name": "a", "objective": 1},
            {"name": "b", "objective": 2, "lower": None},
            {"name": "c", "objective": 3, "lower": None, "upper": 0},
            {"name": "d", "objective": 4, "lower": 1, "upper": 5},
            {"name": "e", "objective": 5, "lower": 2, "upper": 2},
        ],
        "constraints": [
            {"name": "least", "terms": {"a": 1, "b": 1, "c": 1}, "lower": 3},
            {"name": "most", "terms": {"a": 1, "d": 1}, "upper": 9},
            {"name": "same", "terms": {"b": 1, "e": 1}, "lower": 4, "upper": 4},
            {"name": "range", "terms": {"a": 1, "e": 1}, "lower": 2, "upper": 8},
        ],
    }
    lines = run(body, explain="full").explanation.formulation.dual_text.splitlines()
    assert lines[0] == (
        "max 3 y[least] + 9 y[most] + 4 y[same] + 2 y_lower[range] + 8 y_upper[range] + z_lower[d] + 5 z_upper[d] + 2 z[e]"
    )
    assert lines[2:7] == [
        "  a: y[least] + y[most] + y_lower[range] + y_upper[range] <= 1",
        "  b: y[least] + y[same] = 2",
        "  c: y[least] >= 3",
        "  d: y[most] + z_lower[d] + z_upper[d] = 4",
        "  e: y[same] + y_lower[range] + y_upper[range] + z[e] = 5",
    ]
    assert [line.strip() for line in lines[7:13]] == [
        "y[least] >= 0",
        "y[most] <= 0",
        "y[same] free",
        "y_lower[range] >= 0",
        "y_upper[range] <= 0",
        "z_lower[d] >= 0",
    ]


def test_the_dual_solved_has_the_primal_optimum() -> None:
    """On random models of every kind; and where one has no optimum, the other has none, in one of the ways that there are."""
    seen: Counter[tuple[str, str]] = Counter()
    for primal in random_models(150, seed=3):
        dual = dual_program(primal)
        result, other = (solve_linear(each, BUDGET, Silent()) for each in (primal, dual.model))
        pair = (result.termination.reason, other.termination.reason)
        assert pair in PAIRS
        seen[pair] += 1
        if result.value is None or result.duals is None or result.reduced_costs is None:
            continue
        assert other.value == pytest.approx(result.value, abs=1e-7)
        point = dual_point(dual, duals=result.duals, reduced_costs=result.reduced_costs)
        activity = dual.model.matrix() @ point
        assert np.all(activity >= dual.model.row_lower - 1e-7)
        assert np.all(activity <= dual.model.row_upper + 1e-7)
        assert np.all((point >= dual.model.column_lower) & (point <= dual.model.column_upper))
        assert dual.model.value(point) == pytest.approx(result.value, abs=1e-7)
    assert seen.keys() >= PAIRS - {("infeasible", "infeasible")}


def test_the_dual_of_the_dual_is_the_primal() -> None:
    """Its optimum at least: prices of prices are quantities."""
    for primal in random_models(40, seed=4):
        result = solve_linear(primal, BUDGET, Silent())
        twice = solve_linear(dual_program(dual_program(primal).model).model, BUDGET, Silent())
        if result.value is not None:
            assert twice.value == pytest.approx(result.value, abs=1e-7)


def test_a_mip_names_its_relaxation() -> None:
    """The dual is that of the relaxation, whose value bounds the best answer."""
    text = run(integer(REDDY_MIKKS), explain="full").explanation.formulation.dual_text
    assert "This is the dual of the relaxation, in which every variable may be fractional." in text
    assert "Strong duality: relaxation 21, dual 24 * 0.75 + 6 * 0.5 = 21, difference 0." in text
    assert "With whole numbers: the best found 20, whole numbers cost 1." in text


def test_an_infeasible_primal_shows_an_endless_dual() -> None:
    """Farkas multipliers are a direction in which the dual objective improves."""
    body = {
        "variables": [{"name": "x", "objective": 1, "upper": 3}],
        "constraints": [{"name": "much", "terms": {"x": 1}, "lower": 5}],
    }
    text = run(body, explain="full").explanation.formulation.dual_text
    assert "Direction: along y[much] = 1, z[x] = -1 its objective rises by 2 each time." in text


def test_an_unbounded_primal_has_no_dual_point() -> None:
    """Weak duality leaves nothing above it."""
    text = run({**REDDY_MIKKS, "constraints": []}, explain="full").explanation.formulation.dual_text
    assert "the primal improves without end, so the dual has no feasible point" in text


def test_whole_numbers_alone_are_no_contradiction_of_the_relaxation() -> None:
    """When only whole numbers make a model infeasible, nothing is said against its relaxation."""
    body = {
        "variables": [{"name": "x", "objective": 1, "integer": True}],
        "constraints": [{"name": "half", "terms": {"x": 2}, "lower": 1, "upper": 1}],
    }
    text = run(body, explain="full").explanation.formulation.dual_text
    assert "no feasible point in whole numbers" in text


def test_a_large_model_has_its_dual_by_families() -> None:
    """One block for each pair of families that meet, signs, an example of a column, and the two values."""
    body = {
        "variables": [{"name": f"x{j}", "objective": j + 1} for j in range(60)],
        "constraints": [{"name": f"r{j}", "terms": {f"x{j}": 1, f"x{j + 1}": 2}, "lower": 1} for j in range(59)],
    }
    explanation = run(body, explain="full").explanation
    lines = explanation.formulation.dual_text.splitlines()
    assert lines[:4] == ["max L' y", "subject to", "  A[x]' y <= c[x]", "  y >= 0"]
    assert "  x30: 2 y[r29] + y[r30] <= 31" in lines
    assert lines[-1].startswith("Strong duality: primal ")
    assert lines[-1].endswith(", difference 0.")
