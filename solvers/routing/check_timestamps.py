"""Check of timestamps: each says the same moment as the seconds beside it. Violations are in seconds."""

import math
from datetime import datetime

from models.routing import RoutingSolution
from solvers.routing.check_request import Request

FAR = 1e11
"""Seconds, over 3,000 years, from which on there may be no timestamp."""

MOMENTS = ("arrival", "start_service", "departure")


def timestamp_violation(request: Request, plan: RoutingSolution) -> float:
    """Return the largest difference between a timestamp and its seconds from the origin; infinite where one is missing."""
    origin = request.problem.time_origin
    worst = 0.0
    for route in plan.routes:
        for stop in route.stops:
            for name in MOMENTS:
                text = getattr(stop, f"{name}_at")
                if origin is None or text is None:
                    known = text is not None or (origin is not None and getattr(stop, name) < FAR)
                    worst = math.inf if known else worst
                    continue
                passed = datetime.fromisoformat(text) - datetime.fromisoformat(origin)
                worst = max(worst, abs(passed.total_seconds() - getattr(stop, name)))
    return worst
