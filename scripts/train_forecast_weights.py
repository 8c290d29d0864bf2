"""
Train the weights of the forecasting ensemble on made-up series and write `solvers/forecasting/pool_weights.py`.

`python -m scripts.train_forecast_weights` (two minutes). A softmax of series features and of the step gives every member of the
pool a weight; the loss is the mean of the scaled and of the symmetric percentage error, both relative to the median of the
pool, minimised by Adam (Kingma and Ba 2015). No public series is looked at.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scripts.made_up_series import KINDS, Kind, series
from solvers.forecasting.combined import combine
from solvers.forecasting.feature_kernels import FEATURES
from solvers.forecasting.pool import MEMBERS, Pool
from solvers.forecasting.width import regression

FloatArray = npt.NDArray[np.float64]

COUNTS = {"undated": 12_000, "quarterly": 10_000}
SEED = 7
WIDTH_SERIES = 1_000
MOST_OBSERVATIONS = 300
STEPS = 400
RATE = 0.05
SHRINKAGE = (3e-4, 3e-4)
"""Penalties on squared biases and horizon slopes, and on squared weights of features."""

TARGET = Path(__file__).resolve().parent.parent / "solvers" / "forecasting" / "pool_weights.py"


def sample(kind: Kind, count: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return member forecasts (S, K, H), features (S, F), what came (S, H) and the scale of the errors (S,)."""
    rng = np.random.default_rng(SEED)
    made = [series(kind, rng) for _ in range(count)]
    histories = [values[: -kind.horizon] for values in made]
    pool = Pool.of(histories, season_length=kind.season_length, horizon=kind.horizon)
    forecasts = np.maximum(pool.paths, 0.0)
    m = kind.season_length
    scale = np.array([np.abs(values[m:] - values[:-m]).mean() for values in histories])
    sound = scale > 0
    actual = np.array([values[-kind.horizon :] for values in made])
    return forecasts[sound], pool.features[sound], actual[sound], scale[sound]


def train(forecasts: FloatArray, features: FloatArray, actual: FloatArray, scale: FloatArray) -> FloatArray:
    """Return the table (K, 2 + F): bias, slope over the horizon, one weight per feature."""
    paths = forecasts.transpose(0, 2, 1)
    count, horizon, members = paths.shape
    median = np.median(paths, axis=2)
    base = np.mean(200 * np.abs(actual - median) / (np.abs(actual) + np.abs(median) + 1e-9))
    base_scaled = np.mean(np.abs(actual - median).mean(axis=1) / scale)
    place = np.linspace(-0.5, 0.5, horizon)
    inputs = np.concatenate([np.ones((count, 1)), features], axis=1)
    table = np.zeros((2 + FEATURES, members))
    first, second = np.zeros_like(table), np.zeros_like(table)
    penalty = np.array([SHRINKAGE[0]] * 2 + [SHRINKAGE[1]] * FEATURES)[:, None]
    for step in range(STEPS):
        score = (inputs @ np.delete(table, 1, axis=0))[:, None, :] + place[:, None] * table[1]
        weight = np.exp(score - score.max(axis=2, keepdims=True))
        weight /= weight.sum(axis=2, keepdims=True)
        mixed = (weight * paths).sum(axis=2)
        cost = 0.5 * (200 / (np.abs(actual) + np.abs(mixed) + 1e-9) / base + 1 / scale[:, None] / base_scaled) / horizon
        pull = (np.sign(mixed - actual) * cost / count)[:, :, None] * weight * (paths - mixed[:, :, None])
        total = inputs.T @ pull.sum(axis=1)
        gradient = np.insert(total, 1, (pull * place[:, None]).sum(axis=(0, 1)), axis=0) + 2 * penalty * table
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        size = RATE * (1 - step / STEPS)
        table -= size * first / (1 - 0.9 ** (step + 1)) / (np.sqrt(second / (1 - 0.99 ** (step + 1))) + 1e-9)
    return table.T


def width_coefficients() -> list[float]:
    """Return the regression of the errors of the ensemble on made-up series of every kind."""
    blocks = []
    for kind in KINDS.values():
        rng = np.random.default_rng(SEED + 1)
        made = [series(kind, rng)[-MOST_OBSERVATIONS:] for _ in range(WIDTH_SERIES)]
        block = combine(made, season_length=kind.season_length, horizon=kind.horizon, origins=3, threads=1)
        blocks.append(block.scales)
    table, target = regression(blocks)
    return [round(number, 3) for number in np.linalg.lstsq(table, target, rcond=None)[0].tolist()]


def written(tables: dict[str, FloatArray], widths: list[float]) -> str:
    """Return the source of the module that holds the tables."""
    lines = [
        '"""',
        "Weights of the pool, trained on made-up series by `scripts/train_forecast_weights.py`: not to be edited by hand.",
        "",
        "One row per member: bias, slope over the horizon, and one weight for each feature of `feature_kernels`.",
        '"""',
        "",
        "TABLES: dict[str, tuple[tuple[float, ...], ...]] = {",
    ]
    for name, table in tables.items():
        lines += [f'    "{name}": (']
        for row in np.round(table, 3).tolist():
            lines.append(f"        ({', '.join(map(str, row))}),")
        lines += ["    ),"]
    told = '"""Coefficients of the scale of the errors: see `width`."""'
    return "\n".join([*lines, "}", "", f"WIDTHS = ({', '.join(map(str, widths))})", told, ""])


def main() -> None:
    """Train every table and write the module."""
    tables: dict[str, Any] = {name: train(*sample(KINDS[name], count)) for name, count in COUNTS.items()}
    assert all(table.shape == (len(MEMBERS), 2 + FEATURES) for table in tables.values()), "one row per member"
    TARGET.write_text(written(tables, width_coefficients()), encoding="utf-8")


if __name__ == "__main__":
    main()
