"""One of statsforecast's models on every series, with prediction intervals; the task names the model."""

import sys
import warnings
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers.task import run

MODELS = import_module("statsforecast.models")
"""Loaded before the clock starts."""


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the mean and the intervals of every series."""
    request = task["request"]
    warnings.simplefilter("ignore")
    kind = getattr(MODELS, task["model"])
    season, horizon, levels = request["season_length"], request["horizon"], request["levels"]
    answers = []
    for series in request["series"]:
        values = np.array(series["values"], dtype=float)
        usable = season if len(values) > 2 * season else 1
        try:
            found = kind(season_length=usable).forecast(y=values, h=horizon, level=levels)
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
