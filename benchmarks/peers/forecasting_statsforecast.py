"""One of statsforecast's models on every series, with prediction intervals; the task names the model."""

import sys
import warnings
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers.task import run

MODELS = import_module("statsforecast.models")
"""Loaded before the clock starts."""

MEDIAN = ("DynamicOptimizedTheta", "AutoCES", "AutoETS")
"""Members of the contender `MedianOfThree`."""


def model(name: str, season: int, horizon: int) -> Any:
    """Return a model; the intermittent ones have conformal intervals and the smoothing weights of their paper's middle."""
    if name in ("TSB", "IMAPA", "CrostonSBA"):
        conformal = import_module("statsforecast.utils").ConformalIntervals(n_windows=2, h=horizon)
        weights = {"alpha_d": 0.1, "alpha_p": 0.1} if name == "TSB" else {}
        return getattr(MODELS, name)(**weights, prediction_intervals=conformal)
    return getattr(MODELS, name)(season_length=season)


def forecast(name: str, season: int, values: Any, horizon: int, levels: list[float]) -> dict[str, Any]:
    """Return mean and bounds of one series; of the median of three, the median of each."""
    if name != "MedianOfThree":
        found: dict[str, Any] = model(name, season, horizon).forecast(y=values, h=horizon, level=levels)
        return found
    parts = [model(part, season, horizon).forecast(y=values, h=horizon, level=levels) for part in MEDIAN]
    return {key: np.median([part[key] for part in parts], axis=0) for key in parts[0] if all(key in part for part in parts)}


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the mean and the intervals of every series."""
    request = task["request"]
    warnings.simplefilter("ignore")
    season, horizon, levels = request["season_length"], request["horizon"], request["levels"]
    answers = []
    for series in request["series"]:
        values = np.array(series["values"], dtype=float)
        usable = season if len(values) > 2 * season else 1
        try:
            found = forecast(task["model"], usable, values, horizon, levels)
        except Exception as error:  # one bad series must not lose the others; it counts as the last value
            print(f"{series['id']}: {error}", file=sys.stderr)
            found = {"mean": np.full(horizon, values[-1])}
        lower = {str(level): found.get(f"lo-{level}", found["mean"]).tolist() for level in levels}
        upper = {str(level): found.get(f"hi-{level}", found["mean"]).tolist() for level in levels}
        intervals = {level: {"lower": lower[level], "upper": upper[level]} for level in lower}
        answers.append({"id": series["id"], "mean": found["mean"].tolist(), "intervals": intervals})
    return {"series": answers}, None


if __name__ == "__main__":
    run(solve, "statsforecast")
