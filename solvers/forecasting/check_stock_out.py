"""Demand behind stock-outs as the check estimates it: every mean written out over all observations."""

import re
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

NEAR = 200
"""Observations on either side that are looked at: 0.8 ** 200 is nothing."""

FAR = 2_800
"""Periods beyond which no weight is left."""

SEASONS = {"Y": 1, "A": 1, "Q": 4, "M": 12, "W": 52, "D": 7, "B": 5, "h": 24, "H": 24, "min": 1440, "T": 1440, "s": 1, "S": 1}


def season_of_request(season_length: int | None, frequency: str | int) -> int:
    """Return the season length that was given, or the one that the frequency has by default."""
    if season_length is not None or isinstance(frequency, int):
        return season_length or 1
    match = re.match(r"(\d*)([A-Za-z]+)", frequency)
    assert match is not None
    multiple = int(match[1] or 1)
    season = SEASONS.get(match[2]) or SEASONS[match[2][0]]
    return season // multiple if season % multiple == 0 else 1


def demand_behind(values: FloatArray, flagged: npt.NDArray[np.bool_], m: int) -> FloatArray:
    """Return the observations (n,) with expected demand where flagged."""
    known = np.flatnonzero(~flagged)
    if known.size < 3:
        return values
    filled = values.copy()
    for t in np.flatnonzero(flagged).tolist():
        filled[t] = max(float(np.interp(t, known, values[known])), values[t])
    times = np.arange(values.size)
    for _ in range(2):
        season = np.zeros(values.size)
        if m > 1 and values.size >= 2 * m:
            firsts = [min(max(t - m // 2, 0), values.size - m) for t in times.tolist()]
            off = np.array([filled[t] - filled[first : first + m].mean() for t, first in enumerate(firsts)])
            phase = np.array([off[k::m].mean() for k in range(m)])
            season = np.resize(phase - phase.mean(), values.size)
        mean = np.empty(values.size)
        for t in times.tolist():
            place = int(np.searchsorted(known, t))
            others = known[max(0, place - NEAR) : place + NEAR]
            others = others[others != t]
            away = np.abs(others - t)
            near = 0.8 ** (away - away.min()) if away.min() < FAR else np.ones(others.size)
            mean[t] = np.average((filled - season)[others], weights=near)
        mean += season
        spread = float(np.sqrt(np.mean(np.square((filled - mean)[known]))))
        for t in np.flatnonzero(flagged).tolist():
            filled[t] = _expectation(float(values[t]), float(mean[t]), spread)
    return filled


def _expectation(sold: float, mean: float, spread: float) -> float:
    if sold <= 0:
        return max(mean, 0.0)
    if spread <= 0:
        return max(mean, sold)
    standard = NormalDist()
    z = (sold - mean) / spread
    tail = standard.cdf(-z)
    return sold if tail < 1e-12 else max(sold, mean + spread * standard.pdf(z) / tail)
