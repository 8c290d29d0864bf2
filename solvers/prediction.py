"""From a parent's problem to its prices, and from its prices to a prediction that the true answer is held against."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from models.comparison import Actual
from models.run import Answer
from solvers.base import Budget, Progress
from solvers.linear.model import LinearModel
from solvers.linear.solve import LinearResult, solve_linear
from solvers.linear.what_if import Prediction, predict
from solvers.linear_forms import LINEAR_FORMS, forced_form, linear_form, whole_values

TOLERANCE = 1e-6
"""Relative difference up to which two objectives are the same."""

SHARE = 0.7
"""Share of the time left that the parent's prices may take."""

NOISE = 1e-9
"""Relative size below which a price is nothing."""

MOST_PRICES = 5


def no_prediction(reason: str) -> Prediction:
    """Return the prediction that there is none."""
    return Prediction(value=None, method="none", exact=False, at_least=None, at_most=None, reason=reason)


def priced_parent(
    kind: str,
    problem: Any,
    objective: float | None,
    solution: Mapping[str, Any] | None,
    *,
    deadline: float,
    progress: Progress,
) -> tuple[LinearModel | None, LinearResult | None, str]:
    """
    Return the linear model behind a parent with its prices, or None twice and the reason.

    A linear program is solved again; of a model with whole numbers, the linear program with those of the parent's answer.
    """
    if kind not in LINEAR_FORMS:
        return None, None, f"{kind} is not solved by a linear model, so there are no prices; the true change stands beside"
    if objective is None:
        return None, None, "the parent has no answer whose prices could be used"
    if progress.stop_requested():
        return None, None, "the run was stopped before the parent was priced"
    model = linear_form(kind, problem)
    assert model is not None
    priced = model
    if model.is_mip:
        values = None if solution is None else whole_values(kind, problem, model, solution)
        if values is None:
            return None, None, "the parent's answer, whose whole numbers the prices need, is gone"
        priced = model.with_fixed_integers(values)
    result = _solved(priced, SHARE * (deadline - time.monotonic()), problem.options.seed, progress)
    if result is None or result.duals is None or result.value is None:
        return None, None, "the parent could not be priced within its share of the time limit"
    if abs(result.value - objective) > TOLERANCE * max(1.0, abs(objective)):
        return None, None, "the parent's answer is not optimal, and prices hold at an optimum only"
    return model, result, ""


def foretold(
    kind: str,
    model: LinearModel,
    result: LinearResult,
    before: Any,
    after: Any,
    forced: Any,
    *,
    deadline: float,
    progress: Progress,
) -> tuple[Prediction, LinearModel]:
    """Return what the parent's prices foretell about the changed problem, and the model that this is said of."""

    def solve(program: LinearModel) -> LinearResult | None:
        return _solved(program, SHARE * (deadline - time.monotonic()), before.options.seed, progress)

    relaxed = forced_form(kind, model, before, forced) if forced is not None else None
    if relaxed is not None:
        return _of_relaxation(predict(model, result, relaxed, solve)), relaxed
    changed = linear_form(kind, after)
    assert changed is not None
    return predict(model, result, changed, solve), changed


def incomparable(answer: Answer[Any, Any]) -> str | None:
    """Return why the objective of an answer is not one of the same task as the parent's, or None when it is."""
    missed = getattr(answer.solution, "unreachable", None)
    return "a target cannot be reached any more, so the objectives sum different distances" if missed else None


def _of_relaxation(prediction: Prediction) -> Prediction:
    """Return what a prediction for a relaxed problem says of the problem itself (a minimum): a lower bound."""
    bound = prediction.at_least
    reason = "prices of the arcs: every path that uses the arc costs at least this; detours may cost more"
    return replace(
        prediction, value=bound, method="duals" if bound is not None else "none", exact=False, at_most=None, reason=reason
    )


def _solved(model: LinearModel, seconds: float, seed: int, progress: Progress) -> LinearResult | None:
    """Return the optimum of a linear program, or None when it has none or time is short."""
    if seconds <= 0 or progress.stop_requested():
        return None
    budget = Budget(time_limit=seconds, iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1, explain="full")
    result = solve_linear(model, budget, progress)
    return result if result.termination.reason == "optimal" else None


def checked(prediction: Prediction, actual: Actual, answer: Answer[Any, Any], *, sense: str) -> Prediction:
    """Return the prediction without what the true answer contradicts: a bound that is wrong would be a defect."""
    true = actual.objective
    reason = answer.termination.reason if answer.termination is not None else ""
    at_least, at_most, exact = prediction.at_least, prediction.at_most, prediction.exact
    if true is not None:
        room = TOLERANCE * max(1.0, abs(true))
        best = reason == "optimal"
        wrong_low = at_least is not None and true < at_least - room and (best or sense == "min")
        wrong_high = at_most is not None and true > at_most + room and (best or sense == "max")
        wrong = exact and best and prediction.value is not None and abs(prediction.value - true) > room
    else:
        wrong_low = sense == "max" and reason == "infeasible" and at_least is not None
        wrong_high = sense == "min" and reason == "infeasible" and at_most is not None
        wrong = exact and reason in ("infeasible", "unbounded")
    if not (wrong_low or wrong_high or wrong):
        return prediction
    words = "the true answer contradicts what was claimed, so the claim is withheld (numbers near the limit of precision)"
    return replace(prediction, at_least=None, at_most=None, exact=False, reason=words)


def price_words(model: LinearModel, result: LinearResult, columns: Sequence[str]) -> list[str]:
    """Return what the reduced costs of the forced columns of a linear program say, one sentence each."""
    if result.reduced_costs is None or model.is_mip:
        return []
    place = {name: column for column, name in enumerate(model.column_names)}
    scale = max(1.0, float(np.abs(model.objective).max(initial=0.0)))
    found = []
    for name in [name for name in columns if name in place][:MOST_PRICES]:
        price = float(result.reduced_costs[place[name]])
        if abs(price) > NOISE * scale:
            words = f"is {price:.6g}: that is what the first unit of it by which it is forced changes the objective"
        else:
            words = "is 0: the answer uses it, or could at no cost, so what forcing it costs shows only in the prices beyond"
        found.append(f"The reduced cost of {name} {words}.")
    return found
