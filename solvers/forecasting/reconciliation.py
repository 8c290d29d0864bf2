r"""
Forecasts that add up, as near to the own forecasts as their errors allow (minimum trace), none below 0 that must not be.

minimise (y - b)' W^-1 (y - b)  subject to  C y = 0 and y_i >= 0 for non-negative members at the bottom

b are the own forecasts, W the covariance of the errors, C the sums. Without the signs the answer is
y = b - W C' (C W C')^-1 C b. With them: principal pivoting on the set of members held at 0, all wrong ones exchanged at once
while that makes fewer of them wrong, one at a time otherwise, which ends.

Sources: Wickramasuriya, Athanasopoulos and Hyndman, Journal of the American Statistical Association 114 (2019), 804-819;
Portugal, Judice and Vicente, Mathematics of Computation 63 (1994), 625-643.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

from solvers.forecasting.hierarchy import Structure
from solvers.forecasting.history import FloatArray
from solvers.forecasting.residual_covariance import Covariance

MOST_EXCHANGES = 200
PATIENCE = 10
"""Exchanges of all wrong members at once that may fail to make fewer of them wrong."""

ROUNDING = 1e-9
PRICE_NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Projection:
    """`gain` (n, g) takes what does not add up, C b, off the own forecasts: y = b - gain C b. `bounded` (n,): not below 0."""

    structure: Structure
    covariance: Covariance
    gain: FloatArray
    bounded: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, structure: Structure, covariance: Covariance, bounded: npt.NDArray[np.bool_]) -> "Projection":
        """Return the projection of minimum trace; only members at the bottom are bounded, the sums then are too."""
        sums = structure.constraints()
        weighted = covariance.times(sums.toarray())
        inner = sums @ weighted.T
        gain = linalg.cho_solve(linalg.cho_factor(inner), weighted).T
        return cls(structure, covariance, np.asarray(gain), bounded & structure.leaves)

    def apply(self, base: FloatArray) -> FloatArray:
        """Return numbers (n, k) that add up, signs left out of account."""
        return np.asarray(base - self.gain @ (self.structure.constraints() @ base))

    def means(self, base: FloatArray) -> FloatArray:
        """Return point forecasts (n, H) that add up exactly, none below 0 that must not be."""
        result = self.apply(base)
        tolerance = ROUNDING * max(1.0, float(np.abs(base).max()))
        wrong = np.flatnonzero((result[self.bounded] < -tolerance).any(axis=0))
        for step in wrong.tolist():
            result[:, step] = self._signed(base[:, step], result[:, step], tolerance)
        result[self.bounded] = np.maximum(result[self.bounded], 0.0)
        return self.structure.add_up(result)

    def _signed(self, base: FloatArray, start: FloatArray, tolerance: float) -> FloatArray:
        """Return the nearest point (n,) that adds up, no bounded member below 0; the clipped start if pivoting does not end."""
        sums = self.structure.constraints().toarray()
        held = np.zeros(base.size, dtype=np.bool_)
        point, wrong = start, self.bounded & (start < -tolerance)
        fewest, patience = base.size + 1, PATIENCE
        for _ in range(MOST_EXCHANGES):
            count = int(wrong.sum())
            if count == 0:
                return point
            if count < fewest:
                fewest, patience, exchanged = count, PATIENCE, wrong
            elif patience > 0:
                patience, exchanged = patience - 1, wrong
            else:
                exchanged = np.arange(base.size) == np.flatnonzero(wrong)[-1]
            held = held ^ exchanged
            table = np.concatenate([sums, np.eye(base.size)[held]])
            weighted = self.covariance.times(table)
            prices = linalg.solve(weighted @ table.T, table @ base, assume_a="pos")
            point = base - weighted.T @ prices
            pushing = np.zeros(base.size, dtype=np.bool_)
            pushing[held] = prices[len(sums) :] > PRICE_NOISE * np.abs(prices).max()
            wrong = (self.bounded & ~held & (point < -tolerance)) | pushing
        return np.where(self.bounded, np.maximum(start, 0.0), start)


@dataclass(frozen=True, slots=True)
class Coherence:
    """How forecasts were made to add up: own ones (n, H), those that do (n, H), by the projection unless `bottom_up`."""

    structure: Structure
    projection: Projection
    base: FloatArray
    mean: FloatArray
    bottom_up: bool
