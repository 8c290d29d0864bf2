"""What reconciliation did to every level of a hierarchy."""

import numpy as np

from models.forecasting import ForecastSolution
from models.forecasting.hierarchy import NodeReconciliation
from solvers.forecasting.reconciliation import Coherence

MOST_MEMBERS = {"summary": 20, "full": 200}


def reconciliations(solution: ForecastSolution, coherence: Coherence | None, most: int) -> list[NodeReconciliation] | None:
    """Return own and reconciled forecasts of the members, top first, at most `most`; None without a hierarchy."""
    if coherence is None:
        return None
    structure = coherence.structure
    names = [solution.series[place].id for place in structure.places]
    parents = structure.parents()
    below = dict(structure.groups)
    depths = _depths(parents.tolist())
    errors = np.sqrt(coherence.projection.covariance.variances)
    found = []
    for member in sorted(range(len(names)), key=lambda k: (depths[k], k))[:most]:
        base, mean = coherence.base[member], coherence.mean[member]
        children = below.get(member)
        total, change = float(base.sum()), float((mean - base).sum())
        share = f" ({100 * change / total:+.1f} %)" if total else ""
        text = f"{names[member]}: its own forecast of all steps together is {total:.6g}"
        if children is not None:
            text += f", its children's add up to {float(coherence.base[children].sum()):.6g}"
        found.append(
            NodeReconciliation(
                id=names[member],
                depth=depths[member],
                parent=None if parents[member] < 0 else names[int(parents[member])],
                children=[] if children is None else [names[child] for child in children.tolist()],
                base=base.tolist(),
                children_base=None if children is None else coherence.base[children].sum(axis=0).tolist(),
                mean=mean.tolist(),
                change=change,
                error=None if coherence.bottom_up else float(errors[member]),
                sentence=f"{text}; reconciliation moves it by {change:+.6g}{share}.",
            )
        )
    return found


def told(coherence: Coherence | None) -> str | None:
    """Return one sentence on how the hierarchy was made to add up; None without one."""
    if coherence is None:
        return None
    groups, members = len(coherence.structure.groups), coherence.structure.places.size
    moved = float(np.abs(coherence.mean - coherence.base).sum()) / (float(np.abs(coherence.base).sum()) or 1.0)
    how = "by adding up the series at the bottom"
    if not coherence.bottom_up:
        shrinkage = coherence.projection.covariance.shrinkage
        how = f"by the projection of minimum trace (correlations of the errors shrunk by {100 * shrinkage:.0f} %)"
    return f"{members} series and groups add up in {groups} sums, {how}; it moved forecasts by {100 * moved:.1f} % on average."


def _depths(parents: list[int]) -> list[int]:
    """Return how many groups stand above every member."""
    depths = []
    for member in range(len(parents)):
        depth, above = 0, parents[member]
        while above >= 0:
            depth, above = depth + 1, parents[above]
        depths.append(depth)
    return depths
