"""
Column generation: the restricted master and pricing in turns, cuts in between, and after every exact pricing a valid bound.

Prices are smoothed: pricing happens at prices between those of the master and those of the best bound so far. When the master
has converged, rounded capacity cuts are added, then routes with cycles are forbidden by longer memories, then subset rows.

References
----------
Desaulniers, G., Desrosiers, J., Solomon, M. M. (eds., 2005). Column Generation. Springer. Pessoa, A., Sadykov, R., Uchoa, E.,
Vanderbeck, F. (2018). Automation and combination of linear-programming based stabilization techniques in column generation.
INFORMS Journal on Computing 30(2), 339-360. Roberti, R., Mingozzi, A. (2014). Dynamic ng-path relaxation for the delivery man
problem. Transportation Science 48(3), 413-424.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from solvers.routing.column_generation.capacity_cuts import violated_cuts
from solvers.routing.column_generation.columns import Column
from solvers.routing.column_generation.lagrangian import WholePrices, lagrangian_bound, most_routes, whole_prices
from solvers.routing.column_generation.master import Prices, RestrictedMaster
from solvers.routing.column_generation.memory import ClientMemory
from solvers.routing.column_generation.network import PricingProblem
from solvers.routing.column_generation.pricing import LabelRoom, Priced, Pricing
from solvers.routing.column_generation.separation import violated_subset_rows

MOST_COLUMNS = 60
"""Most columns of a network at a time."""

SHARE_OF_MASTER, LEAST_SHARE, LARGEST_SHARE = 0.3, 0.08, 0.5
"""Pricing happens this share of the way from the prices of the best bound to those of the master: at first, least, most."""

LONGER, SHORTER = 1.2, 0.8
"""The share is multiplied by one of these after a step that raised the bound, or did not."""

CONVERGED = 1e-6
"""Relative difference of bound and value of the master at which they count as equal."""

NEARLY_CONVERGED = 2e-4
"""The same for adding capacity cuts, which need no more."""

TAIL, TAIL_ROUNDS = 2e-4, 4
"""Capacity cuts end when this many rounds together raise the bound by less than this share."""

FAR_FROM_MASTER = 1e-3
"""Relative difference of bound and value of the master above which a step that raised the bound is followed by another."""

MOST_SUBSET_ROWS = 60

QUICK_ROUNDS, FAST = 3, 0.15
"""Most rounds of quick pricing between exact ones, and the seconds of exact pricing below which it is always used."""

PATIENCE = 0.06
"""Share of the time after which one exact pricing is given up for an easier one."""

RAISED, SHARE_OF_RAISING = 1.1, 0.3
"""Factor of the first prices from one step to the next, and the share of the patience that pricing one of them may take."""

EXACT_TO_A_DIGIT = 1 - 1e-9
"""Relative allowance for rounding where costs are not whole numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxationBound:
    """What column generation proved: a bound in money, the prices that prove it, and what it took."""

    value: float
    prices: WholePrices
    columns: tuple[Column, ...]
    """All columns of the last restricted master, routes that visit a client twice included."""
    rounds: int
    capacity_cuts: int
    subset_rows: int
    seconds: float
    converged: bool
    """Whether the relaxation was solved to its end, with all cuts that were found."""


class Relaxation:
    """
    One run of column generation.

    Parameters
    ----------
    problem
        Networks, clients and prizes.
    upper
        Money that the best known plan costs.
    routes
        Columns to begin with, such as the routes of that plan.
    deadline
        Moment on the clock of `time.monotonic` when it ends.
    stop_requested
        Asked between the steps whether to end earlier.
    """

    def __init__(
        self,
        problem: PricingProblem,
        *,
        upper: float,
        routes: Sequence[Column],
        deadline: float,
        stop_requested: Callable[[], bool],
    ) -> None:
        self.problem = problem
        self.upper = upper
        self.deadline = deadline
        self.stop_requested = stop_requested
        self.stop = np.zeros(1, dtype=np.uint8)
        self.memory = ClientMemory(problem)
        room = LabelRoom()
        self.pricings = [Pricing(network, k, self.memory.members, room) for k, network in enumerate(problem.networks)]
        self.master = RestrictedMaster(problem, missing=2 * upper + 1)
        self.routes = most_routes(problem, math.ceil(upper * problem.scale))
        self.rounds = 0
        self.best: int | None = None
        """The best scaled bound."""
        self.best_prices: WholePrices | None = None
        self.center = halves(problem)
        self._share = SHARE_OF_MASTER
        self._promised = self._begin()
        self._quick = 0
        self._exact = False
        self._exact_seconds = math.inf
        self._bounds: list[float] = []
        self._patience = math.inf
        self.master.add(list(routes))
        self.master.add(self._alone())

    def run(self) -> RelaxationBound | None:
        """Return the best bound by the deadline, or None when no exact pricing ended in time."""
        started = time.monotonic()
        self._patience = PATIENCE * (self.deadline - started)
        with self._alarm(self.deadline - started):
            converged = self._generate()
        if self.best is None or self.best_prices is None:
            return None
        return RelaxationBound(
            value=self.bound,
            prices=self.best_prices,
            columns=tuple(self.master.columns),
            rounds=self.rounds,
            capacity_cuts=len(self.master.capacity),
            subset_rows=len(self.master.subsets),
            seconds=time.monotonic() - started,
            converged=converged,
        )

    @property
    def bound(self) -> float:
        """Money that every plan costs at least: the best scaled bound, rounded up to the grid of all costs."""
        if self.best is None:
            return 0.0
        grid = self.problem.grid
        if grid is None:
            return max(0.0, self.best / self.problem.scale * EXACT_TO_A_DIGIT) + self.problem.fixed
        return max(0, grid * -(-self.best // (grid * int(self.problem.scale)))) + self.problem.fixed

    @contextmanager
    def _alarm(self, seconds: float) -> Iterator[None]:
        """Stop kernels that still run after some seconds; MemoryError where no thread can start."""
        alarm = threading.Timer(max(0.0, seconds), self.stop.fill, [1])
        alarm.daemon = True
        try:
            alarm.start()
        except RuntimeError as error:
            raise MemoryError(str(error)) from error
        try:
            yield
        finally:
            alarm.cancel()

    def _begin(self) -> int:
        """Note the bound of half prices, which no route costs less than, and return it."""
        whole = self._whole(self.center)
        self.best, self.best_prices = int(whole.clients.sum()), whole
        return self.best

    def _alone(self) -> list[Column]:
        """Return every client on a route of its own, where it can be."""
        found = []
        for pricing in self.pricings:
            arcs = pricing.network.arcs
            alone = np.flatnonzero(arcs[-2, :-2] & arcs[:-2, -1]).tolist()
            found += [Column(pricing.position, (client,), pricing.cost_of((client,))) for client in alone]
        return found

    @property
    def closed(self) -> bool:
        """Whether the bound has reached the cost of the best known plan."""
        return self.bound >= self.upper * EXACT_TO_A_DIGIT

    def _ended(self) -> bool:
        if self.stop_requested():
            self.stop[0] = 1
        return bool(self.stop[0]) or self.closed

    def _generate(self) -> bool:
        """Solve the relaxation, cut, and repeat; tell whether it came to its end."""
        self._raise()
        while not self._ended():
            prices = self.master.solve(seconds=self.deadline - time.monotonic())
            if prices is None:
                return False
            self.rounds += 1
            if self._exact_seconds > FAST and self._quick < QUICK_ROUNDS and self._price_quickly(prices):
                self._quick += 1
                continue
            self._quick = 0
            converged = self._price_exactly(prices)
            if converged is None:
                return False
            if converged and not self._cut():
                return True
        return self.closed

    def _raise(self) -> None:
        """Raise all prices of clients alike while that raises the bound and is priced quickly."""
        while not self._ended():
            near = replace(self.center, clients=RAISED * self.center.clients)
            whole = self._whole(near)
            with self._alarm(min(SHARE_OF_RAISING * self._patience, self.deadline - time.monotonic())):
                priced = [self._priced(pricing, whole, exact=True) for pricing in self.pricings]
            if not all(each.proved for each in priced):
                self._resumed()
                return
            self.master.add([column for each in priced for column in each.columns])
            bound = lagrangian_bound(self.problem, whole, [each.least for each in priced], self.routes)
            if self.best is not None and bound <= self.best:
                return
            self.center, self.best, self.best_prices = near, bound, whole
            self._promised = bound

    def _gap(self) -> float:
        """Return how far the bound is below the value of the master, relative."""
        scaled = self.master.value * self.problem.scale
        return 1.0 if self.best is None else (scaled - self.best) / max(1.0, abs(scaled))

    def _whole(self, prices: Prices) -> WholePrices:
        return whole_prices(self.problem, prices, self.master.capacity, self.master.subsets)

    def _price_quickly(self, prices: Prices) -> bool:
        """Add columns that quick pricing finds near the centre, or else at the prices of the master; tell whether it did."""
        for share in (self._share, 1.0):
            near = self.center.towards(prices, share)
            whole = self._whole(near)
            priced = [self._priced(pricing, whole, exact=False) for pricing in self.pricings]
            if not self._exact:
                # Until the first exact pricing the centre is what would be best if quick pricing were exact.
                promised = lagrangian_bound(self.problem, whole, [each.least for each in priced], self.routes)
                self._step(near, risen=promised > self._promised, share=share)
                self._promised = max(promised, self._promised)
            if self.master.add([column for each in priced for column in each.columns]):
                return True
        return False

    def _price_exactly(self, prices: Prices) -> bool | None:
        """Price exactly near the centre, then at the prices of the master; tell whether it has converged; None: stopped."""
        if not self._exact:
            self._exact = True
        for share in (self._share, 1.0):
            near = self.center.towards(prices, share)
            whole = self._whole(near)
            began = time.monotonic()
            with self._alarm(min(self._patience, self.deadline - time.monotonic())):
                priced = [self._priced(pricing, whole, exact=True) for pricing in self.pricings]
            self._exact_seconds = time.monotonic() - began
            if not all(each.proved for each in priced):
                return False if self._eased() else None
            bound = lagrangian_bound(self.problem, whole, [each.least for each in priced], self.routes)
            risen = self.best is None or bound > self.best
            self._step(near, risen=risen, share=share)
            if risen:
                self.best, self.best_prices = bound, whole
            added = self.master.add([column for each in priced for column in each.columns])
            if self._gap() <= CONVERGED:
                return True
            if risen and self._gap() > FAR_FROM_MASTER:
                # Exact pricing is easier near the centre than at the prices of the master.
                return False
            if added:
                return self._gap() <= NEARLY_CONVERGED and self._capacity_cuts_pay()
        return True

    def _step(self, near: Prices, *, risen: bool, share: float) -> None:
        """Move the centre to prices that raised the bound, and take longer or shorter steps from now on."""
        if risen:
            self.center = near
        if share < 1.0:
            self._share = min(LARGEST_SHARE, max(LEAST_SHARE, self._share * (LONGER if risen else SHORTER)))

    def _eased(self) -> bool:
        """Allow more routes after pricing took too long, or else be more patient; tell whether there is time."""
        if not self._resumed():
            return False
        if not self.ease():
            self._patience *= 2
            self._share = max(LEAST_SHARE, SHORTER * self._share)
        return True

    def _resumed(self) -> bool:
        """Let kernels run again after one was stopped early; tell whether there is time."""
        if self.stop_requested() or time.monotonic() >= self.deadline:
            return False
        self.stop[0] = 0
        return True

    def ease(self) -> bool:
        """Allow more routes, to price them quicker; tell whether there was a way."""
        if sum(pricing.forget_weights() for pricing in self.pricings) or sum(pricing.coarsen() for pricing in self.pricings):
            return True
        shorter = self.memory.shorten()
        for pricing in self.pricings:
            pricing.remember(self.memory.members)
        return shorter

    def _priced(self, pricing: Pricing, prices: WholePrices, *, exact: bool) -> Priced:
        reduced = prices.reduced(self.problem, pricing.position)
        rows = prices.label_rows(pricing.size)
        return pricing.price(reduced, rows, exact=exact, stop=self.stop, most=MOST_COLUMNS)

    def _capacity_cuts_pay(self) -> bool:
        """Tell whether recent rounds of capacity cuts have raised the bound, or have only begun."""
        recent = self._bounds[-TAIL_ROUNDS:]
        risen = len(recent) < TAIL_ROUNDS or recent[-1] - recent[0] >= TAIL * max(1.0, abs(recent[-1]))
        return risen and self.problem.largest_load > 0 and not self.master.subsets

    def _cut(self) -> bool:
        """Add capacity cuts, or longer memories, or subset rows; tell whether any was found."""
        columns, shares = self.master.columns, self.master.shares
        self._bounds.append(self.bound)
        if self._capacity_cuts_pay():
            cuts = violated_cuts(self.problem, columns, shares, self.master.capacity)
            if cuts:
                self.master.add_capacity_cuts(cuts)
                return True
        if self.memory.forbid_cycles(columns, shares):
            for pricing in self.pricings:
                pricing.remember(self.memory.members)
            self.master.keep([self.memory.allows(column) for column in columns])
            return True
        room = MOST_SUBSET_ROWS - len(self.master.subsets)
        rows = violated_subset_rows(columns, shares, self.master.subsets, most=room) if room > 0 else []
        self.master.add_subset_rows(rows)
        return bool(rows)


def halves(problem: PricingProblem) -> Prices:
    """Return prices to begin with: half of the cheapest arc into each client and half of the cheapest out of it."""
    least = np.full(len(problem.clients), np.inf)
    for network in problem.networks:
        cost = np.where(network.arcs, network.cost, np.inf)
        least = np.minimum(least, cost.min(axis=0)[:-2] + cost.min(axis=1)[:-2])
    clients = np.floor(np.where(np.isfinite(least), least, 0.0) / 2) / problem.scale
    return Prices(clients=clients, fleet=np.zeros(len(problem.networks)), capacity=np.zeros(0), subsets=np.zeros(0))
