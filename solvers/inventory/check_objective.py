"""The checks of an objective against terms that were priced again from the request."""

import math
from collections.abc import Mapping
from typing import Any

from models.run import Check

TOLERANCE = 1e-6


def objective_checks(terms: Mapping[str, float], objective: Any, *, tolerance: float = TOLERANCE) -> list[Check]:
    """Compare value and terms with the recomputed ones, to a relative tolerance, and the sum of the terms with the value."""
    reported = {term.name: term.value for term in objective.terms}
    scale = max(1.0, math.fsum(abs(amount) for amount in terms.values()))
    apart = [abs(reported.get(name, 0.0) - terms.get(name, 0.0)) for name in set(reported) | set(terms)]
    violations = {
        "objective": (abs(math.fsum(terms.values()) - objective.value), tolerance),
        "objective_terms": (max(apart, default=0.0), tolerance),
        "sum_of_terms": (abs(math.fsum(reported.values()) - objective.value), TOLERANCE),
    }
    return [Check(name=name, max_violation=amount / scale, tolerance=limit) for name, (amount, limit) in violations.items()]
