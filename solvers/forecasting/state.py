"""
The state of a forecast: all that is needed to move it on when observations come, as signed JSON.

The forecast k steps after the fit is level path a_k plus a correction c, with the season and the effects of covariates put
back: f_k (a_k + c) s + o_k, or f_k (a_k + c + s) + o_k with an additive season. Every observation moves the correction by a
share alpha of its error: exponential smoothing with the path of the fit as its trend.

Light: imported by the process that answers HTTP.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from models.forecasting.solution import SeasonKind
from solvers.forecasting.example_states import EXAMPLE_STATES
from solvers.forecasting.frequency import Frequency, Moment, parse_frequency
from solvers.signing import signed, verified

VERSION = 1
DAMPING = 0.9
"""Beyond the last step of the fit the slope of the path shrinks by this much a step."""

EXPECTED_WEIGHT = 4.0
"""The error expected at the fit counts as so many observations."""

Row = list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """
    One series after its fit and `seen` new rows.

    `path` (H) levels; `season` (m) by phase, step 1 having `phase`; `factor` and `offset` (H) effects of covariates, empty
    without any; `median`, `quantiles`, `lower` and `upper` (H) are differences from the mean per unit of factor, or its
    multiples when `proportional`. `errors` holds sums since the fit: of errors, of absolute errors, of absolute actual values,
    and their number; `scale` is the absolute error expected at the fit.
    """

    id: str
    frequency: str | int
    start: str | int
    position: int
    seen: int
    path: Row
    season_kind: SeasonKind
    season: Row
    phase: int
    factor: Row
    offset: Row
    alpha: float
    correction: float
    non_negative: bool
    proportional: bool
    median: Row
    quantiles: dict[str, Row]
    lower: dict[str, Row]
    upper: dict[str, Row]
    scale: float
    errors: Row
    time_zone: str | None = None

    @property
    def grid(self) -> Frequency:
        """The time grid."""
        grid = parse_frequency(self.frequency, self.time_zone)
        assert grid is not None, "only frequencies that were accepted are signed"
        return grid

    @property
    def origin(self) -> Moment:
        """Time of the first observation of the series."""
        moment = self.grid.read(self.start)
        assert moment is not None, "only starts that were accepted are signed"
        return moment

    def parts(self, step: int) -> tuple[float, float, float, float]:
        """Return level, season, factor and offset of step 1, 2, ... after the fit."""
        last = len(self.path)
        level = self.path[min(step, last) - 1]
        if step > last > 1:
            slope = self.path[-1] - self.path[-2]
            level += slope * DAMPING * (1 - DAMPING ** (step - last)) / (1 - DAMPING)
        neutral = 1.0 if self.season_kind == "multiplicative" else 0.0
        season = self.season[(self.phase + step - 1) % len(self.season)] if self.season else neutral
        inside = bool(self.factor) and step <= last
        return level, season, self.factor[step - 1] if inside else 1.0, self.offset[step - 1] if inside else 0.0

    def forecast(self, step: int, correction: float) -> float:
        """Return the point forecast of a step after the fit, before it is kept from falling below 0."""
        level, season, factor, offset = self.parts(step)
        base = (level + correction) * season if self.season_kind == "multiplicative" else level + correction + season
        return factor * base + offset

    def gain(self, step: int) -> float:
        """Return what a unit of correction adds to the forecast of a step."""
        _, season, factor, _ = self.parts(step)
        return factor * season if self.season_kind == "multiplicative" else factor

    def written(self) -> str:
        """Return the state as signed JSON."""
        fields = {name: getattr(self, name) for name in self.__slots__ if name != "time_zone" or self.time_zone}
        return signed(orjson.dumps({"version": VERSION, **fields}))


def read_state(text: str) -> State | None:
    """Return the state in a signed text, or None when it was changed or another key or version wrote it."""
    payload = verified(text, known=EXAMPLE_STATES)
    if payload is None:
        return None
    fields: dict[str, Any] = orjson.loads(payload)
    return State(**fields) if fields.pop("version", None) == VERSION else None


def rounded(numbers: Sequence[float], digits: int = 12) -> Row:
    """Return numbers with so many significant digits: the state stays small."""
    return [float(f"{number:.{digits}g}") for number in numbers]
