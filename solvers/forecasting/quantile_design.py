"""The columns of a quantile regression: level, trend, season and covariates, none of them a combination of the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.forecasting.covariates import Drivers
from solvers.forecasting.windows import FloatArray

LONGEST_DUMMIES = 24
"""Up to this season length every place in the season has a column where there is room; else there are waves."""

MOST_WAVES = 2
"""Pairs of waves."""

FULL_SEASONS = 3
INDEPENDENT = 1e-7
"""Share of its length that must be left of a column when the columns before it are taken out."""


@dataclass(frozen=True, slots=True)
class Column:
    """One regressor along n observations and H steps, shape (n + H,); its coefficient counts per `unit` of the table."""

    name: str
    meaning: str
    values: FloatArray
    unit: float = 1.0
    pointer: str | None = None


def columns(count: int, horizon: int, *, quantile: float, season_length: int, drivers: Drivers | None) -> list[Column]:
    """
    Return the columns for the latest `count` observations and the steps to come.

    Time is 0 at the last observation, so that the level is the quantile there, covariates at their medians and the season at
    that of the last observation (for waves: at its mean). There are at most as many columns as observations expected beyond the
    quantile, or the line would pass through all of them; level and trend always stand. Covariates come before the season, which
    takes the finest of its forms that has room.
    """
    room = max(2, int(count * min(quantile, 1 - quantile)))
    time = np.arange(1.0 - count, horizon + 1.0)
    level = Column("level", "The quantile at the last observation, covariates at their medians.", np.ones(time.size))
    trend = Column("trend", "Its change per period.", time / count, unit=float(count))
    found = [level, trend]
    if drivers is not None:
        found = _independent([*found, *_covariates(drivers, count, horizon)], count)[:room]
    if season_length > 1 and count >= FULL_SEASONS * season_length:
        found += _season(time, season_length, room=room - len(found))
    return _independent(found, count)


def _season(time: FloatArray, season_length: int, *, room: int) -> list[Column]:
    if season_length <= LONGEST_DUMMIES and season_length - 1 <= room:
        return [
            Column(
                f"season_{place + 1}",
                f"How much more the periods have that come {place} after that of the last observation, of {season_length}.",
                (time % season_length == place).astype(np.float64),
            )
            for place in range(1, season_length)
        ]
    waves = []
    for pair in range(1, 1 + min(MOST_WAVES, room // 2, (season_length - 1) // 2)):
        angle = 2 * np.pi * pair * time / season_length
        what = f"Size of the wave that runs {pair} times in a season of {season_length}"
        waves.append(Column(f"season_cosine_{pair}", f"{what}, highest at the last observation.", np.cos(angle)))
        waves.append(Column(f"season_sine_{pair}", f"{what}, rising at the last observation.", np.sin(angle)))
    return waves


def _covariates(drivers: Drivers, count: int, horizon: int) -> list[Column]:
    table = drivers.values[-(count + horizon) :]
    found = []
    for name, pointer, values in zip(drivers.names, drivers.pointers, table.T, strict=True):
        centred = values - np.median(values[:count])
        size = float(np.abs(centred[:count]).max())
        if size > 0:
            found.append(Column(name, "What one more of it changes.", centred / size, unit=size, pointer=pointer))
    return found


def _independent(found: Sequence[Column], count: int) -> list[Column]:
    """Return the columns that are no combination of those before them."""
    basis = np.zeros((count, 0))
    kept = []
    for column in found:
        left = column.values[:count]
        size = float(np.linalg.norm(left))
        for _ in range(2):  # Once more, since rounding leaves a trace of the columns that were taken out.
            left = left - basis @ (basis.T @ left)
        rest = float(np.linalg.norm(left))
        if rest > INDEPENDENT * size:
            basis = np.column_stack([basis, left / rest])
            kept.append(column)
    return kept
