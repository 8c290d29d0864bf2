"""What the pipeline needs to know of a feature: its solvers, its independent check and its explanation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from models.explanation import Explanation, Reproduce
from models.run import Check
from solvers.base import Outcome, Solver


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What an explanation is asked for: the level, and what the pipeline already knows."""

    level: Literal["summary", "full"]
    reproduce: Reproduce
    deadline: float
    """Moment on the clock of `time.monotonic` by which the explanation must be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """
    One kind of problem, on the solving side.

    `solvers` is in order of preference: `auto` takes the first that supports the problem. `check` recomputes feasibility and
    objective of an outcome from the problem; it must not import anything that the engine uses. `explain` writes the working.
    """

    solvers: Mapping[str, Solver[Any, Any]]
    check: Callable[[Any, Outcome[Any]], Sequence[Check]]
    explain: Callable[[Any, Outcome[Any], Ask], Explanation]
