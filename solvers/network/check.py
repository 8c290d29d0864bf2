"""
Independent check of network answers.

Everything is recomputed from the request and the answer with NumPy alone; nothing here is shared with an engine. A violation is
relative to max(1, sum of the amounts involved).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.base import LARGEST_NUMBER
from models.network.table import ArcTable, NodeTable, arc_table, node_table
from models.run import Check
from solvers.base import Outcome

TOLERANCE = 1e-6

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Request:
    """The request's network read afresh: `tail`, `head`, `lower`, `capacity` (inf: unlimited), `cost` (m,), `demand` (n,)."""

    def __init__(self, problem: Any) -> None:
        self.arcs: ArcTable = arc_table(problem)
        self.nodes: NodeTable = node_table(problem, self.arcs)
        self.place = {name: position for position, name in enumerate(self.nodes.ids)}
        self.tail = np.array([self.place[name] for name in self.arcs.tail], dtype=np.int64)
        self.head = np.array([self.place[name] for name in self.arcs.head], dtype=np.int64)
        self.lower = np.array(self.arcs.lower, dtype=np.float64)
        self.capacity = np.array(self.arcs.capacity, dtype=np.float64)
        self.capacity[np.isnan(self.capacity)] = np.inf
        self.cost = np.array(self.arcs.cost, dtype=np.float64)
        self.demand = np.array(self.nodes.demand, dtype=np.float64)

    def flow(self, flows: dict[str, float]) -> Floats:
        """Return the answer's flow per arc (m,); arcs left out carry 0."""
        return np.array([flows.get(name, 0.0) for name in self.arcs.ids], dtype=np.float64)

    def side(self, ids: list[str]) -> NDArray[np.bool_]:
        """Return the mask (n,) of the named nodes."""
        chosen = np.zeros(len(self.nodes.ids), dtype=np.bool_)
        chosen[[self.place[name] for name in ids]] = True
        return chosen

    def net_inflow(self, flow: Floats) -> tuple[Floats, Floats]:
        """Return what enters less what leaves per node (n,), and the sum of both."""
        order = len(self.nodes.ids)
        entering: Floats = np.bincount(self.head, weights=flow, minlength=order).astype(np.float64)
        leaving: Floats = np.bincount(self.tail, weights=flow, minlength=order).astype(np.float64)
        return entering - leaving, np.abs(entering) + np.abs(leaving)


def make_check(name: str, violations: Floats | float, *, tolerance: float = TOLERANCE) -> Check:
    """Return a check from violations; what is not finite counts as the largest number."""
    worst = float(np.max(np.atleast_1d(np.nan_to_num(violations, nan=LARGEST_NUMBER, posinf=LARGEST_NUMBER)), initial=0.0))
    return Check(name=name, max_violation=max(worst, 0.0), tolerance=tolerance)


def flow_checks(request: Request, flow: Floats, *, free: tuple[int, ...] = ()) -> list[Check]:
    """Check bounds and conservation of a flow; the nodes in `free` (source and sink) need no balance."""
    scale = np.maximum(1.0, np.abs(flow))
    outside = np.maximum(request.lower - flow, flow - request.capacity) / scale
    inflow, amount = request.net_inflow(flow)
    residual = np.abs(inflow - request.demand) / np.maximum(1.0, amount)
    residual[list(free)] = 0.0
    return [make_check("arc_bounds", outside), make_check("flow_conservation", residual)]


def reported_value(outcome: Outcome[Any]) -> float:
    """Return the objective value the engine reported; NaN, which fails every check, when there is none."""
    return float("nan") if outcome.objective is None or outcome.objective.value is None else outcome.objective.value


def objective_check(reported: float, recomputed: float, *, scale: float) -> Check:
    """Check that the reported value is the one the answer has."""
    return make_check("objective", abs(reported - recomputed) / max(1.0, scale))


def check_minimum_cost_flow(problem: Any, outcome: Outcome[Any]) -> list[Check]:
    """Check flow, cost, and that the prices prove the cost; or the cut or cycle that proves that there is no optimum."""
    if outcome.evidence is None:
        return []
    request = Request(problem)
    if outcome.status == "infeasible":
        return [_cut_check(request, outcome.evidence.shortfall)]
    if outcome.status == "unbounded":
        return [
            *flow_checks(request, outcome.evidence.flow),
            walk_check(request, outcome.evidence.cycle, closed=True),
            make_check("unlimited_arcs", np.where(np.isinf(request.capacity[outcome.evidence.cycle]), 0.0, 1.0), tolerance=0.0),
            make_check("negative_cycle", 0.0 if request.cost[outcome.evidence.cycle].sum() < 0 else 1.0, tolerance=0.0),
        ]
    solution: Any = outcome.solution
    flow = request.flow(solution.flows)
    potential = np.array([solution.potentials[name] for name in request.nodes.ids], dtype=np.float64)
    return [
        *flow_checks(request, flow),
        *price_checks(request, flow, potential, reported=reported_value(outcome)),
    ]


def price_checks(request: Request, flow: Floats, potential: Floats, *, reported: float) -> list[Check]:
    """Check that node prices (n,) prove a flow (m,) to be cheapest: signs of reduced costs, slackness, equal dual value."""
    reduced = request.cost + potential[request.tail] - potential[request.head]
    amount = np.abs(request.cost) + np.abs(potential[request.tail]) + np.abs(potential[request.head])
    reduced = np.where(np.abs(reduced) <= 1e-9 * np.maximum(1.0, amount), 0.0, reduced)
    limited = np.isfinite(request.capacity)
    cost = float(request.cost @ flow)
    scale = max(1.0, float(np.abs(request.cost) @ np.abs(flow)))
    room = np.where(limited, request.capacity - flow, 0.0)
    loose = np.maximum(reduced, 0.0) * (flow - request.lower) + np.maximum(-reduced, 0.0) * room
    paid = np.maximum(reduced, 0.0) * request.lower
    earned = np.minimum(reduced, 0.0) * np.where(limited, request.capacity, 0.0)
    dual = float(request.demand @ potential + paid.sum() + earned.sum())
    return [
        objective_check(reported, cost, scale=scale),
        make_check("dual_feasibility", np.where(limited, 0.0, -reduced) / np.maximum(1.0, amount)),
        make_check("complementary_slackness", np.abs(loose) / scale),
        make_check("duality_gap", abs(cost - dual) / scale),
    ]


def check_maximum_flow(problem: Any, outcome: Outcome[Any]) -> list[Check]:
    """Check flow and value, and that the cut's capacity equals the value."""
    if outcome.evidence is None:
        return []
    request = Request(problem)
    ends = (request.place[problem.source], request.place[problem.sink])
    if outcome.status == "infeasible":
        side = request.side(outcome.evidence.shortfall.nodes)
        split = make_check("source_and_sink_together", float(side[ends[0]] != side[ends[1]]), tolerance=0.0)
        return [_cut_check(request, outcome.evidence.shortfall), split]
    if outcome.status == "unbounded":
        path = outcome.evidence.cycle
        joined = request.tail[path[0]] == ends[0] and request.head[path[-1]] == ends[1]
        return [
            *flow_checks(request, outcome.evidence.flow, free=ends),
            walk_check(request, path, closed=False),
            make_check("unlimited_arcs", np.where(np.isinf(request.capacity[path]), 0.0, 1.0), tolerance=0.0),
            make_check("source_to_sink", 0.0 if joined else 1.0, tolerance=0.0),
        ]
    solution: Any = outcome.solution
    flow = request.flow(solution.flows)
    side = request.side(solution.minimum_cut.source_side)
    across, back = side[request.tail] & ~side[request.head], ~side[request.tail] & side[request.head]
    capacity = float(request.capacity[across].sum() - request.lower[back].sum())
    value = -float(request.net_inflow(flow)[0][ends[0]])
    reported = float(solution.value)
    return [
        *flow_checks(request, flow, free=ends),
        objective_check(reported, value, scale=abs(value)),
        make_check("cut_separates", 0.0 if side[ends[0]] and not side[ends[1]] else 1.0, tolerance=0.0),
        make_check("duality_gap", abs(capacity - reported) / max(1.0, abs(reported))),
    ]


def check_shortest_path(problem: Any, outcome: Outcome[Any]) -> list[Check]:
    """Check that paths are walks of the stated cost and that the labels prove that none is shorter."""
    if outcome.evidence is None:
        return []
    request = Request(problem)
    source = request.place[problem.source]
    targets = [request.place[name] for name in problem.targets]
    if outcome.status == "unbounded":
        return _endless_checks(request, outcome.evidence.cycle, source, targets)
    label = outcome.evidence.potential
    with np.errstate(invalid="ignore"):
        over = np.where(
            label[request.head] <= label[request.tail] + request.cost,
            0.0,
            label[request.head] - label[request.tail] - request.cost,
        )
    amount = np.maximum(1.0, np.abs(request.cost) + np.abs(np.where(np.isfinite(label), label, 0.0))[request.tail])
    # Without any reachable target the labels only separate what the source reaches (finite or -inf) from the rest (inf).
    start = 0.0 if outcome.status == "infeasible" and label[source] < np.inf else abs(float(label[source]))
    certificate = [
        make_check("label_of_source", start, tolerance=0.0),
        make_check("label_feasibility", over / amount),
    ]
    if outcome.status == "infeasible":
        reached = [0.0 if label[target] == np.inf else 1.0 for target in targets]
        return [*certificate, make_check("unreachable_targets", np.array(reached), tolerance=0.0)]
    return [*certificate, *_path_checks(request, problem, outcome, label)]


def _path_checks(request: Request, problem: Any, outcome: Outcome[Any], label: Floats) -> list[Check]:
    solution: Any = outcome.solution
    position = {name: arc for arc, name in enumerate(request.arcs.ids)}
    broken, wrong, gap, total = 0.0, 0.0, 0.0, 0.0
    for path in solution.paths:
        arcs = np.array([position[name] for name in path.arcs], dtype=np.int64)
        nodes = [request.place[name] for name in path.nodes]
        along = request.tail[arcs].tolist() == nodes[:-1] and request.head[arcs].tolist() == nodes[1:]
        ends = path.nodes[0] == problem.source and path.nodes[-1] == path.target
        broken = max(broken, 0.0 if along and ends else 1.0)
        scale = max(1.0, float(np.abs(request.cost[arcs]).sum()))
        wrong = max(wrong, abs(float(request.cost[arcs].sum()) - path.distance) / scale)
        gap = max(gap, abs(path.distance - float(label[request.place[path.target]])) / scale)
        total += path.distance
    lost = [0.0 if label[request.place[name]] == np.inf else 1.0 for name in solution.unreachable]
    answered = {path.target for path in solution.paths} | set(solution.unreachable)
    return [
        make_check("paths_are_walks", broken, tolerance=0.0),
        make_check("every_target_answered", float(len(set(problem.targets) - answered)), tolerance=0.0),
        make_check("path_costs", wrong),
        make_check("duality_gap", gap),
        make_check("unreachable_targets", np.array(lost), tolerance=0.0),
        objective_check(reported_value(outcome), total, scale=abs(total)),
    ]


def _endless_checks(request: Request, cycle: Integers, source: int, targets: list[int]) -> list[Check]:
    ahead = _closure(request.tail, request.head, [source], order=len(request.nodes.ids))
    behind = _closure(request.head, request.tail, targets, order=len(request.nodes.ids))
    node = int(request.tail[cycle[0]])
    return [
        walk_check(request, cycle, closed=True),
        make_check("negative_cycle", 0.0 if request.cost[cycle].sum() < 0 else 1.0, tolerance=0.0),
        make_check("cycle_on_the_way", 0.0 if ahead[node] and behind[node] else 1.0, tolerance=0.0),
    ]


def _closure(tail: Integers, head: Integers, roots: list[int], *, order: int) -> NDArray[np.bool_]:
    """Return the nodes (n,) that a walk from any root reaches, by relaxing all arcs until nothing changes."""
    seen = np.zeros(order, dtype=np.bool_)
    seen[roots] = True
    count = 0
    while count != (count := int(seen.sum())):
        seen[head[seen[tail]]] = True
    return seen


def walk_check(request: Request, arcs: Integers, *, closed: bool) -> Check:
    """Check that arcs follow one another (and return to their start)."""
    follows = np.array_equal(request.head[arcs][:-1], request.tail[arcs][1:])
    returns = not closed or request.head[arcs[-1]] == request.tail[arcs[0]]
    return make_check("arcs_form_a_walk", 0.0 if follows and returns else 1.0, tolerance=0.0)


def _cut_check(request: Request, shortfall: Any) -> Check:
    """Check that more must cross the cut than can: need > available, both recomputed."""
    side = request.side(shortfall.nodes)
    entering, leaving = ~side[request.tail] & side[request.head], side[request.tail] & ~side[request.head]
    short = shortfall.kind == "shortage"
    through, back = (entering, leaving) if short else (leaving, entering)
    need = float(request.demand[side].sum()) * (1 if short else -1) + float(request.lower[back].sum())
    available = float(request.capacity[through].sum())
    return make_check("infeasibility_cut", 0.0 if need > available else 1.0 + available - need, tolerance=0.0)
