"""
The scale of the errors of the ensemble: a regression of their logarithms.

The expected size of the error of a step depends on the noise of the series, all of it and recently, on how far the members lie
apart at that step, on the step, on the length of the history, and on the errors at other cutoffs. All are taken relative to the
mean absolute seasonal change of the series, so that the unit does not matter. With few series in the request the coefficients
are those found on made-up series; with many they are fitted to the backtest errors of the request.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solvers.forecasting.pool_weights import WIDTHS

FloatArray = npt.NDArray[np.float64]

TERMS = 8
"""Constant, noise, recent noise, spread of the members, step, length, past error, 1 where there is a past error."""

DEFAULT = np.array(WIDTHS)
"""Coefficients found on made-up series by `scripts/train_forecast_weights.py`."""

ENOUGH = 4_000
"""Errors from which on the coefficients are fitted to the request."""

MOST_ROWS = 200_000
SMALLEST, LARGEST = 1e-3, 1e3


@dataclass(frozen=True, slots=True)
class Scales:
    """
    What the scale of the errors depends on: S series, windows 0 (the end) and 1..K (cutoffs), H steps.

    `unit`, `noise`, `recent`, `length` and `past` (S, 1 + K), `past` NaN where unknown; `spread` (S, 1 + K, H); `errors`
    (S, K, H) absolute, NaN where nothing came.
    """

    unit: FloatArray
    noise: FloatArray
    recent: FloatArray
    length: FloatArray
    past: FloatArray
    spread: FloatArray
    errors: FloatArray


def terms(scales: Scales, windows: slice) -> FloatArray:
    """Return the terms of the regression, shape (S, windows, H, 8)."""
    unit = np.where(scales.unit > 0, scales.unit, 1.0)[:, windows]
    spread = scales.spread[:, windows]
    shape = spread.shape

    def log(values: FloatArray) -> FloatArray:
        return np.asarray(np.log(np.clip(values, SMALLEST, LARGEST)))

    table = np.empty((*shape, TERMS))
    table[..., 0] = 1.0
    table[..., 1] = log(scales.noise[:, windows] / unit)[..., None]
    table[..., 2] = log(scales.recent[:, windows] / unit)[..., None]
    table[..., 3] = log(spread / unit[..., None])
    table[..., 4] = np.log(np.arange(1, shape[2] + 1))
    table[..., 5] = np.log(scales.length[:, windows])[..., None]
    known = np.isfinite(scales.past[:, windows])
    table[..., 6] = np.where(known, log(np.where(known, scales.past[:, windows], 1.0) / unit), 0.0)[..., None]
    table[..., 7] = known[..., None]
    return table


def coefficients(blocks: Sequence[Scales]) -> FloatArray:
    """Return the coefficients: fitted by least squares when there are enough errors, else the default."""
    table, target = regression(blocks)
    if target.size < ENOUGH:
        return DEFAULT
    stride = -(-target.size // MOST_ROWS)
    table, target = table[::stride], target[::stride]
    ridge = 1e-3 * len(target) * np.eye(TERMS)
    ridge[0, 0] = 0.0
    solution = np.linalg.solve(table.T @ table + ridge, table.T @ target + ridge @ DEFAULT)
    return np.asarray(solution)


def regression(blocks: Sequence[Scales]) -> tuple[FloatArray, FloatArray]:
    """Return terms (N, 8) and logarithms of relative absolute errors (N,) of every step that was tested."""
    rows, targets = [np.empty((0, TERMS))], [np.empty(0)]
    for scales in blocks:
        errors = scales.errors
        sound = np.isfinite(errors) & (scales.unit[:, 1:, None] > 0)
        rows.append(terms(scales, slice(1, None))[sound])
        share = errors[sound] / np.broadcast_to(scales.unit[:, 1:, None], errors.shape)[sound]
        targets.append(np.log(np.maximum(share, 0.02)))
    return np.concatenate(rows), np.concatenate(targets)


def fitted_widths(blocks: Sequence[Scales]) -> list[FloatArray]:
    """Return the scale of the errors per block, shape (S, 1 + K, H), 0 for series that never changed."""
    if not blocks:
        return []
    weights = coefficients(blocks)
    return [scales.unit[:, :, None] * np.exp(np.clip(terms(scales, slice(None)) @ weights, -8, 8)) for scales in blocks]
