"""Names of rows and columns, `balance[butter,3]`, and the places in the request that they come from, `/items/0/demand/2`."""

from collections.abc import Iterator, Sequence

import numpy as np

from models.inventory import PlanProblem
from solvers.inventory.plan_arrays import Booleans


def names_of(stem: str, labels: Sequence[str], where: Booleans) -> list[str]:
    """Return `stem[label,t]` for every true cell of `where` (one row per label), row by row, t from 1."""
    endings = [f",{t + 1}]" for t in range(where.shape[1])]
    names: list[str] = []
    for label, periods in zip(labels, _periods(where), strict=True):
        start = f"{stem}[{label}"
        names.extend([start + endings[t] for t in periods])
    return names


def item_pointers(problem: PlanProblem, field: str, where: Booleans) -> list[str | None]:
    """Return, for every true cell, the pointer to the item, to its field, or to the field's entry for the period."""
    pointers: list[str | None] = []
    for index, periods in enumerate(_periods(where)):
        value = getattr(problem.items[index], field) if field else None
        start = f"/items/{index}/{field}" if field else f"/items/{index}"
        pointers.extend([f"{start}/{t}" for t in periods] if isinstance(value, list) else [start] * len(periods))
    return pointers


def _periods(where: Booleans) -> Iterator[Sequence[int]]:
    """Yield the places of the true cells of every row; rows that are all true, the usual ones, are not looked through."""
    everywhere = range(where.shape[1])
    for cells, is_full in zip(where, np.all(where, axis=1), strict=True):
        yield everywhere if is_full else np.flatnonzero(cells).tolist()


def resource_pointers(problem: PlanProblem, field: str, where: Booleans) -> list[str | None]:
    """Return, for every true cell of shape (R, T), the pointer to the resource's field or to its entry for the period."""
    return [
        pointer_of(f"/resources/{resource}/{field}", getattr(problem.resources[resource], field), int(period))
        for resource, period in np.argwhere(where)
    ]


def pointer_of(pointer: str, value: float | list[float] | None, period: int) -> str:
    """Return the pointer of a period's number: its entry when the request gave a list, else the field."""
    return f"{pointer}/{period}" if isinstance(value, list) else pointer
