"""What the check and the explanation of a network answer need beyond the solution; everything in the caller's units."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from models.run import Objective, ObjectiveTerm, RunWarning, Termination
from solvers.base import relative_gap
from solvers.network.arrays import Floats, Integers, Mask, Network
from solvers.network.feasibility import Deficiency
from solvers.network.grid import Grid
from solvers.network.repair import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """
    A cut that proves infeasibility: see `solvers.network.feasibility.Deficiency`, here with ids and in units of flow.

    `unmet` maps a node's id to what it lacks (> 0) or cannot send (< 0).
    """

    kind: Literal["shortage", "surplus"]
    nodes: list[str]
    arcs: Integers
    forced: Integers
    need: float
    available: float
    unmet: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEvidence:
    """
    Proof of a flow answer.

    `flow` (m,) is the flow (for an unbounded problem: one that is feasible), `potential` (n,) the node prices, `source_side`
    (n,) the side of a minimum cut. `shortfall` proves infeasibility and `change` finds the least repair when it is asked for;
    `cycle` (arc indices in order of travel) proves unboundedness.
    """

    network: Network
    flow: Floats | None = None
    potential: Floats | None = None
    source_side: Mask | None = None
    shortfall: Shortfall | None = None
    change: Callable[[], tuple[Change, Grid]] | None = None
    cycle: Integers | None = None


def shortfall_of(network: Network, deficiency: Deficiency, quantities: Grid) -> Shortfall:
    """Return a deficiency with ids and in the caller's units."""
    unmet = quantities.numbers(deficiency.unmet)
    return Shortfall(
        kind=deficiency.kind,
        nodes=network.named_nodes(deficiency.nodes),
        arcs=deficiency.arcs.nonzero()[0],
        forced=deficiency.forced.nonzero()[0],
        need=deficiency.need / quantities.scale,
        available=deficiency.available / quantities.scale,
        unmet={network.nodes.ids[position]: float(unmet[position]) for position in unmet.nonzero()[0].tolist()},
    )


def shortfall_sentence(shortfall: Shortfall) -> str:
    """Return the proof of infeasibility in one sentence."""
    place = names(shortfall.nodes)
    if len(shortfall.nodes) > 1 and not shortfall.arcs.size and not shortfall.forced.size:
        sign, way, partner = ("", "in", "sends") if shortfall.kind == "shortage" else ("-", "out", "receives")
        total = f"The demands of {place} add up to {sign}{shortfall.need:.10g}"
        return f"{total}, and no arc leads {way}: nobody {partner} the difference."
    if shortfall.kind == "shortage":
        return f"{place} must receive {shortfall.need:.10g} in total, but at most {shortfall.available:.10g} can enter."
    return f"{place} must send {shortfall.need:.10g} in total, but at most {shortfall.available:.10g} can leave."


def names(ids: list[str], *, most: int = 4) -> str:
    """Return ids as a phrase; long lists are cut with the number left out."""
    shown = ", ".join(ids[:most])
    return shown if len(ids) <= most else f"{shown} and {len(ids) - most} more"


def optimal_objective(value: float, bound: float, *, unit: str, term: str) -> Objective:
    """Return the objective of a proved answer with one term."""
    return Objective(
        value=value,
        bound=bound,
        relative_gap=relative_gap(value, bound),
        unit=unit,
        terms=[ObjectiveTerm(name=term, value=value)],
    )


def ended(reason: Literal["optimal", "infeasible", "unbounded"], detail: str) -> Termination:
    """Return a termination that no limit caused."""
    return Termination(reason=reason, limit="none", detail=detail)


def rounding_warnings(problem_field: str, **grids: Grid) -> list[RunWarning]:
    """Declare the rounding of numbers that no admissible grid represents exactly."""
    return [
        RunWarning(
            code="NUMBERS_ROUNDED",
            pointer=problem_field,
            message=f"The {what} have too many digits for whole-number arithmetic and were rounded by up to {grid.error:.3g}.",
        )
        for what, grid in grids.items()
        if grid.error > 0
    ]
