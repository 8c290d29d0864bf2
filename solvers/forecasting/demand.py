"""Classes of demand by how often it comes and how much its size varies."""

import numpy as np

from models.forecasting.solution import DemandClass
from solvers.forecasting.historical_mean import LONGEST_REGULAR_INTERVAL
from solvers.forecasting.history import FloatArray

LARGEST_SMOOTH_VARIATION = 0.49
"""Squared coefficient of variation of the sizes (Syntetos, Boylan and Croston, JORS 56, 2005, 495-503)."""


def demand_class(values: FloatArray) -> DemandClass | None:
    """Return the class of a series; None with negative values or without any demand."""
    sizes = values[values > 0]
    if sizes.size == 0 or values.min() < 0:
        return None
    mean = float(sizes.mean())
    varied = float(np.square(sizes / mean - 1).mean()) > LARGEST_SMOOTH_VARIATION
    rare = values.size > LONGEST_REGULAR_INTERVAL * sizes.size
    if rare:
        return "lumpy" if varied else "intermittent"
    return "erratic" if varied else "smooth"
