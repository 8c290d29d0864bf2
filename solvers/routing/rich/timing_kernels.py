"""
The best schedule of one sequence of stops: windows chosen, breaks placed, departure chosen.

A line is a route as the schedule sees it: visits from start to end with travel times between them. When the vehicle departs
at D, service at visit i starts at max(E_i, D + c_i), where E_i is the earliest start and c_i the time that travel, service and
breaks take on the way; D is bounded by the windows. Labels (E, c, largest D, breaks taken) are kept for the choices of windows
and breaks, and the departure that costs least is found on the convex piecewise linear cost of each complete label.

References
----------
Savelsbergh, M. W. P. (1992). The vehicle routing problem with time windows: minimizing route duration. ORSA Journal on
Computing 4(2), 146-154. Vidal, T., Crainic, T. G., Gendreau, M., Prins, C. (2015). Timing problems and algorithms: time
decisions for sequences of activities. Networks 65(2), 102-128.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from solvers.borrowed import borrowed
from solvers.compiled import kernel

TRAVEL, SERVICE, DUE, LATENESS, RELEASE, START = range(6)
"""Rows of `line`: travel time to the next visit, time spent, moment from which service is late, money per second of lateness,
earliest departure of a depot for its goods, and (a result) when service starts."""

EARLIEST, BUSY, LATEST, LATE, ONSET, STEEP = range(6)
FIELDS = 6
"""Fields of a label: E and c of the start of service, latest departure of the route; cost of lateness
so far, the departure after which it rises, and what it would be at departure 0 were all of it late."""

TAKEN, PARENT, WINDOW = range(3)
"""Whole fields of a label: breaks taken, the label before, the window chosen."""

(COST_PER_DURATION, COST_PER_WAITING, COST_PER_OVERTIME, MAX_DURATION, SHIFT_END, MAX_OVERTIME) = range(6)
"""Entries of `rates`."""

BREAK_EARLY, BREAK_LATE, BREAK_DURATION, BREAK_OUTSIDE = range(4)
"""Columns of `breaks`: the window in which it starts, how long it lasts, 1 when it may be before departure or after return."""

(COST, DEPARTURE, FINISH, DURATION, WAITING, OVERTIME, LATENESS_COST) = range(7)
"""Entries of `result`."""

LABELS = 24
"""Most labels of one visit; beyond them those with the latest start are dropped."""

SLACK = 1e-9
"""Relative room for rounding of sums."""

BEFORE_DEPARTURE = -1
"""Entry of `arcs` for a break before departure; the number of visits less 1 for one after return."""

Integer = Any
"""An integer of Python or of NumPy."""


class Line(NamedTuple):
    """
    One route as the schedule sees it, and room to work.

    `line` has shape (6, m) or wider; `span` names for each visit the first of its windows and the one behind its last, as
    columns of `windows` (2, k). `labels`, `choices` and `number` hold the labels of each visit; `arcs` the position of each
    break: the visit behind which it is taken.
    """

    line: Any
    span: Any
    windows: Any
    rates: Any
    breaks: Any
    labels: Any
    choices: Any
    number: Any
    arcs: Any
    result: Any


@kernel(inline=True)
def room(moment: float) -> float:
    """Return by how much a moment may be missed through rounding."""
    return SLACK * max(1.0, abs(moment))


@kernel()
def keep_label(
    s: Line, visit: Integer, earliest: float, busy: float, latest: float, late: float, onset: float, steep: float,
    taken: Integer, parent: Integer, window: Integer, lasting: bool,
) -> None:  # fmt: skip
    """Add a label to a visit unless another one is as good in all respects; drop those that it makes useless."""
    labels, choices = s.labels, s.choices
    count = s.number[visit]
    # A break before departure leaves more to wait for than one on the way: where waiting costs, neither label beats the other.
    spread = SLACK * max(1.0, busy) if s.rates[COST_PER_WAITING] > 0.0 else math.inf
    for a in range(count):
        if abs(labels[visit, a, BUSY] - busy) > spread:
            continue
        if choices[visit, a, TAKEN] != taken or labels[visit, a, EARLIEST] > earliest or labels[visit, a, LATE] > late:
            continue
        as_good = labels[visit, a, BUSY] <= busy and labels[visit, a, LATEST] >= latest
        as_good = as_good and labels[visit, a, ONSET] >= onset and labels[visit, a, STEEP] <= steep
        if as_good or not lasting:
            return
    kept = 0
    for a in range(count):
        worse = choices[visit, a, TAKEN] == taken and labels[visit, a, EARLIEST] >= earliest and labels[visit, a, LATE] >= late
        worse = worse and abs(labels[visit, a, BUSY] - busy) <= spread
        if worse and lasting:
            worse = labels[visit, a, BUSY] >= busy and labels[visit, a, LATEST] <= latest
            worse = worse and labels[visit, a, ONSET] <= onset and labels[visit, a, STEEP] >= steep
        if worse:
            continue
        if kept != a:
            for k in range(FIELDS):
                labels[visit, kept, k] = labels[visit, a, k]
            for k in range(3):
                choices[visit, kept, k] = choices[visit, a, k]
        kept += 1
    if kept == LABELS:
        last = 0
        for a in range(1, kept):
            if labels[visit, a, EARLIEST] > labels[visit, last, EARLIEST]:
                last = a
        if labels[visit, last, EARLIEST] <= earliest:
            s.number[visit] = kept
            return
        at = last
    else:
        at = kept
        kept += 1
    labels[visit, at, EARLIEST], labels[visit, at, BUSY] = earliest, busy
    labels[visit, at, LATEST], labels[visit, at, LATE] = latest, late
    labels[visit, at, ONSET], labels[visit, at, STEEP] = onset, steep
    choices[visit, at, TAKEN], choices[visit, at, PARENT], choices[visit, at, WINDOW] = taken, parent, window
    s.number[visit] = kept


@kernel()
def depart(s: Line, lasting: bool) -> None:
    """Write the labels of the start: one for each number of breaks taken before departure."""
    window = s.span[0, 0]
    early = max(s.windows[0, window], s.line[RELEASE, 0])
    late = s.windows[1, window]
    s.number[0] = 0
    if early <= late + room(late):
        keep_label(s, 0, early, 0.0, max(late, early), 0.0, math.inf, 0.0, 0, -1, window, lasting)
    done = -np.inf
    for b in range(s.breaks.shape[0]):
        if s.breaks[b, BREAK_OUTSIDE] == 0.0:
            break
        begin = max(done, s.breaks[b, BREAK_EARLY])
        if begin > s.breaks[b, BREAK_LATE]:
            break
        done = begin + s.breaks[b, BREAK_DURATION]
        early = max(early, done)
        if early <= late + room(late):
            keep_label(s, 0, early, 0.0, max(late, early), 0.0, math.inf, 0.0, b + 1, -1, window, lasting)


@kernel()
def arrive(
    s: Line, visit: Integer, earliest: float, busy: float, latest: float, taken: Integer, parent: Integer, lasting: bool
) -> None:
    """Start service at a visit that is reached at `earliest`: in the first window that fits, or in each that does."""
    earliest = max(earliest, s.line[RELEASE, visit])
    late, onset = s.labels[visit - 1, parent, LATE], s.labels[visit - 1, parent, ONSET]
    steep = s.labels[visit - 1, parent, STEEP]
    rate, due = s.line[LATENESS, visit], s.line[DUE, visit]
    for window in range(s.span[0, visit], s.span[1, visit]):
        close = s.windows[1, window]
        if earliest > close + room(close):
            continue
        start = max(earliest, s.windows[0, window])
        cost, rises = late + rate * max(0.0, start - due), onset
        if rate > 0.0:
            rises = min(onset, max(start, due) - busy)
        keep_label(
            s, visit, start, busy, min(latest, close - busy), cost, rises, steep + rate * (busy - due), taken, parent, window,
            lasting,
        )  # fmt: skip
        if not lasting:
            return


@kernel()
def travel_on(s: Line, visit: Integer, a: Integer, lasting: bool) -> None:
    """Extend one label of a visit to the next visit, with each number of breaks on the way."""
    earliest = s.labels[visit, a, EARLIEST] + s.line[SERVICE, visit]
    busy = s.labels[visit, a, BUSY] + s.line[SERVICE, visit]
    latest = s.labels[visit, a, LATEST]
    taken = s.choices[visit, a, TAKEN]
    way = s.line[TRAVEL, visit]
    arrive(s, visit + 1, earliest + way, busy + way, latest, taken, a, lasting)
    # A break may interrupt the way: it starts when the vehicle could have been under way for any part of it.
    arrival, free, rested = earliest + way, earliest, 0.0
    for b in range(taken, s.breaks.shape[0]):
        early, close, length = s.breaks[b, BREAK_EARLY], s.breaks[b, BREAK_LATE], s.breaks[b, BREAK_DURATION]
        if free > close + room(close):
            return
        latest = min(latest, close - busy - rested)
        arrival = max(arrival, early) + length
        free = max(free, early) + length
        rested += length
        arrive(s, visit + 1, arrival, busy + way + rested, latest, b + 1, a, lasting)


@kernel()
def after_return(s: Line, visit: Integer, a: Integer) -> float:
    """Return the latest departure for which the breaks that are left can follow the return, or -inf when they cannot."""
    latest = s.labels[visit, a, LATEST]
    earliest, busy = s.labels[visit, a, EARLIEST], s.labels[visit, a, BUSY]
    for b in range(s.choices[visit, a, TAKEN], s.breaks.shape[0]):
        close = s.breaks[b, BREAK_LATE]
        if s.breaks[b, BREAK_OUTSIDE] == 0.0 or earliest > close + room(close):
            return -math.inf
        latest = min(latest, close - busy)
        earliest = max(earliest, s.breaks[b, BREAK_EARLY]) + s.breaks[b, BREAK_DURATION]
        busy += s.breaks[b, BREAK_DURATION]
    return float(latest)


@kernel()
def trace(s: Line, last: Integer, a: Integer, chain: Any) -> None:
    """Write the label of each visit that leads to a label of the last one."""
    for visit in range(last, -1, -1):
        chain[visit] = a
        a = s.choices[visit, a, PARENT]


@kernel()
def best_departure(s: Line, last: Integer, chain: Any, least: float, most: float, finish: float) -> float:
    """Return the departure between `least` and `most` that costs least; of several the last."""
    rates = s.rates
    away = rates[COST_PER_DURATION] + rates[COST_PER_WAITING]
    over = finish - rates[MAX_DURATION] - max(0.0, finish - rates[SHIFT_END])
    first = math.inf
    for visit in range(last + 1):
        if s.line[LATENESS, visit] > 0.0:
            label = chain[visit]
            onset = max(s.labels[visit, label, EARLIEST], s.line[DUE, visit]) - s.labels[visit, label, BUSY]
            first = min(first, onset)
    if first >= most:
        return most
    moment = least
    while moment < most:
        slope = -away - (rates[COST_PER_OVERTIME] if moment < over else 0.0)
        following = min(most, over) if moment < over else most
        for visit in range(last + 1):
            if s.line[LATENESS, visit] > 0.0:
                label = chain[visit]
                onset = max(s.labels[visit, label, EARLIEST], s.line[DUE, visit]) - s.labels[visit, label, BUSY]
                if onset <= moment:
                    slope += s.line[LATENESS, visit]
                else:
                    following = min(following, onset)
        if slope > SLACK * away:
            return moment
        moment = following
    return moment


@kernel()
def finished(s: Line, last: Integer, a: Integer, chain: Any) -> bool:
    """Write to `result` what a complete label costs at its best departure; False when it breaks a limit."""
    rates, result = s.rates, s.result
    most = after_return(s, last, a)
    trace(s, last, a, chain)
    finish, busy = s.labels[last, a, EARLIEST], s.labels[last, a, BUSY]
    least = s.labels[0, chain[0], EARLIEST]
    if most < least - room(least):
        return False
    most = max(least, min(most, finish - busy))
    needed = finish - rates[MAX_DURATION] - rates[MAX_OVERTIME]
    if needed > most + room(finish):
        return False
    least = min(most, max(least, needed))
    departure = best_departure(s, last, chain, least, most, finish)
    late = 0.0
    for visit in range(last + 1):
        if s.line[LATENESS, visit] > 0.0:
            label = chain[visit]
            start = max(s.labels[visit, label, EARLIEST], departure + s.labels[visit, label, BUSY])
            late += s.line[LATENESS, visit] * max(0.0, start - s.line[DUE, visit])
    duration = finish - departure
    waiting = max(0.0, duration - busy)
    overtime = max(0.0, max(finish - rates[SHIFT_END], duration - rates[MAX_DURATION]))
    result[DEPARTURE], result[FINISH], result[DURATION] = departure, finish, duration
    result[WAITING], result[OVERTIME], result[LATENESS_COST] = waiting, overtime, late
    result[COST] = rates[COST_PER_DURATION] * duration + rates[COST_PER_WAITING] * waiting + late
    result[COST] += rates[COST_PER_OVERTIME] * overtime
    return True


@kernel()
def is_plain(s: Line, visits: Integer, lasting: bool) -> bool:
    """Tell whether a line leaves no choice but the departure: no breaks, and one window where more than the first counts."""
    if s.breaks.shape[0] > 0:
        return False
    if lasting:
        for visit in range(visits):
            if s.span[1, visit] - s.span[0, visit] > 1:
                return False
    return True


@kernel()
def write_chain(s: Line, visits: Integer) -> bool:
    """Write the only label of each visit of a plain line; False when a window is missed."""
    earliest, busy, latest, late = 0.0, 0.0, math.inf, 0.0
    for visit in range(visits):
        if visit > 0:
            spent = s.line[SERVICE, visit - 1] + s.line[TRAVEL, visit - 1]
            earliest += spent
            busy += spent
        earliest = max(earliest, s.line[RELEASE, visit])
        window, end = s.span[0, visit], s.span[1, visit]
        while window < end and earliest > s.windows[1, window] + room(s.windows[1, window]):
            window += 1
        if window == end:
            return False
        earliest = max(earliest, s.windows[0, window])
        latest = min(latest, max(s.windows[1, window], earliest) - busy)
        late += s.line[LATENESS, visit] * max(0.0, earliest - s.line[DUE, visit])
        s.labels[visit, 0, EARLIEST], s.labels[visit, 0, BUSY] = earliest, busy
        s.labels[visit, 0, LATEST], s.labels[visit, 0, LATE] = latest, late
        s.choices[visit, 0, TAKEN], s.choices[visit, 0, PARENT], s.choices[visit, 0, WINDOW] = 0, 0, window
    return True


@kernel()
def best_label(s: Line, visits: Integer, lasting: bool, chain: Any) -> int:
    """Return the label of the last visit that costs least, -1 when there is none."""
    last = visits - 1
    depart(s, lasting)
    for visit in range(last):
        s.number[visit + 1] = 0
        for a in range(s.number[visit]):
            travel_on(s, visit, a, lasting)
        if s.number[visit + 1] == 0:
            return -1
    best, least, end = -1, math.inf, math.inf
    for a in range(s.number[last]):
        if finished(s, last, a, chain):
            cost, finish = s.result[COST], s.result[FINISH]
            if best < 0 or cost < least - room(least) or (cost <= least + room(least) and finish < end):
                best, least, end = a, cost, finish
    return best


@kernel()
def timed_cost(s: Line, visits: Integer, chain: Any, searching: bool) -> float:
    """
    Return what the times of a line cost at their best, infinity when no schedule fits; `result` holds the parts.

    Unless `searching`, `START` of the line and `arcs` hold the schedule. Duration, waiting, overtime and lateness are counted.
    """
    rates = s.rates
    lasting = bool(
        rates[COST_PER_DURATION] + rates[COST_PER_WAITING] > 0.0 or rates[MAX_DURATION] < np.inf or s.breaks.shape[0] > 0
    )
    last, best = visits - 1, -1
    if is_plain(s, visits, lasting):
        if not write_chain(s, visits) or not finished(s, last, 0, chain):
            return math.inf
        best = 0
    else:
        best = best_label(s, visits, lasting, chain)
        if best < 0 or not finished(s, last, best, chain):
            return math.inf
    if searching:
        return float(s.result[COST])
    taken = 0
    for b in range(s.breaks.shape[0]):
        s.arcs[b] = last
    for visit in range(visits):
        label = chain[visit]
        departure = s.result[DEPARTURE]
        s.line[START, visit] = max(s.labels[visit, label, EARLIEST], departure + s.labels[visit, label, BUSY])
        while taken < s.choices[visit, label, TAKEN]:
            s.arcs[taken] = visit - 1
            taken += 1
    return float(s.result[COST])


@kernel(
    "float64(float64[:,::1], int64[:,::1], float64[:,::1], float64[::1], float64[:,::1], float64[:,:,::1], int64[:,:,::1], "
    "int64[::1], int64[::1], float64[::1], int64[::1])"
)
def time_line(
    line: Any, span: Any, windows: Any, rates: Any, breaks: Any, labels: Any, choices: Any, number: Any, arcs: Any, result: Any,
    chain: Any,
) -> float:  # fmt: skip
    """Return what the times of a line with as many visits as `chain` has entries cost; see `timed_cost`."""
    s = Line(
        borrowed(line), borrowed(span), borrowed(windows), borrowed(rates), borrowed(breaks), borrowed(labels),
        borrowed(choices), borrowed(number), borrowed(arcs), borrowed(result),
    )  # fmt: skip
    cost: float = timed_cost(s, chain.shape[0], borrowed(chain), False)
    return cost
