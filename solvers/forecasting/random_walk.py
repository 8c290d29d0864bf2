"""
Random walk of prices: the last price carried forward, a drift only where one can be told, volatility for the intervals.

The backtest sets the median of the walk beside the naive and the seasonal naive forecast: without a drift it is the naive one.
"""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from models.forecasting.solution import MethodName
from solvers.base import Progress
from solvers.forecasting.backtest import SHORTEST_TRAINING, difference_scales, mean_scores, plan
from solvers.forecasting.backtest_selection import BacktestSelection, Clock, Task
from solvers.forecasting.fit import described
from solvers.forecasting.history import FloatArray
from solvers.forecasting.log_returns import log_spread, mean_prices, median_prices, returns_fit
from solvers.forecasting.selection import Chosen
from solvers.forecasting.windows import pack

SECONDS_PER_WALK = 5e-4
"""Expected cost of one series on a plain core, backtest included."""

METHODS = ("seasonal_naive", "naive", "random_walk")


class RandomWalk(BacktestSelection):
    """Random walk of the log price for every series of six or more positive prices; others get the naive forecast."""

    name: ClassVar[str] = "random_walk"
    forced: ClassVar[MethodName | None] = "random_walk"

    def _fit(self, task: Task, clock: Clock, progress: Progress) -> tuple[list[Chosen], Literal["time", "interrupted", "none"]]:
        short = [i for i, prices in enumerate(task.used) if prices.size < SHORTEST_TRAINING]
        # Semantics refuse prices of 0 or less; sales of 0 under a stock-out flag can still come this far.
        refused = [i for i, prices in enumerate(task.used) if i not in set(short) and prices.min() <= 0]
        naive = self._without_pool(task.used, short + refused, task.season_length, task.horizon)
        result = {i: replace(chosen, refused=i in refused) for i, chosen in naive.items()}
        limit: Literal["time", "interrupted", "none"] = "none"
        left = [i for i in range(len(task.used)) if i not in result]
        for place, i in enumerate(left):
            late = not clock.has_time(SECONDS_PER_WALK)
            if late or progress.stop_requested():
                limit = "time" if late else "interrupted"
                result |= self._without_pool(task.used, left[place:], task.season_length, task.horizon)
                break
            result[i] = walk(task.used[i], season_length=task.season_length, horizon=task.horizon)
        return [result[i] for i in range(len(task.used))], limit


def walk(prices: FloatArray, *, season_length: int, horizon: int) -> Chosen:
    """Return the forecast of six or more positive prices; `trend` is what drift and half the variance add to the last price."""
    last = float(prices[-1])
    returns = returns_fit(prices)
    scheme = plan(prices.size, season_length=season_length, horizon=horizon)
    errors = np.array([_errors(prices, cutoff, scheme.horizon, season_length) for cutoff in scheme.cutoffs])
    errors = errors.reshape(len(scheme.cutoffs), len(METHODS), scheme.horizon)
    scale = difference_scales(pack([prices]), season_length)
    scores = mean_scores(errors[None], scale)[0].tolist() if scheme.cutoffs else []
    residual = float(np.sqrt(np.mean(np.diff(prices) ** 2)))
    fit = described(observations=prices.size, season_length=1, residual_scale=residual, returns=returns)
    return Chosen(
        method="random_walk",
        level=np.full(horizon, last),
        trend=mean_prices(last, returns, horizon) - last,
        season=np.zeros(horizon),
        width=log_spread(returns, horizon),
        fit=fit,
        plan=scheme,
        methods=METHODS,
        scores=dict(zip(METHODS, scores, strict=True)) if scores else {},
        aicc=dict.fromkeys(METHODS),
        errors=errors,
        scale=float(scale[0]),
        scaled_errors=np.full((1, horizon), np.nan),
        refused=False,
    )


def _errors(prices: FloatArray, cutoff: int, steps: int, season_length: int) -> FloatArray:
    """Return the errors (3, H) of seasonal naive, naive and the median of the walk from one cutoff."""
    past, actual = prices[:cutoff], prices[cutoff : cutoff + steps]
    lag = season_length if cutoff >= season_length else 1
    seasonal = past[cutoff - lag + np.arange(steps) % lag]
    naive = np.full(steps, past[-1])
    return np.asarray(actual - np.array([seasonal, naive, median_prices(float(past[-1]), returns_fit(past), steps)]))
