"""
Network problems as linear models: what prices a change before anything is solved again, and what is written as a file.

The engines of these problems use their structure instead. Columns are called as the arcs (or pairs) are; the rows are
`balance[node]`, or `row[...]` and `column[...]` for an assignment. Shadow prices of the balance rows are the node potentials.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from models.network.assignment import AssignmentProblem
from models.network.maximum_flow import MaximumFlowProblem
from models.network.minimum_cost_flow import MinimumCostFlowProblem
from models.network.shortest_path import ShortestPathProblem
from solvers.linear.model import Family, Floats, LinearModel, ModelBuilder
from solvers.network.arrays import Integers, Network, network_of
from solvers.network.pairs import pairs_of


def minimum_cost_flow_model(problem: MinimumCostFlowProblem) -> LinearModel:
    """Return min sum c x with inflow less outflow equal to the demand of every node and flows between their bounds."""
    network = network_of(problem)
    return _flow_model(network, "minimum cost flow", "min", network.cost, network.demand, network.lower, network.capacity)


def shortest_path_model(problem: ShortestPathProblem) -> LinearModel:
    """Return min sum c x with one unit from the source to each target; infeasible when a target cannot be reached."""
    network = network_of(problem)
    demand = np.zeros(network.order)
    for target in problem.targets:
        demand[network.index[target]] += 1.0
    demand[network.index[problem.source]] -= len(problem.targets)
    return _flow_model(network, "shortest path", "min", network.cost, demand, network.lower, network.capacity)


def maximum_flow_model(problem: MaximumFlowProblem) -> LinearModel:
    """Return max of the net flow out of the source, with balanced nodes between source and sink."""
    network = network_of(problem)
    source, sink = network.index[problem.source], network.index[problem.sink]
    gain = (network.tail == source).astype(np.float64) - (network.head == source)
    balanced = np.setdiff1d(np.arange(network.order), [source, sink])
    demand = np.zeros(network.order)
    return _flow_model(network, "maximum flow", "max", gain, demand, network.lower, network.capacity, kept=balanced)


def assignment_model(problem: AssignmentProblem) -> LinearModel:
    """Return the assignment as a linear program; its vertices are whole by themselves."""
    pairs = pairs_of(problem)
    builder = ModelBuilder(name="assignment", sense=problem.sense, objective=_family("z", "cost of all pairs"))
    columns = builder.add_variables(
        _family("x", "1 when the row takes the column"), names=_unique(pairs.named()), objective=pairs.cost
    )
    for side, ends, names, is_longer in (
        ("row", pairs.row, pairs.rows, len(pairs.rows) > len(pairs.columns)),
        ("column", pairs.column, pairs.columns, len(pairs.columns) > len(pairs.rows)),
    ):
        builder.add_constraints(
            _family(side, f"every {side} is paired {'at most once' if is_longer else 'once'}"),
            names=[f"{side}[{name}]" for name in names],
            rows=ends,
            columns=columns,
            coefficients=1.0,
            lower=-np.inf if is_longer else 1.0,
            upper=1.0,
        )
    return builder.build()


def _flow_model(
    network: Network,
    name: str,
    sense: Literal["min", "max"],
    objective: Floats,
    demand: Floats,
    lower: Floats,
    capacity: Floats,
    *,
    kept: Integers | None = None,
) -> LinearModel:
    """Return the model of a flow; `kept` are the nodes with a balance row, all of them unless said."""
    builder = ModelBuilder(name=name, sense=sense, objective=_family("z", "value of the flow"))
    columns = builder.add_variables(
        _family("x", "flow on the arc"),
        names=network.arcs.ids,
        lower=lower,
        upper=capacity,
        objective=objective,
        pointers=[network.arcs.pointer(index) for index in range(network.size)],
    )
    rows = np.arange(network.order) if kept is None else kept
    place = np.full(network.order, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    ends = np.concatenate((network.head, network.tail))
    sign = np.concatenate((np.ones(network.size), -np.ones(network.size)))
    inside = place[ends] >= 0
    builder.add_constraints(
        _family("balance", "inflow less outflow is the demand of the node"),
        names=[f"balance[{network.nodes.ids[index]}]" for index in rows.tolist()],
        rows=place[ends][inside],
        columns=np.concatenate((columns, columns))[inside],
        coefficients=sign[inside],
        lower=demand[rows],
        upper=demand[rows],
        pointers=[network.nodes.pointer(index) for index in rows.tolist()],
    )
    return builder.build()


def _unique(names: Sequence[str]) -> list[str]:
    """Return names that are all different: a pair that is listed twice gets a number."""
    if len(set(names)) == len(names):
        return list(names)
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return made


def _family(symbol: str, meaning: str) -> Family:
    return Family(symbol=symbol, latex=symbol, text=symbol, meaning=meaning, unit=None, pointer=None)
