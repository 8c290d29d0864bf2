"""
Independent check of updates: the state is read without the code of the method, and the recursion is written as a sum.

After r rows the correction is (1 - alpha)^r times the one before, plus the sum of alpha (1 - alpha)^(later rows) times what
each row was above the path; rows without a value do not count.
"""

import base64
import json
import math
from collections.abc import Iterator
from typing import Any

from models.forecasting.update import SeriesUpdated, UpdateProblem, UpdateSolution
from models.run import Check
from solvers.base import Outcome
from solvers.forecasting.check_data import expected_times, parsed

POINT_TOLERANCE = 1e-9
DAMPING = 0.9
MOST_CHECKED = 20_000
"""Series whose forecasts are recomputed."""


def check_update(problem: UpdateProblem, outcome: Outcome[UpdateSolution]) -> list[Check]:
    """Return the checks of every updated forecast."""
    if outcome.solution is None:
        return []
    states = [opened(update.state) for update in problem.series]
    answers = outcome.solution.series
    matching = [state["id"] for state in states] == [answer.id for answer in answers]
    lengths = all(len(row) == problem.horizon for answer in answers for row in _rows(answer))
    finite = all(math.isfinite(number) for answer in answers for row in _rows(answer) for number in row)
    complete = matching and lengths and finite
    checks = [Check(name="series", max_violation=0.0 if complete else 1.0, tolerance=0.0)]
    if not complete:
        return checks
    rows = list(zip(problem.series, states, answers, strict=True))[:MOST_CHECKED]
    points = [_point_violation(state, update.values, answer) for update, state, answer in rows]
    times = [_time_violation(state, len(update.values), answer) for update, state, answer in rows]
    return [
        *checks,
        Check(name="timestamps", max_violation=max(times), tolerance=0.0),
        Check(name="point_forecast", max_violation=max(points), tolerance=POINT_TOLERANCE),
        Check(name="interval_order", max_violation=max(_order_violations(answers)), tolerance=POINT_TOLERANCE),
    ]


def opened(text: str) -> dict[str, Any]:
    """Return the fields of a state; its signature has been verified before."""
    body = text.partition(".")[0]
    fields: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return fields


def _rows(answer: SeriesUpdated) -> list[list[float]]:
    bounds = [side for interval in answer.intervals.values() for side in (interval.lower, interval.upper)]
    return [answer.mean, answer.median, *answer.quantiles.values(), *bounds]


def _line(state: dict[str, Any], step: int) -> tuple[float, float]:
    """Return intercept and slope of the forecast of a step as a function of the correction."""
    path, season = state["path"], state["season"]
    level = path[min(step, len(path)) - 1]
    if len(path) > 1:
        level += (path[-1] - path[-2]) * sum(DAMPING**k for k in range(1, step - len(path) + 1))
    multiplicative = state["season_kind"] == "multiplicative"
    index = season[(state["phase"] + step - 1) % len(season)] if season else float(multiplicative)
    factor, offset = 1.0, 0.0
    if state["factor"] and step <= len(path):
        factor, offset = state["factor"][step - 1], state["offset"][step - 1]
    return (factor * level * index + offset, factor * index) if multiplicative else (factor * (level + index) + offset, factor)


def _point_violation(state: dict[str, Any], values: list[float | None], answer: SeriesUpdated) -> float:
    known = [(state["seen"] + k + 1, value) for k, value in enumerate(values) if value is not None]
    above = []
    for step, value in known:
        intercept, slope = _line(state, step)
        above.append((value - intercept) / slope if slope else None)
    counted = [gap for gap in above if gap is not None]
    keep = 1 - state["alpha"]
    correction = keep ** len(counted) * state["correction"]
    correction += sum(state["alpha"] * keep ** (len(counted) - 1 - k) * gap for k, gap in enumerate(counted))
    first = state["seen"] + len(values) + 1
    worst, largest = 0.0, max(1e-300, *map(abs, answer.mean))
    for step, told in enumerate(answer.mean, start=first):
        intercept, slope = _line(state, step)
        expected = intercept + slope * correction
        worst = max(worst, abs((max(expected, 0.0) if state["non_negative"] else expected) - told))
        largest = max(largest, abs(intercept))
    return worst / largest


def _time_violation(state: dict[str, Any], rows: int, answer: SeriesUpdated) -> float:
    zone = state.get("time_zone")
    start = parsed(state["start"], state["frequency"], zone)
    first = state["position"] + state["seen"] + rows
    wanted = expected_times(state["frequency"], start, first=first, count=len(answer.mean))
    return float(
        sum(parsed(stamp, state["frequency"], zone) != moment for stamp, moment in zip(answer.timestamps, wanted, strict=True))
    )


def _order_violations(answers: list[SeriesUpdated]) -> Iterator[float]:
    """Return, per interval, by how much its ends are out of order, relative to its size."""
    yield 0.0
    for answer in answers:
        for interval in answer.intervals.values():
            for low, high in zip(interval.lower, interval.upper, strict=True):
                yield (low - high) / max(1e-300, abs(low), abs(high)) if low > high else 0.0
