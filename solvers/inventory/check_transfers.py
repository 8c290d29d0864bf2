"""Independent check of what is moved between sites: arrivals, capacities, use of resources and cost again from the answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.inventory import PlanProblem, PlanSolution

Floats = NDArray[np.float64]

NOTHING = 1e-7
"""A transfer up to this counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferChecks:
    """
    What transfers mean for the rest of the plan.

    `moved` (I, T) is what arrives at an item less what is sent away, `sends` (I,) whether it may be sent at all, `use` (R, T)
    what transfers take of resources, `cost` what they cost.
    """

    violations: dict[str, float]
    moved: Floats
    sends: NDArray[np.bool_]
    use: Floats
    cost: float


def check_transfers(problem: PlanProblem, solution: PlanSolution) -> TransferChecks:
    """Return the checks of the transfers; nothing is violated, moved or paid without them."""
    periods, items = problem.periods, problem.items
    found = TransferChecks(
        violations={},
        moved=np.zeros((len(items), periods)),
        sends=np.zeros(len(items), dtype=np.bool_),
        use=np.zeros((len(problem.resources), periods)),
        cost=0.0,
    )
    ways = [(way.item, way.origin, way.destination) for way in problem.transfers]
    if [(way.item, way.origin, way.destination) for way in solution.transfers] != ways:
        raise ValueError("the plan lists other transfers than the request")
    if not ways:
        return found
    place = {(item.id, item.site): index for index, item in enumerate(items)}
    row = {resource.id: index for index, resource in enumerate(problem.resources)}
    worst = {"transfer_arrivals": 0.0, "transfer_capacity": 0.0, "transfer_non_negative": 0.0}
    cost = 0.0
    for way, plan in zip(problem.transfers, solution.transfers, strict=True):
        sent, arrived = np.array(plan.quantities), _later(np.array(plan.quantities), way.lead_time)
        started = np.where(sent > NOTHING, 1.0, 0.0)
        late = sent[max(periods - way.lead_time, 0) :].sum()
        off = np.abs(np.array(plan.arrivals) - arrived).max() / max(1.0, arrived.max())
        worst["transfer_arrivals"] = max(worst["transfer_arrivals"], off, late)
        worst["transfer_non_negative"] = max(worst["transfer_non_negative"], -sent.min())
        if way.capacity is not None:
            capacity = np.broadcast_to(np.asarray(way.capacity, dtype=np.float64), (periods,))
            over = ((sent - capacity) / np.maximum(1.0, capacity)).max()
            worst["transfer_capacity"] = max(worst["transfer_capacity"], over)
        for name, taken in way.resource_use.items():
            amount = taken.per_unit * sent + taken.per_setup * started
            found.use[row[name]] += _later(amount, way.lead_time) if taken.at == "receipt" else amount
        found.moved[place[way.item, way.origin]] -= sent
        found.moved[place[way.item, way.destination]] += arrived
        found.sends[place[way.item, way.origin]] = True
        cost += float((np.asarray(way.unit_cost) * sent).sum() + (np.asarray(way.fixed_cost) * started).sum())
    return TransferChecks(
        violations={name: float(violation) for name, violation in worst.items()},
        moved=found.moved,
        sends=found.sends,
        use=found.use,
        cost=cost,
    )


def _later(amounts: Floats, delay: int) -> Floats:
    """Return amounts (T,) in the period in which they arrive."""
    moved = np.zeros(len(amounts))
    kept = max(len(amounts) - delay, 0)
    moved[len(amounts) - kept :] = amounts[:kept]
    return moved
