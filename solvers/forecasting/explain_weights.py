"""The weights of the past of every series that is shown, of single methods and of ensembles."""

import time
from collections.abc import Sequence

from models.forecasting import PastWeights
from solvers.forecasting.ensemble_weights import ensemble_weights
from solvers.forecasting.frequency import Frequency
from solvers.forecasting.history import FloatArray, History
from solvers.forecasting.past_weights import past_weights
from solvers.forecasting.selection import Chosen

MOST_WEIGHTS = {"summary": 12, "full": 120}
MOST_ENSEMBLES = {"summary": 3, "full": 5}
"""Ensembles whose members are fitted anew for their weights."""

UNAVAILABLE = (
    "Croston-like methods, random walks of prices, a multiplicative season that moves and ensembles over two seasons are no "
    "weighted sum of the past; "
    "of other ensembles the first ones have weights."
)


def weights_of_the_past(
    rows: Sequence[tuple[History, FloatArray, Chosen]], frequency: Frequency, *, season_length: int, level: str, deadline: float
) -> list[PastWeights]:
    """Return the latest weights of every series that has any, while time is left."""
    most, ensembles = MOST_WEIGHTS[level], MOST_ENSEMBLES[level]
    found = []
    for history, used, chosen in rows:
        if time.monotonic() >= deadline:
            break
        if chosen.method != "ensemble":
            fixed = past_weights(chosen.method, chosen.fit)
            weights = None if fixed is None else fixed[-most:]
        else:
            weights = ensemble_weights(used, chosen, season_length, most) if ensembles > 0 else None
            ensembles -= 1
        if weights is not None:
            found.append(_told(history, used, chosen, frequency, weights))
    return found


def _told(history: History, used: FloatArray, chosen: Chosen, frequency: Frequency, weights: FloatArray) -> PastWeights:
    """Return weights of the latest observations, latest first, and what they leave of the forecast."""
    ensemble = chosen.method == "ensemble"
    first = used.size - weights.size
    skipped = history.values.size - used.size
    forecast = float(chosen.point[0] if ensemble else chosen.base[0])
    share = float(weights[-3:].sum())
    text = f"The latest {min(3, used.size)} observations carry a weight of {share:.2f} in the first step"
    return PastWeights(
        id=history.id,
        timestamps=[history.stamp(skipped + place, frequency) for place in range(used.size - 1, first - 1, -1)],
        weights=weights[::-1].tolist(),
        remainder=forecast - float(weights @ used[first:]),
        sentence=f"{text}: one unit more in each of them would raise it by that much." if ensemble else f"{text}.",
    )
