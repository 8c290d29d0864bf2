"""The pool of the ensemble: every member's forecasts of many windows at once, in chunks on several threads."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from solvers.forecasting.feature_kernels import FEATURES
from solvers.forecasting.pool_kernels import COUNT, FACTS, MEMBERS, THETA, forecast_batch
from solvers.forecasting.smoothing_kernels import PLAIN, SEASONAL, response_tables

FloatArray = npt.NDArray[np.float64]

CHUNK = 250
"""Windows that one thread takes at a time."""

LONGEST_TABLE_KEPT = 1_000
LARGEST_FEATURE = 2.0

__all__ = ["MEMBERS", "Pool"]


@dataclass(frozen=True, slots=True)
class Pool:
    """
    Forecasts of K members for W windows and H steps.

    `paths` (W, K, H); `season` (W, H), what is added to logarithms of positive windows and to values of others; `facts` (W, 6),
    named in `pool_kernels`; `features` (W, F), clipped.
    """

    paths: FloatArray
    season: FloatArray
    facts: FloatArray
    features: FloatArray

    @classmethod
    def of(cls, windows: Sequence[FloatArray], *, season_length: int, horizon: int, threads: int = 1) -> "Pool":
        """Fit every member to every window (at least one observation each)."""
        lengths = np.array([window.size for window in windows], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
        values = np.concatenate(windows).astype(np.float64)
        plain, seasonal = tables(season_length, _rounded(int(lengths.max())))
        wanted = np.ones(COUNT, dtype=np.bool_)
        paths, season = np.empty((lengths.size, COUNT, horizon)), np.empty((lengths.size, horizon))
        facts = np.empty((lengths.size, FACTS + FEATURES))

        def work(first: int) -> None:
            part = slice(first, first + CHUNK)
            forecast_batch(
                values,
                starts[part],
                lengths[part],
                season_length,
                plain,
                seasonal,
                wanted,
                paths[part],
                season[part],
                facts[part],
            )

        chunks = range(0, lengths.size, CHUNK)
        if threads > 1 and len(chunks) > 1:
            with ThreadPoolExecutor(threads) as executor:
                list(executor.map(work, chunks))
        else:
            for first in chunks:
                work(first)
        paths = np.where(np.isfinite(paths), paths, paths[:, THETA : THETA + 1])
        features = np.clip(np.nan_to_num(facts[:, FACTS:]), -LARGEST_FEATURE, LARGEST_FEATURE)
        return cls(paths, season, facts[:, :FACTS], features)


def _rounded(length: int) -> int:
    """Return a table length that many requests share."""
    return max(64, 1 << (length - 1).bit_length()) if length <= LONGEST_TABLE_KEPT else length


@lru_cache(maxsize=8)
def tables(season_length: int, length: int) -> tuple[FloatArray, FloatArray]:
    """Return the responses of both smoothing grids."""
    return response_tables(PLAIN, 1, length), response_tables(SEASONAL, season_length, length)
