"""What the network endpoints add to an explanation: prices of nodes, reduced costs of arcs, and cuts."""

from typing import Annotated

from pydantic import Field

from models.base import Output
from models.explanation import Explanation, LinearModelExplanation


class Cut(Output):
    """
    A two-sided split of the nodes.

    For a maximum flow it is the bottleneck; for an infeasible problem it is the proof: `need` exceeds `available`.
    """

    name: Annotated[str, Field(description="What the cut shows: minimum_cut, shortage, surplus, unreachable, hall.")]
    nodes: Annotated[list[str], Field(description="Nodes on the named side (ids).")]
    arcs: Annotated[list[str], Field(description="Arcs that cross the cut in the direction that matters (ids).")]
    need: Annotated[float, Field(description="Units that must cross the cut.")]
    available: Annotated[float, Field(description="Units that can cross the cut at most.")]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class NetworkExplanation(Explanation):
    """The working behind a network answer."""

    potentials: Annotated[
        dict[str, float] | None,
        Field(description="Price of one unit at each node (assignment: per row and column), in cost units per unit of flow."),
    ]
    reduced_costs: Annotated[
        dict[str, float] | None,
        Field(
            description="Per arc: cost + potential[tail] - potential[head]; summary leaves out arcs with flow between bounds."
        ),
    ]
    cuts: Annotated[list[Cut] | None, Field(description="Cuts that prove a bottleneck or the lack of an answer.")]


class FacilityLocationExplanation(NetworkExplanation, LinearModelExplanation):
    """The working behind a facility plan, which is a network answer from a linear model."""
