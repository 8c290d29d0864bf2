"""Which observations decide a quantile, told from the linear program of its regression, its duals and its certificate."""

import time
from collections.abc import Sequence

import numpy as np

from models.forecasting import NewsvendorLink, QuantilePoint, QuantileProgram, QuantileRegressor
from solvers.forecasting.covariates import Drivers
from solvers.forecasting.frequency import Frequency
from solvers.forecasting.history import FloatArray, History
from solvers.forecasting.quantile_design import Column, columns
from solvers.forecasting.quantile_program import DUAL, PRIMAL, Line, quantile_line

MOST_PROGRAMS = 5
"""Programs of one explanation: one for each of the first series and quantiles."""

MOST_OBSERVATIONS = 200
FEWEST_OBSERVATIONS = 6
USUAL_QUANTILE = 0.9
"""Taken where the request names no quantile."""

LONGEST = 1.0
"""Seconds for one program."""

UNAVAILABLE = (
    f"Given at level full for series of at least {FEWEST_OBSERVATIONS} observations that are not all alike, while time is left."
)


def quantile_programs(
    rows: Sequence[tuple[History, FloatArray, Drivers | None]],
    frequency: Frequency,
    *,
    quantiles: Sequence[float],
    season_length: int,
    horizon: int,
    deadline: float,
) -> list[QuantileProgram]:
    """Return the programs of the first series, at most 5, as far as time allows."""
    wanted = quantiles or [USUAL_QUANTILE]
    found: list[QuantileProgram] = []
    for history, used, drivers in rows[:MOST_PROGRAMS]:
        values = used[-MOST_OBSERVATIONS:]
        if values.size < FEWEST_OBSERVATIONS or not np.ptp(values):
            continue
        for quantile in wanted:
            left = deadline - time.monotonic()
            if len(found) == MOST_PROGRAMS or left <= 0:
                return found
            table = columns(values.size, horizon, quantile=quantile, season_length=season_length, drivers=drivers)
            line = quantile_line(values, table, quantile=quantile, time_limit=min(left, LONGEST))
            if line is not None:
                found.append(_program(history, values, table, line, quantile, frequency))
    return found


def _program(
    history: History, values: FloatArray, table: Sequence[Column], line: Line, quantile: float, frequency: Frequency
) -> QuantileProgram:
    skipped = history.values.size - values.size
    points = [
        QuantilePoint(
            timestamp=history.stamp(skipped + place, frequency),
            observation=float(values[place]),
            fitted=float(line.fitted[place]),
            side="above" if line.residuals[place] > 0 else "below" if line.residuals[place] < 0 else "on",
            dual=float(line.duals[place]),
        )
        for place in range(values.size - 1, -1, -1)
    ]
    ahead = sum(c * column.values[values.size :] for c, column in zip(line.coefficients.tolist(), table, strict=True))
    forecast = np.maximum(ahead, 0.0) if history.non_negative else np.asarray(ahead)
    deciding = [point.timestamp for point in points if point.side == "on"]
    above, below = (sum(point.side == side for point in points) for side in ("above", "below"))
    return QuantileProgram(
        id=history.id,
        quantile=quantile,
        primal_latex=PRIMAL,
        dual_latex=DUAL,
        regressors=[
            QuantileRegressor(name=column.name, coefficient=c / column.unit, meaning=column.meaning, pointer=column.pointer)
            for c, column in zip(line.coefficients.tolist(), table, strict=True)
        ],
        objective=line.loss,
        dual_objective=line.dual_objective,
        above=above,
        below=below,
        deciding=deciding,
        points=points,
        forecast=forecast.tolist(),
        newsvendor=_newsvendor(quantile),
        certificate=line.checks,
        sentences=_sentences(history.id, quantile, line, deciding=deciding, above=above, below=below),
    )


def _newsvendor(quantile: float) -> NewsvendorLink:
    ratio = quantile / (1 - quantile)
    return NewsvendorLink(
        critical_ratio=quantile,
        shortage_per_leftover=ratio,
        endpoint="/v1/inventory/policy",
        sentence=f"Whoever loses {ratio:.3g} times as much by a unit short as by a unit left over stocks this quantile: "
        "pinball loss is that cost, and policy newsvendor decides the quantity from the costs themselves.",
    )


def _sentences(name: str, quantile: float, line: Line, *, deciding: Sequence[str | int], above: int, below: int) -> list[str]:
    shown = ", ".join(str(stamp) for stamp in deciding[:6])
    more = f" and {len(deciding) - 6} more" if len(deciding) > 6 else ""
    total = above + below + len(deciding)
    counted = (
        f"{name}: {below} of {total} observations lie below the {quantile:g} quantile, {above} above; it is pinned by "
        f"{len(deciding)} of them ({shown}{more}), and no other observation can move it by a small change."
    )
    proved = (
        f"The loss is {line.loss:.6g}, and the prices of the observations prove that no line has a smaller one: "
        f"their sum over price x observation is {line.dual_objective:.6g} as well."
    )
    return [counted, proved]
