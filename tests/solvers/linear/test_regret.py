"""Regrets are what a second solve says, and agree with trying everything on small models."""

import time
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from models.explanation import Regret
from solvers.base import Silent
from solvers.linear.model import LinearModel
from solvers.linear.regret import closest_call, regrets_of
from solvers.linear.solve import LinearResult, solve_linear, with_mip_prices
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, run


def solved(body: dict[str, Any]) -> tuple[LinearModel, LinearResult]:
    """Return a MIP and its answer with prices."""
    built = model(body)
    return built, with_mip_prices(built, solve_linear(built, BUDGET, Silent()), BUDGET, Silent())


def regrets(body: dict[str, Any]) -> list[Regret]:
    """Return the regrets of a MIP."""
    found, _ = regrets_of(*solved(body), deadline=time.monotonic() + 10, seed=0)
    return found


def knapsack(seed: int) -> dict[str, Any]:
    """Return a small 0-1 knapsack with two constraints."""
    rng = np.random.default_rng(seed)
    worth, first, second = rng.integers(5, 30, 7).tolist(), rng.integers(2, 9, 7).tolist(), rng.integers(2, 9, 7).tolist()
    names = [f"item-{place}" for place in range(7)]
    return {
        "sense": "max",
        "unit": "EUR",
        "variables": [
            {"name": name, "objective": w, "upper": 1, "integer": True} for name, w in zip(names, worth, strict=True)
        ],
        "constraints": [
            {"name": "weight", "terms": dict(zip(names, first, strict=True)), "upper": 18},
            {"name": "volume", "terms": dict(zip(names, second, strict=True)), "upper": 18},
        ],
    }


def best(built: LinearModel, column: int, value: float) -> float:
    """Return the best value of a knapsack with one item held, by trying all."""
    matrix = built.matrix().toarray()
    values = [
        float(built.objective @ np.array(choice))
        for choice in product((0, 1), repeat=built.columns)
        if choice[column] == value and np.all(matrix @ np.array(choice) <= built.row_upper)
    ]
    return max(values)


@pytest.mark.parametrize("seed", range(4))
def test_a_regret_is_the_best_value_with_the_flip(seed: int) -> None:
    """Against brute force over all choices; five decisions, largest regret first, each proved."""
    built, result = solved(knapsack(seed))
    assert result.value is not None
    found = regrets(knapsack(seed))
    assert len(found) == 5
    for regret in found:
        column = built.column_names.index(regret.name)
        expected = best(built, column, regret.flipped_to)
        assert regret.flipped_to == 1 - regret.value
        assert (regret.objective, regret.regret, regret.proved) == (expected, result.value - expected, True)
    assert [regret.regret for regret in found] == sorted((regret.regret for regret in found), reverse=True)


def test_a_sentence_holds_the_numbers() -> None:
    """What the other choice yields, and how much less that is."""
    body = {**integer(REDDY_MIKKS), "unit": "EUR"}
    assert {regret.sentence for regret in regrets(body)} == {
        "x at 3 instead of 4 yields 1 EUR less: 19 EUR in all.",
        "y at 1 instead of 0 yields 1 EUR less: 19 EUR in all.",
    }


def test_a_flip_that_leaves_no_answer_says_so() -> None:
    """The only depot cannot be closed."""
    body = {
        "variables": [{"name": "open", "objective": 5, "upper": 1, "integer": True}],
        "constraints": [{"name": "serve", "terms": {"open": 1}, "lower": 1}],
    }
    (regret,) = regrets(body)
    assert (regret.objective, regret.regret, regret.proved) == (None, None, True)
    assert regret.sentence == "open at 0 instead of 1 leaves no feasible answer."


def test_an_equally_good_answer_costs_nothing() -> None:
    """Two depots of the same cost."""
    body = {
        "variables": [{"name": name, "objective": 5, "upper": 1, "integer": True} for name in ("east", "west")],
        "constraints": [{"name": "serve", "terms": {"east": 1, "west": 1}, "lower": 1}],
    }
    assert {regret.regret for regret in regrets(body)} == {0.0}
    assert all(regret.sentence.endswith("there is an answer with it that is as good.") for regret in regrets(body))


def test_a_better_answer_is_no_regret_and_is_told() -> None:
    """When the search ended too early, a flip can be better than the answer."""
    built, result = solved(knapsack(0))
    early = replace(result, values=np.zeros(built.columns), value=0.0, bound=None)
    found, _ = regrets_of(built, early, deadline=time.monotonic() + 10, seed=0)
    assert {regret.regret for regret in found} == {0.0}
    assert all("is not the best" in regret.sentence for regret in found)
    assert closest_call(found) == [found[0].sentence]


def test_a_gap_that_was_allowed_makes_a_regret_approximate() -> None:
    """Second solves stop where the first one was allowed to."""
    built, result = solved(knapsack(1))
    assert result.value is not None
    found, _ = regrets_of(built, replace(result, bound=result.value * 1.05), deadline=time.monotonic() + 10, seed=0)
    assert any(" about " in regret.sentence for regret in found)


def test_fixed_decisions_are_not_flipped() -> None:
    """A decision with one possible value is none, and the reason says so."""
    body = {"variables": [{"name": "open", "objective": 5, "lower": 1, "upper": 1, "integer": True}]}
    assert regrets_of(*solved(body), deadline=time.monotonic() + 10, seed=0) == (
        [],
        "no decision has another value within its bounds",
    )


def test_a_caller_can_name_and_leave_out_decisions() -> None:
    """Words come from the feature; columns without words are left alone."""
    built, result = solved(knapsack(1))
    words = {0: "Packing the first", 3: "Leaving the fourth"}
    found, _ = regrets_of(
        built, result, deadline=time.monotonic() + 10, seed=0, phrase=lambda column, value, other: words.get(column)
    )
    assert {regret.name for regret in found} == {"item-0", "item-3"}
    assert {regret.sentence[:7] for regret in found} == {"Packing", "Leaving"}


def test_without_time_there_are_none_and_the_reason_is_told() -> None:
    """The deadline has passed."""
    found, reason = regrets_of(*solved(knapsack(2)), deadline=time.monotonic() - 1, seed=0)
    assert found == []
    assert reason == "no decision could be flipped and solved again within the time limit"


def test_regrets_come_at_level_full_only() -> None:
    """A summary says where they are."""
    summary = run(integer(REDDY_MIKKS), explain="summary").explanation
    assert summary.mixed_integer.regrets == []
    assert "level full" in summary.unavailable["mixed_integer.regrets"]
    assert len(run(integer(REDDY_MIKKS), explain="full").explanation.mixed_integer.regrets) == 2


def test_the_closest_call_is_the_smallest_regret() -> None:
    """One sentence, or none when nothing was flipped."""
    found = regrets(knapsack(3))
    (sentence,) = closest_call(found)
    assert f" yields {found[-1].regret:g} EUR less: " in sentence
    assert "closest of 5 decisions" in sentence
    assert closest_call([]) == []
