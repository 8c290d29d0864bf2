"""What every forecasting method hands back for a batch of windows, and what it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from models.forecasting import MethodFit
from models.forecasting.solution import MethodName
from solvers.forecasting.seasonality import Profile
from solvers.forecasting.windows import Windows

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """
    Forecasts of one method for W windows and H steps.

    `level`, `trend` and `season` have shape (W, H) and sum to the point forecast; `scale` (W,) is the root mean squared
    one-step error in sample; `growth` (W, H) is the standard deviation of the j-step error over that of one step as the
    method implies; `usable` (W,) is False where the method cannot be used; `aicc` (W,) is NaN or infinite where none is
    formed. `describe(w)` gives the fitted numbers of window w.
    """

    level: FloatArray
    trend: FloatArray
    season: FloatArray
    scale: FloatArray
    growth: FloatArray
    usable: npt.NDArray[np.bool_]
    aicc: FloatArray
    describe: Callable[[int], MethodFit]

    @property
    def mean(self) -> FloatArray:
        """Point forecasts, shape (W, H)."""
        return self.level + self.trend + self.season


class Method(Protocol):
    """A forecasting method over a batch of windows."""

    def __call__(self, windows: Windows, profile: Profile, *, season_length: int, horizon: int) -> Fit:
        """Fit every window and forecast `horizon` steps."""


def described(*, observations: int, season_length: int, residual_scale: float | None, **told: Any) -> MethodFit:
    """Return a `MethodFit` without trend and season, and with what is told of its other fields."""
    given = {"observations": observations, "season_length": season_length, "season_lengths": [season_length]}
    shape = {"trend": "none", "season": "none", "residual_scale": residual_scale}
    return MethodFit(**{**dict.fromkeys(MethodFit.model_fields), **given, **shape, **told})


_SHORTEST: dict[MethodName, int] = {"exponential_smoothing": 6, "theta": 6}


def shortest(method: MethodName) -> int:
    """Return the fewest observations with which a method is used."""
    return _SHORTEST.get(method, 1)
