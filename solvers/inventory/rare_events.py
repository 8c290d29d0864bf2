"""Whether a simulation saw the dear event often enough to be judged by its standard errors."""

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
