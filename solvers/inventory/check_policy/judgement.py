"""What a policy costs when it is computed again, and what its neighbours cost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

NEAR = 1e-3
"""Relative step to the neighbours of a number that is not whole."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    The recomputed parts of the objective, by name; what neighbours cost; and single violations with their names.

    Costs are what is minimised: a profit counts negative in `value` and `neighbours`.
    """

    terms: Mapping[str, float]
    value: float
    neighbours: Sequence[float] = ()
    violations: Mapping[str, float] = field(default_factory=dict)


def around(cost: Callable[[float], float], at: float, *, steps: Sequence[float]) -> list[float]:
    """Return what the neighbours of a number cost."""
    return [cost(at + step) for step in steps]
