"""
Forecast every series with a combination of 16 methods (compiled, all series of a chunk at once, on several threads).

The same members are fitted at earlier cutoffs: their errors weight the members of long histories, give the intervals and tell
what the combination adds over the naive forecasts. Very short series get the naive forecast, intermittent ones forecasts of
their own. When time runs short, the series that are left get the seasonal naive forecast, with a warning.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from models.forecasting.solution import MethodName
from solvers.base import Progress
from solvers.forecasting.backtest_selection import BacktestSelection, Clock, Task
from solvers.forecasting.combined import Combined, chosen_of, combine
from solvers.forecasting.covariate_part import Covariates
from solvers.forecasting.history import FloatArray
from solvers.forecasting.intermittent import intermittent_choices
from solvers.forecasting.selection import Chosen
from solvers.forecasting.two_seasons import has_two_seasons
from solvers.forecasting.width import fitted_widths

CHUNK = 1_000
"""Series fitted together."""

LARGEST_CHUNK = 200_000
"""Most observations of a chunk, so that the clock is read in time."""

FEW_SERIES = 20_000
"""Up to so many series are tested at three cutoffs, more at one: errors are pooled over the series of the request."""

SHOWN = 2_000
"""Series whose members stay in memory for the check and the explanation."""

SECONDS_OF_COVARIATES = 3e-3
"""Expected cost of the covariates of one series."""

SECONDS_PER_VALUE = 6e-6
"""Expected cost of one observation of one window, a season of 12."""


@dataclass(frozen=True, slots=True)
class Block:
    """
    Series fitted together: their places in the request, and which of them take these forecasts.

    `rival` names the other way (with or without covariates) and `rival_errors` (S,) are its mean absolute backtest errors.
    """

    places: list[int]
    combined: Combined
    taken: npt.NDArray[np.bool_]
    rival: str | None = None
    rival_errors: FloatArray | None = None

    def choices(self, width: FloatArray) -> dict[int, Chosen]:
        """Return the choices of the series that take these forecasts, by place."""
        found = {}
        for row, (place, chosen) in enumerate(zip(self.places, chosen_of(self.combined, width), strict=True)):
            if self.taken[row]:
                if self.rival is not None and self.rival_errors is not None and chosen.plan.cutoffs:
                    chosen.scores[self.rival] = float(self.rival_errors[row] / (chosen.scale or 1.0))
                found[place] = chosen
        return found


def blocks(task: Task, part: list[int], *, origins: int, threads: int) -> list[Block]:
    """Fit a chunk of series; those with covariates both ways, to take the better one."""
    result = []
    for long_season, group in _alike(task, part):
        values = [task.used[i] for i in group]
        kept = [row for row, i in enumerate(group) if i < SHOWN]
        drivers = [driver for i in group if (driver := task.drivers[i]) is not None]

        def fitted(
            covariates: Covariates | None,
            values: list[FloatArray] = values,
            kept: list[int] = kept,
            long_season: float | None = long_season,
        ) -> Combined:
            return combine(
                values,
                season_length=task.season_length,
                horizon=task.horizon,
                origins=origins,
                threads=threads,
                keep=kept,
                covariates=covariates,
                long_season=long_season,
            )

        without = fitted(None)
        if not drivers:
            result.append(Block(group, without, np.ones(len(group), dtype=np.bool_)))
            continue
        with_them = fitted(Covariates(drivers, task.form))
        better = covariates_help(with_them.scores[:, 0], without.scores[:, 0])
        result.append(Block(group, with_them, better, "without_covariates", without.scores[:, 0]))
        result.append(Block(group, without, ~better, "with_covariates", with_them.scores[:, 0]))
    return result


def _alike(task: Task, part: list[int]) -> list[tuple[float | None, list[int]]]:
    """Return the series of a chunk that are fitted together: with and without covariates, with one season and with two."""
    groups: dict[tuple[bool, bool], list[int]] = {}
    for i in part:
        two = has_two_seasons(task.used[i].size, task.long_season, horizon=task.horizon)
        groups.setdefault((task.drivers[i] is not None, two), []).append(i)
    return [(task.long_season if two else None, group) for (_, two), group in sorted(groups.items())]


def covariates_help(with_them: FloatArray, without: FloatArray) -> npt.NDArray[np.bool_]:
    """
    Tell for which series covariates are kept, from mean absolute backtest errors (S,); where nothing was tested they are.

    A few cutoffs are a noisy judge, so half of the evidence is the series' own and half the median of the request.
    """
    tested = (with_them > 0) & (without > 0)
    ratio = np.log(np.where(tested, with_them, 1.0) / np.where(tested, without, 1.0))
    shared = float(np.median(ratio[tested])) if tested.any() else 0.0
    exact = (without == 0) & (with_them > 0)
    return np.asarray((0.5 * ratio + 0.5 * shared <= 0) & ~exact)


class Ensemble(BacktestSelection):
    """Combine the members of a pool."""

    name: ClassVar[str] = "ensemble"
    libraries: ClassVar[tuple[str, ...]] = ("numpy", "numba")
    forced: ClassVar[MethodName | None] = None
    second_season: ClassVar[bool] = True

    def _fit(self, task: Task, clock: Clock, progress: Progress) -> tuple[list[Chosen], Literal["time", "interrupted", "none"]]:
        """Return the choice of every series in order, and which limit cut the work short."""
        used = task.used
        regular, simple = self._split(used)
        origins = 3 if len(regular) <= FEW_SERIES else 1
        order = sorted(regular, key=lambda i: -used[i].size)
        limit: Literal["time", "interrupted", "none"] = "none"
        done: list[Block] = []
        while order:
            begun = time.monotonic()
            part = order[: max(1, min(CHUNK, LARGEST_CHUNK // used[order[0]].size))]
            expected = SECONDS_PER_VALUE * sum(used[i].size for i in part) * (1 + origins) / clock.threads
            expected += SECONDS_OF_COVARIATES * sum(task.drivers[i] is not None for i in part)
            if (late := not clock.has_time(expected)) or progress.stop_requested():
                limit = "time" if late else "interrupted"
                simple += order
                break
            done += blocks(task, part, origins=origins, threads=clock.threads)
            clock.pace = max(clock.pace, (time.monotonic() - begun) / expected)
            order = order[len(part) :]
            progress.log(f"{len(regular) - len(order)} of {len(regular)} series fitted")
        result = self._without_pool(used, simple, task.season_length, task.horizon)
        widths = fitted_widths([block.combined.scales for block in done])
        for block, width in zip(done, widths, strict=True):
            result |= block.choices(width)
        return [result[index] for index in range(len(used))], limit

    def _sparse(self, used: Sequence[FloatArray], places: list[int], m: int, horizon: int) -> dict[int, Chosen]:
        """Return the forecasts of the intermittent series."""
        choices = intermittent_choices([used[i] for i in places], season_length=m, horizon=horizon)
        return dict(zip(places, choices, strict=True))
