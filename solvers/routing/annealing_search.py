"""What every annealing search offers: a start, pieces whose temperature falls, and its best plan."""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from solvers.routing.planned_route import PlannedRoute
from solvers.routing.seats import Seat

Integers = NDArray[np.int64]

SECONDS_A_PIECE = 0.04

FIRST_PIECE = 100
"""Iterations of the first piece, after which the speed is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnealingParameters:
    """How hard to search; temperatures are multiples of the mean cost of an arc of the first plan."""

    hot: float
    cold: float
    neighbours: int
    removed: float = 10.0
    longest: float = 10.0
    split: float = 0.5
    related: float = 0.0
    blink: float = 0.01
    pair_neighbours: int = 20
    around: int = 150
    sorts: tuple[float, ...] = (4, 4, 2, 1, 0, 0, 0)
    """Weights of inserting at random, largest first, farthest first, nearest first, narrowest, earliest and latest first."""


class AnnealingSearch(ABC):
    """
    A search whose temperature falls geometrically, with the share of the time or of the iterations that has passed.

    Parameters
    ----------
    parameters
        How hard to search.
    """

    iterations_a_piece: ClassVar[int] = 2_000
    """Iterations of one piece when iterations are limited."""

    def __init__(self, parameters: AnnealingParameters) -> None:
        self.parameters = parameters
        self.iterations = 0
        self.edge = 1.0
        """Mean cost of an arc, the unit of temperatures."""
        self.speed = 0.0
        """Iterations a second of the last piece."""

    def piece(self, used: float, *, rest: float) -> None:
        """
        Run one piece of about `SECONDS_A_PIECE`.

        Parameters
        ----------
        used
            Share of the search that has passed, 0 to 1.
        rest
            Seconds left.
        """
        number = FIRST_PIECE
        if self.speed > 0:
            number = max(1, int(self.speed * min(SECONDS_A_PIECE, rest)))
        total = rest / max(1e-9, 1 - used)
        share = min(1.0 - used, (number / self.speed if self.speed > 0 else 0.0) / total)
        self._cool(used, share, number)
        self._timed(number)

    def limited_piece(self, limit: int) -> None:
        """Run one piece of a search with limited iterations."""
        number = min(self.iterations_a_piece, limit - self.iterations)
        self._cool(self.iterations / limit, number / limit, number)
        self._run(number)

    def walk(self, number: int, temperature: float) -> None:
        """Run a number of iterations at one temperature."""
        self._set_temperature(temperature, 1.0)
        self._timed(number)

    def temperature(self, used: float) -> float:
        """Return the temperature when a share of the search has passed."""
        hot, cold = self.parameters.hot, self.parameters.cold
        return float(self.edge * hot * (cold / hot) ** used)

    def _cool(self, used: float, share: float, number: int) -> None:
        hot = self.temperature(used)
        self._set_temperature(hot, math.exp(math.log(self.temperature(used + share) / hot) / max(1, number)))

    def _timed(self, number: int) -> None:
        """Run a number of iterations and take the time."""
        started = time.perf_counter()
        self._run(number)
        self.speed = number / max(1e-6, time.perf_counter() - started)

    @abstractmethod
    def begin_with(self, seats: Sequence[Seat]) -> None:
        """Write feasible routes into the plan that serves nothing; `construct` then inserts what they leave out."""

    @abstractmethod
    def construct(self) -> None:
        """Make a first plan that serves what it can."""

    @abstractmethod
    def restart(self, seats: Sequence[Seat], *, most: int) -> None:
        """
        Leave the plan for another, which becomes the best known.

        Parameters
        ----------
        seats
            Feasible routes; what they leave out is inserted as far as it fits.
        most
            How many routes there may be from now on, at least these.
        """

    @abstractmethod
    def left_out(self) -> Integers:
        """Return rows of the problem: the stops, of pairs one, whose orders the plan that the search is at leaves out."""

    @abstractmethod
    def reweigh(self, weight: Integers) -> None:
        """Set what leaving out the order of each stop costs from now on."""

    @abstractmethod
    def descend(self) -> None:
        """Accept better plans only, until the worst of the start is gone; temperatures are taken from what is left."""

    @abstractmethod
    def follow(self, other: Self) -> None:
        """Go on from the plan that another search is at."""

    @abstractmethod
    def stops_per_route(self) -> float:
        """Return the mean number of stops on a route of the plan that the search is at."""

    @property
    @abstractmethod
    def best_cost(self) -> int:
        """Cost of the best plan, in the integers of the problem."""

    @property
    @abstractmethod
    def count_cost(self) -> int:
        """Cost of the plan that the search is at."""

    @abstractmethod
    def best_money(self) -> float:
        """Return the cost of the best plan in the caller's money: required orders that are left out are not priced."""

    @abstractmethod
    def best_missing(self) -> int:
        """Return how many of the orders that are searched the best plan leaves out."""

    @abstractmethod
    def best_routes(self) -> list[PlannedRoute]:
        """Return the routes of the best plan in terms of the request."""

    @abstractmethod
    def _set_temperature(self, hot: float, factor: float) -> None:
        """Set the temperature of the next iteration, and its factor per iteration."""

    @abstractmethod
    def _run(self, iterations: int) -> None:
        """Run a number of iterations and count them."""
