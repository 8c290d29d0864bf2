"""
Named methods for intermittent demand: Croston, its correction by Syntetos and Boylan, TSB, and IMAPA.

All of them smooth with weight 0.1 and give one expected demand per period for every step. Croston smooths the sizes of demands
and the intervals between them; SBA multiplies that by 1 - alpha / 2, because a ratio of two means is too high; TSB smooths the
probability of a demand every period, so that it falls while nothing is sold; IMAPA averages simple smoothing of block sums over
blocks of 1, 2, ... periods up to the mean interval.

Sources: Croston, Operational Research Quarterly 23 (1972), 289-303; Syntetos and Boylan, International Journal of Forecasting
21 (2005), 303-314; Teunter, Syntetos and Babai, European Journal of Operational Research 214 (2011), 606-615; Petropoulos and
Kourentzes, Journal of the Operational Research Society 66 (2015), 914-924.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from models.forecasting.solution import MethodName
from solvers.base import Progress
from solvers.forecasting.backtest_selection import BacktestSelection, Clock, Task
from solvers.forecasting.history import FloatArray
from solvers.forecasting.intermittent import counted_choice, own_dispersion
from solvers.forecasting.selection import Chosen

WEIGHT = 0.1


def croston(values: FloatArray) -> float:
    """Return the expected demand per period: smoothed size over smoothed interval."""
    size, interval = _sizes_and_intervals(values)
    return size / interval


def syntetos_boylan(values: FloatArray) -> float:
    """Return Croston's forecast without its bias."""
    return (1 - WEIGHT / 2) * croston(values)


def teunter_syntetos_babai(values: FloatArray) -> float:
    """Return smoothed probability of a demand times its smoothed size; both start at the first demand."""
    first = int(np.flatnonzero(values)[0])
    size, probability = float(values[first]), 1.0 / (first + 1)
    for value in values[first + 1 :].tolist():
        probability += WEIGHT * ((value > 0) - probability)
        if value > 0:
            size += WEIGHT * (value - size)
    return probability * size


def aggregated_means(values: FloatArray) -> float:
    """Return the mean over block lengths of smoothed block sums per period."""
    longest = max(1, round(values.size / np.count_nonzero(values)))
    forecasts = []
    for length in range(1, min(longest, values.size) + 1):
        blocks = values[values.size % length :].reshape(-1, length).sum(axis=1)
        level = float(blocks[0])
        for block in blocks[1:].tolist():
            level += WEIGHT * (block - level)
        forecasts.append(level / length)
    return float(np.mean(forecasts))


def _sizes_and_intervals(values: FloatArray) -> tuple[float, float]:
    """Return smoothed demand size and smoothed periods between demands, from the first demand on."""
    places = np.flatnonzero(values)
    size, interval = float(values[places[0]]), float(places[0] + 1)
    for before, place in zip(places[:-1].tolist(), places[1:].tolist(), strict=True):
        size += WEIGHT * (float(values[place]) - size)
        interval += WEIGHT * (place - before - interval)
    return size, interval


METHODS: Mapping[MethodName, Callable[[FloatArray], float]] = {
    "croston": croston,
    "sba": syntetos_boylan,
    "tsb": teunter_syntetos_babai,
    "imapa": aggregated_means,
}


class _Named(BacktestSelection):
    """One method for every series that has a demand and none below 0; the others get the naive forecast, with a warning."""

    def _fit(self, task: Task, clock: Clock, progress: Progress) -> tuple[list[Chosen], Literal["time", "interrupted", "none"]]:
        del clock, progress
        assert self.forced is not None, "a named method has a name"
        able = [i for i, values in enumerate(task.used) if values.min() >= 0 and values.max() > 0]
        others = sorted(set(range(len(task.used))) - set(able))
        naive = self._without_pool(task.used, others, task.season_length, task.horizon)
        result = {i: replace(chosen, refused=True) for i, chosen in naive.items()}
        for i in able:
            values = task.used[i]
            mean = METHODS[self.forced](values)
            ones = np.ones(task.horizon)
            result[i] = counted_choice(values, mean, own_dispersion(values), ones, None, method=self.forced, alpha=WEIGHT)
        return [result[i] for i in range(len(task.used))], "none"


class Croston(_Named):
    """Croston's method."""

    name: ClassVar[str] = "croston"
    forced: ClassVar[MethodName | None] = "croston"


class SyntetosBoylan(_Named):
    """Croston's method with the correction of Syntetos and Boylan."""

    name: ClassVar[str] = "sba"
    forced: ClassVar[MethodName | None] = "sba"


class TeunterSyntetosBabai(_Named):
    """The method of Teunter, Syntetos and Babai."""

    name: ClassVar[str] = "tsb"
    forced: ClassVar[MethodName | None] = "tsb"


class AggregatedMeans(_Named):
    """IMAPA: means over temporal aggregations."""

    name: ClassVar[str] = "imapa"
    forced: ClassVar[MethodName | None] = "imapa"
