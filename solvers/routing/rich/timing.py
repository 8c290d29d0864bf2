"""The best schedule of a route whose breaks, lateness, overtime or waiting matter, in the caller's own numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.routing import VehicleType
from solvers.routing.rich import timing_kernels as layout

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedVisit:
    """What the timing of one visit depends on."""

    spent: float
    """Setup and service, in seconds."""
    windows: Sequence[Sequence[float]]
    due: float
    cost_per_lateness: float
    release: float
    """For depots: when the goods loaded there are ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a route departs and serves, and behind which visit each break is taken."""

    departure: float
    starts: list[float]
    breaks: list[int]
    """-1: before departure; the number of visits less 1: after return."""
    waiting: float
    overtime: float
    lateness_cost: float


def rates_of(vehicle_type: VehicleType) -> list[float]:
    """Return prices and limits of time, in the order of the kernels."""
    return [
        vehicle_type.cost_per_duration,
        vehicle_type.cost_per_waiting,
        vehicle_type.cost_per_overtime,
        math.inf if vehicle_type.max_duration is None else vehicle_type.max_duration,
        math.inf if vehicle_type.shift is None else vehicle_type.shift[1],
        vehicle_type.max_overtime,
    ]


def breaks_of(vehicle_type: VehicleType) -> list[list[float]]:
    """Return the breaks of a vehicle type, one row each, in the order of the kernels."""
    return [[*pause.time_window, pause.duration, float(pause.outside_route)] for pause in vehicle_type.breaks]


def relaxed_timing(vehicle_type: VehicleType, visits: Sequence[TimedVisit], travel: Sequence[float]) -> Timing | None:
    """Return the schedule that costs least when last windows, breaks and the route may end as late as they must."""
    open_ended = [replace(visit, windows=_open_ended(visit.windows)) for visit in visits]
    pauses = [[early, math.inf, length, 0.0] for early, _, length, _ in breaks_of(vehicle_type)]
    rates = rates_of(vehicle_type)
    rates[layout.MAX_OVERTIME] = math.inf
    return _timed(rates, pauses, open_ended, travel)


def best_timing(vehicle_type: VehicleType, visits: Sequence[TimedVisit], travel: Sequence[float]) -> Timing | None:
    """
    Return the schedule that costs least, or None when none keeps the windows.

    Parameters
    ----------
    vehicle_type
        Prices, limits and breaks.
    visits
        From start to end.
    travel
        Seconds from each visit to the next.
    """
    return _timed(rates_of(vehicle_type), breaks_of(vehicle_type), visits, travel)


def _open_ended(windows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the windows with the last one open at its end."""
    *others, last = sorted([list(window) for window in windows]) or [[0.0, math.inf]]
    return [*(window for window in others if window[0] <= window[1]), [last[0], math.inf]]


def _timed(
    rates: Sequence[float], pauses: Sequence[Sequence[float]], visits: Sequence[TimedVisit], travel: Sequence[float]
) -> Timing | None:
    count = len(visits)
    line = np.zeros((6, count))
    line[layout.TRAVEL, :-1] = travel
    line[layout.SERVICE] = [visit.spent for visit in visits]
    # Without a price there is no due time: none that is infinite may enter a product.
    line[layout.DUE] = [visit.due if visit.cost_per_lateness > 0 else 0.0 for visit in visits]
    line[layout.LATENESS] = [visit.cost_per_lateness for visit in visits]
    line[layout.RELEASE] = [visit.release for visit in visits]
    windows = [sorted([float(early), float(late)] for early, late in visit.windows) or [[0.0, math.inf]] for visit in visits]
    ends = np.cumsum([len(row) for row in windows])
    breaks = np.array(pauses, dtype=np.float64).reshape(-1, 4)
    arcs, result, chain = np.zeros(len(breaks), dtype=np.int64), np.zeros(7), np.zeros(count, dtype=np.int64)
    cost = layout.time_line(
        line,
        np.stack([ends - [len(row) for row in windows], ends]),
        np.ascontiguousarray(np.array([window for row in windows for window in row], dtype=np.float64).T),
        np.array(rates),
        breaks,
        np.zeros((count, layout.LABELS, layout.FIELDS)),
        np.zeros((count, layout.LABELS, 3), dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        arcs,
        result,
        chain,
    )
    if math.isinf(cost):
        return None
    return Timing(
        departure=float(result[layout.DEPARTURE]),
        starts=line[layout.START].tolist(),
        breaks=arcs.tolist(),
        waiting=float(result[layout.WAITING]),
        overtime=float(result[layout.OVERTIME]),
        lateness_cost=float(result[layout.LATENESS_COST]),
    )
