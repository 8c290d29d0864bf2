"""How far simulated figures lie from promised ones, and whether the dear event was seen often enough to judge by that."""

from typing import Any

STANDARD_ERRORS = 6.0
"""A simulated mean further from its expectation would be a matter of chance once in 500 million times."""

ENOUGH = 100.0
"""Independent occurrences from which a sampled standard error is worth something."""

PROBABILITIES = frozenset({"cycle_service_level", "in_stock_probability"})
"""Figures between 0 and 1 that a rare event hardly moves."""


def seen_often(*, periods: int, holding_cost: float, stockout_cost: float, overlap: float) -> bool:
    """
    Tell whether shortages and surpluses occur often enough in a simulation.

    At an optimum the rarer of the two has a probability of about min(h, p) / (h + p) in a period; `overlap` is how many periods
    in a row share one demand, so that only one of them counts.
    """
    rarer = min(holding_cost, stockout_cost) / (holding_cost + stockout_cost)
    return periods * rarer / max(1.0, overlap) >= ENOUGH


def standard_errors_apart(figure: Any) -> float:
    """Return how many standard errors a figure lies from its promise, beyond a rounding allowance."""
    allowance = 1e-3 * max(1e-6, abs(figure.promised))
    distance = max(0.0, abs(figure.achieved - figure.promised) - allowance)
    return float(distance / max(figure.standard_error, allowance))
