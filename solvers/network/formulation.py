"""The formulations of the network problems as they are shown: LaTeX, text, meaning, unit and pointer of every part."""

from collections.abc import Sequence
from typing import Literal

from models.explanation import Formulation, ModelSize, Symbol
from solvers.network.arrays import Network
from solvers.network.pairs import Pairs

NODES, ARCS = "i", "e"


def part(
    symbol: str,
    *,
    latex: str,
    text: str,
    meaning: str,
    unit: str | None = None,
    pointer: str | None = None,
    count: int | None = None,
) -> Symbol:
    """Return one part of a formulation."""
    return Symbol(symbol=symbol, latex=latex, text=text, meaning=meaning, unit=unit, pointer=pointer, count=count)


def minimum_cost_flow_formulation(network: Network) -> Formulation:
    """Return the minimum cost flow formulation."""
    form, n, m = f"/{network.arcs.form}", network.order, network.size
    return _compose(
        "minimum cost flow",
        "min",
        size=ModelSize(variables=m, constraints=n, nonzeros=2 * m, integers=0),
        sets=_graph_sets(network),
        parameters=[
            part(
                "b_i",
                latex="b_i",
                text="b[i]",
                meaning="demand of node i: > 0 receives, < 0 sends",
                unit="unit of flow",
                pointer="/nodes",
                count=n,
            ),
            *_bound_parameters(network),
            part(
                "c_e",
                latex="c_e",
                text="c[e]",
                meaning="cost of one unit on arc e",
                unit="cost per unit of flow",
                pointer=form,
                count=m,
            ),
        ],
        variables=[_flow_variable(network)],
        objective=part(
            "cost",
            latex=r"\sum_{e \in A} c_e x_e",
            text="sum over e: c[e] x[e]",
            meaning="cost of all flows",
            unit="cost",
            pointer=form,
        ),
        constraints=[
            part(
                "balance_i",
                latex=r"\sum_{e \in \delta^-(i)} x_e - \sum_{e \in \delta^+(i)} x_e = b_i \quad \forall i \in N",
                text="balance[i]: what enters i less what leaves i = b[i]",
                meaning="every node receives or sends its demand",
                unit="unit of flow",
                pointer="/nodes",
                count=n,
            ),
            *_bound_constraints(network),
        ],
    )


def maximum_flow_formulation(network: Network) -> Formulation:
    """Return the maximum flow formulation."""
    n, m = network.order, network.size
    return _compose(
        "maximum flow",
        "max",
        size=ModelSize(variables=m + 1, constraints=n, nonzeros=2 * m + 2, integers=0),
        sets=_graph_sets(network),
        parameters=_bound_parameters(network),
        variables=[
            _flow_variable(network),
            part("v", latex="v", text="v", meaning="units sent from source to sink", unit="unit of flow", count=1),
        ],
        objective=part("value", latex="v", text="v", meaning="units that reach the sink", unit="unit of flow", pointer="/sink"),
        constraints=[
            part(
                "balance_i",
                latex=r"\sum_{e \in \delta^-(i)} x_e - \sum_{e \in \delta^+(i)} x_e = "
                r"\begin{cases} -v & i = s \\ v & i = t \\ 0 & \text{else} \end{cases} \quad \forall i \in N",
                text="balance[i]: what enters i less what leaves i = -v at the source, v at the sink, else 0",
                meaning="nothing gets lost on the way",
                unit="unit of flow",
                pointer="/nodes" if network.nodes.listed else None,
                count=n,
            ),
            *_bound_constraints(network),
        ],
    )


def shortest_path_formulation(network: Network, *, targets: int) -> Formulation:
    """Return the shortest path formulation: one unit to each target."""
    form, n, m = f"/{network.arcs.form}", network.order, network.size
    return _compose(
        "shortest paths",
        "min",
        size=ModelSize(variables=m, constraints=n, nonzeros=2 * m, integers=0),
        sets=[*_graph_sets(network), part("T", latex="T", text="T", meaning="targets", pointer="/targets", count=targets)],
        parameters=[
            part("c_e", latex="c_e", text="c[e]", meaning="cost of using arc e once", unit="cost", pointer=form, count=m)
        ],
        variables=[
            part("x_e", latex=r"x_e \ge 0", text="x[e] >= 0", meaning="how many of the paths use arc e", unit="paths", count=m)
        ],
        objective=part(
            "distance",
            latex=r"\sum_{e \in A} c_e x_e",
            text="sum over e: c[e] x[e]",
            meaning="sum of the distances of all targets that can be reached",
            unit="cost",
            pointer=form,
        ),
        constraints=[
            part(
                "balance_i",
                latex=r"\sum_{e \in \delta^-(i)} x_e - \sum_{e \in \delta^+(i)} x_e = "
                r"\begin{cases} 1 & i \in T \\ 0 & i \notin T \end{cases} \quad \forall i \in N \setminus \{s\}",
                text="balance[i]: what enters i less what leaves i = 1 at a target, else 0; the source s sends what is needed",
                meaning="one path ends at every target",
                unit="paths",
                pointer="/targets",
                count=n,
            )
        ],
    )


def assignment_formulation(pairs: Pairs, *, sense: Literal["min", "max"]) -> Formulation:
    """Return the assignment formulation; the longer side may stay partly free."""
    rows, columns, count = len(pairs.rows), len(pairs.columns), len(pairs.cost)
    row_sign, column_sign = ("=" if rows <= columns else "<="), ("=" if columns <= rows else "<=")
    relation = {"=": "=", "<=": r"\le"}
    return _compose(
        "assignment",
        sense,
        size=ModelSize(variables=count, constraints=rows + columns, nonzeros=2 * count, integers=0),
        sets=_assignment_sets(pairs),
        parameters=[
            part(
                "c_ij",
                latex="c_{ij}",
                text="c[i,j]",
                meaning="cost of pairing row i with column j",
                unit="cost",
                pointer="/costs",
                count=count,
            )
        ],
        variables=[
            part(
                "x_ij",
                latex=r"x_{ij} \ge 0",
                text="x[i,j] >= 0",
                meaning="1 when row i takes column j; whole numbers come for free",
                count=count,
            )
        ],
        objective=part(
            "cost",
            latex=r"\sum_{(i,j) \in P} c_{ij} x_{ij}",
            text="sum over (i,j): c[i,j] x[i,j]",
            meaning="cost of the chosen pairs",
            unit="cost",
            pointer="/costs",
        ),
        constraints=[
            part(
                "row_i",
                latex=rf"\sum_{{j:(i,j) \in P}} x_{{ij}} {relation[row_sign]} 1 \quad \forall i \in R",
                text=f"row[i]: sum over j: x[i,j] {row_sign} 1",
                meaning="each row takes one column",
                pointer="/costs",
                count=rows,
            ),
            part(
                "column_j",
                latex=rf"\sum_{{i:(i,j) \in P}} x_{{ij}} {relation[column_sign]} 1 \quad \forall j \in C",
                text=f"column[j]: sum over i: x[i,j] {column_sign} 1",
                meaning="each column is taken once",
                pointer="/costs",
                count=columns,
            ),
        ],
    )


def _assignment_sets(pairs: Pairs) -> list[Symbol]:
    rows, columns, count = len(pairs.rows), len(pairs.columns), len(pairs.cost)
    return [
        part("R", latex="R", text="R", meaning="rows", pointer="/costs", count=rows),
        part("C", latex="C", text="C", meaning="columns", pointer="/costs", count=columns),
        part("P", latex=r"P \subseteq R \times C", text="P", meaning="allowed pairs", pointer="/costs", count=count),
    ]


def _graph_sets(network: Network) -> list[Symbol]:
    return [
        part(
            "N", latex="N", text="N", meaning="nodes i", pointer="/nodes" if network.nodes.listed else None, count=network.order
        ),
        part(
            "A",
            latex="A",
            text="A",
            meaning="arcs e; parallel arcs are different members",
            pointer=f"/{network.arcs.form}",
            count=network.size,
        ),
    ]


def _bound_parameters(network: Network) -> list[Symbol]:
    form, m = f"/{network.arcs.form}", network.size
    return [
        part("l_e", latex="l_e", text="l[e]", meaning="least flow on arc e", unit="unit of flow", pointer=form, count=m),
        part(
            "u_e",
            latex="u_e",
            text="u[e]",
            meaning="most flow on arc e, infinite where unlimited",
            unit="unit of flow",
            pointer=form,
            count=m,
        ),
    ]


def _flow_variable(network: Network) -> Symbol:
    return part("x_e", latex="x_e", text="x[e]", meaning="flow on arc e", unit="unit of flow", count=network.size)


def _bound_constraints(network: Network) -> list[Symbol]:
    return [
        part(
            "capacity_e",
            latex=r"l_e \le x_e \le u_e \quad \forall e \in A",
            text="capacity[e]: l[e] <= x[e] <= u[e]",
            meaning="every arc keeps its bounds",
            unit="unit of flow",
            pointer=f"/{network.arcs.form}",
            count=network.size,
        )
    ]


def _compose(
    name: str,
    sense: Literal["min", "max"],
    *,
    size: ModelSize,
    sets: Sequence[Symbol],
    parameters: Sequence[Symbol],
    variables: Sequence[Symbol],
    objective: Symbol,
    constraints: Sequence[Symbol],
) -> Formulation:
    """Put the parts together and print them as one block of LaTeX and as lines of text."""
    conditions = [line.latex for line in (*constraints, *(line for line in variables if r"\ge" in line.latex))]
    rows = [rf"\{sense} \quad & {objective.latex}", rf"\text{{s.t.}} \quad & {conditions[0]}"]
    rows += [rf"& {condition}" for condition in conditions[1:]]
    text = [f"{sense} {objective.text}", "subject to", *(f"  {line.text}" for line in constraints)]
    text += [f"  {line.text}" for line in variables if ">=" in line.text]
    return Formulation(
        name=name,
        sense=sense,
        size=size,
        sets=list(sets),
        parameters=list(parameters),
        variables=list(variables),
        objective=objective,
        constraints=list(constraints),
        latex="\n".join([r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}"]),
        text="\n".join(text),
        mps=None,
        lp=None,
        dual_latex=None,
        dual_text=None,
    )
