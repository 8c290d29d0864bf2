"""What other choices at a stage would cost: the changed problem is solved again, so that every difference is verified."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from models.inventory_multi_echelon import GuaranteedStage, MultiEchelonProblem, MultiEchelonSolution, StageArgument
from solvers.base import Budget, Silent
from solvers.inventory.multi_echelon.constraint import solve_constraints
from solvers.inventory.multi_echelon.network import Network, network_of, solution_of
from solvers.inventory.multi_echelon.tree import MOST_CELLS, cells, is_forest, solve_tree
from solvers.inventory.policy.working import number

SHARE = 0.3
"""Largest share of the time left that one re-solve by constraint programming may take."""


class Comparison:
    """Solves changed problems until the deadline and puts the differences into words."""

    def __init__(self, problem: MultiEchelonProblem, value: float, *, deadline: float, seed: int) -> None:
        self._problem, self._value, self._deadline, self._seed = problem, value, deadline, seed

    def prices(self, chosen: Sequence[int]) -> Iterator[StageArgument]:
        """Yield what a unit of promise more or less, or of processing less, costs at each stage."""
        for k in chosen:
            stage = self._problem.stages[k]
            assert isinstance(stage, GuaranteedStage)
            limit = 0.0 if stage.max_service_time is None and stage.demand is not None else stage.max_service_time
            if limit is not None:
                for change, step in (("service_time_plus_1", 1.0), ("service_time_minus_1", -1.0)):
                    if limit + step >= 0:
                        changed = stage.model_copy(update={"max_service_time": limit + step})
                        yield from self._again(k, change, self._with(k, changed))
            if stage.processing_time >= 1:
                changed = stage.model_copy(update={"processing_time": stage.processing_time - 1})
                yield from self._again(k, "processing_time_minus_1", self._with(k, changed))

    def placement(self, chosen: Sequence[int], solution: MultiEchelonSolution) -> Iterator[StageArgument]:
        """Yield what it would cost if a stage that holds stock held none, or one that holds none promised 0."""
        for k in chosen:
            if solution.stages[k].holds_stock:
                yield from self._again(k, "holds_nothing", partial(network_of, self._problem, idle=[k]))
            else:
                stage = self._problem.stages[k].model_copy(update={"max_service_time": 0.0})
                yield from self._again(k, "promises_0", self._with(k, stage))

    def _with(self, k: int, stage: object) -> Callable[[], Network]:
        stages = [*self._problem.stages[:k], stage, *self._problem.stages[k + 1 :]]
        return lambda: network_of(self._problem.model_copy(update={"stages": stages}))

    def _again(self, k: int, change: str, build: Callable[[], Network]) -> Iterator[StageArgument]:
        left = self._deadline - time.monotonic()
        if left <= 0.05:
            return
        cost, proved = _least(build(), seconds=left * SHARE, seed=self._seed)
        if cost is None and not proved:
            return
        difference = None if cost is None else cost - self._value
        if difference is not None and abs(difference) <= 1e-9 * max(1.0, self._value):
            difference = 0.0
        name = self._problem.stages[k].id
        yield StageArgument.model_validate(
            {
                "stage": name,
                "pointer": f"/stages/{k}",
                "change": change,
                "cost": cost,
                "difference": difference,
                "verified": proved,
                "sentence": _sentence(name, change, difference),
            }
        )


def _least(network: Network, *, seconds: float, seed: int) -> tuple[float | None, bool]:
    """Return the least cost of a network and whether it is proved; None when it is impossible, or nothing was found."""
    if is_forest(network) and cells(network) <= MOST_CELLS:
        promises, total = solve_tree(network)
        return (None, True) if not np.isfinite(total) else (float(solution_of(network, promises)[1].sum()), True)
    budget = Budget(time_limit=seconds, iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)
    found = solve_constraints(network, budget, Silent())
    if found.promises is None:
        return None, found.infeasible
    return float(solution_of(network, found.promises)[1].sum()), found.proved


def _sentence(name: str, change: str, difference: float | None) -> str:
    what = {
        "service_time_plus_1": f"If {name} promised one unit of time more",
        "service_time_minus_1": f"If {name} promised one unit of time less",
        "processing_time_minus_1": f"If {name} took one unit of time less",
        "holds_nothing": f"If {name} held no safety stock",
        "promises_0": f"If {name} served at once, from stock of its own",
    }[change]
    if difference is None:
        return f"{what}, the promises to customers could not be kept."
    if difference == 0:
        return f"{what}, the least cost would stay the same."
    return f"{what}, all stock together would cost {number(abs(difference))} {'more' if difference > 0 else 'less'}."
