"""
Why a linear model has no answer: an irreducible conflict, and the changes that resolve it.

The conflict comes from `solvers.linear.irreducible_subset`, the repairs from `solvers.linear.repair`; both are in the caller's
words (`solvers.linear.words`). What is soft, and what a unit of it costs, is the caller's to say (`solvers.linear.softness`).
"""

import time

import numpy as np

from models.explanation import Infeasibility
from solvers.linear.irreducible_subset import irreducible_subset
from solvers.linear.model import LinearModel
from solvers.linear.repair import repairs_of
from solvers.linear.softness import Softness, soft_everywhere
from solvers.linear.solve import LinearResult
from solvers.linear.words import Words, conflict_of, repair_of

SUBSET_SHARE = 0.5
"""Share of the time left that the search for the conflict may use."""

NO_SUBSET = "No conflict was confirmed within the time limit, or it is as small as rounding."
NOT_PROVED = "Time ended before every member was shown to be needed; some may be needless."
RIGID = "No change of what may give way makes it feasible: what is hard, whole or part of a variable's nature conflicts."
NO_REPAIR = "No repair was found and confirmed within the time limit."


def infeasibility_of(
    model: LinearModel,
    result: LinearResult,
    *,
    deadline: float,
    seed: int = 0,
    soft: Softness | None = None,
    words: Words | None = None,
) -> tuple[Infeasibility, dict[str, str]]:
    """
    Return why a model is infeasible, and for what could not be found the reason.

    Parameters
    ----------
    model, result
        An infeasible model and its result.
    deadline
        On the clock of `time.monotonic`.
    soft
        What may give way and at what cost; None: everything, at a cost of 1.
    words
        How rows and columns are called; None: by their names.
    """
    soft, words = soft or soft_everywhere(model), words or Words(model)
    unavailable: dict[str, str] = {}
    now = time.monotonic()
    found = irreducible_subset(model, result, deadline=now + (deadline - now) * SUBSET_SHARE, seed=seed)
    members = found.members if found is not None else []
    if found is None:
        unavailable["infeasibility.subset"] = NO_SUBSET
    elif not found.is_proved:
        unavailable["infeasibility.irreducible"] = NOT_PROVED
    if np.any(model.row_lower > model.row_upper):
        unavailable["infeasibility.repairs"] = "The lower side of a row lies above its own upper side; correct one of them."
        repairs, total = [], None
    else:
        ways = repairs_of(model, soft, members, deadline=deadline, seed=seed, compromise=result.compromise)
        repairs, total = [repair_of(words, soft, way) for way in ways.ways], ways.least_cost
        if not repairs:
            unavailable["infeasibility.repairs"] = RIGID if ways.is_impossible else NO_REPAIR
    return (
        Infeasibility(
            subset=[conflict_of(words, member) for member in members],
            irreducible=None if found is None else found.is_proved,
            total_violation=total,
            repairs=repairs,
        ),
        unavailable,
    )
