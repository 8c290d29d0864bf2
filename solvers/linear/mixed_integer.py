"""What only a model with integer decisions has to explain: its relaxation, and how value and bound approached each other."""

from collections.abc import Sequence

from models.explanation import BoundPoint, MixedInteger, Regret
from solvers.base import relative_gap
from solvers.linear.model import LinearModel
from solvers.linear.solve import LinearResult

MOST_POINTS = 200
"""Longest bound history that is shown; a longer one is thinned out evenly, its ends kept."""


def mixed_integer_of(model: LinearModel, result: LinearResult, *, regrets: Sequence[Regret]) -> MixedInteger | None:
    """
    Return what is known of the search for whole numbers, or None for an LP and for a MIP without an answer.

    Parameters
    ----------
    model, result
        What was solved and what came out; `result.relaxation` gives the value without integrality.
    regrets
        Decisions flipped and solved again, largest regret first.
    """
    if not model.is_mip or result.values is None:
        return None
    relaxation = None if result.relaxation is None else result.relaxation.value
    return MixedInteger(
        relaxation_value=relaxation,
        relaxation_gap=relative_gap(result.value, relaxation),
        bound_history=_thinned(result.bound_history),
        regrets=list(regrets),
    )


def _thinned(history: Sequence[BoundPoint]) -> list[BoundPoint]:
    """Return at most `MOST_POINTS` points, first and last among them."""
    if len(history) <= MOST_POINTS:
        return list(history)
    step = (len(history) - 1) / (MOST_POINTS - 1)
    return [history[round(place * step)] for place in range(MOST_POINTS)]
