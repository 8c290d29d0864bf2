"""
How much each past observation counts in the first step of an ensemble: the response of its members to a small change of it.

Every member is fitted again to histories in which one observation is a little larger, and a little smaller; its weight in the
ensemble stays. Members scale with their data, so by Euler's theorem weight x observation, summed over all observations, is the
forecast: what is left over belongs to observations before those that are shown.
"""

import numpy as np

from solvers.forecasting.history import FloatArray
from solvers.forecasting.pool import MEMBERS, Pool
from solvers.forecasting.selection import Chosen

STEP = 1e-4
"""Change of an observation, relative to the mean absolute change from one to the next."""

SECONDS_PER_VALUE = 6e-6
MOST_SECONDS = 0.4


def ensemble_weights(used: FloatArray, chosen: Chosen, season_length: int, most: int) -> FloatArray | None:
    """
    Return the weights of the latest observations, oldest first, shape (k,) with k at most `most`.

    None where members were not kept, where a pool of two seasons made the forecast, or where the series never changes.
    """
    combination = chosen.combination
    size = float(np.abs(np.diff(used)).mean()) if used.size > 1 else 0.0
    if combination is None or combination.weights is None or combination.names != MEMBERS or size == 0:
        return None
    count = min(most, used.size, int(MOST_SECONDS / (2 * SECONDS_PER_VALUE * used.size)))
    if count == 0:
        return None
    step = STEP * size
    changes = np.eye(used.size)[used.size - count :] * step
    changed = [used + sign * change for sign in (1.0, -1.0) for change in changes]
    effect = chosen.effect
    windows = changed if effect is None else [effect.removed(values) for values in changed]
    paths = Pool.of(windows, season_length=season_length, horizon=chosen.base.size, threads=1).paths[:, :, 0]
    factor = 1.0 if effect is None else float(effect.factor_and_offset(used.size)[0][0])
    first = factor * (paths @ combination.weights[:, 0])
    return np.asarray((first[:count] - first[count:]) / (2 * step))
