"""Rows, columns and keys that the explanations of all network problems share."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np

from models.explanation import ConstraintReport, Duals, TermShare, VariableReport
from models.run import Objective

MAX_REPORTED = 20_000
"""Longest list of single constraints or variables; beyond it the dictionaries of prices hold the numbers."""

MAX_TELLING = 25
"""Most constraints in a summary."""

NO_FILES = "The formulation is solved by a special-purpose algorithm and never written out as a file."


def number(value: float) -> str:
    """Return a number for people."""
    return f"{value:.10g}"


def constraint(
    name: str,
    pointer: str | None,
    *,
    activity: float,
    lower: float | None,
    upper: float | None,
    price: float | None,
    unit: str | None,
    sentence: str,
    sign: int = 1,
) -> ConstraintReport:
    """
    Return the report of one constraint of an LP.

    `sign` is 1 for a minimisation and -1 for a maximisation; an inequality improves by |price| per unit when it is relaxed.
    """
    gaps = [abs(activity - side) for side in (lower, upper) if side is not None]
    slack = min(gaps, default=0.0)
    binding = bool(gaps) and slack <= 1e-9 * max(1.0, abs(activity))
    equality = lower is not None and lower == upper
    return ConstraintReport.model_construct(
        name=name,
        pointer=pointer,
        activity=activity,
        lower=lower,
        upper=upper,
        slack=0.0 if binding else slack,
        binding=binding,
        shadow_price=price,
        shadow_price_up=None,
        shadow_price_down=None,
        shadow_price_relaxation=None,
        shadow_price_fixed_integers=None,
        improvement_if_relaxed=None if equality or price is None else abs(price),
        rhs_range=None,
        unit=unit,
        sentence=sentence,
    )


def variable(
    name: str,
    pointer: str | None,
    *,
    value: float,
    lower: float | None,
    upper: float | None,
    objective: float,
    reduced_cost: float | None,
    unit: str | None,
) -> VariableReport:
    """Return the report of one variable; there is no basis, so that its status is None."""
    return VariableReport.model_construct(
        name=name,
        pointer=pointer,
        value=value,
        lower=lower,
        upper=upper,
        objective=objective,
        reduced_cost=reduced_cost,
        cost_range=None,
        status=None,
        unit=unit,
    )


def telling(reports: Iterable[ConstraintReport], *, level: str, total: int) -> list[ConstraintReport] | None:
    """Return all constraints at level full (None when they are too many), else the binding ones with the largest prices."""
    if level == "full":
        return list(reports) if total <= MAX_REPORTED else None
    binding = [report for report in islice(reports, MAX_REPORTED) if report.binding and report.shadow_price]
    if len(binding) <= MAX_TELLING:
        return binding
    least = sorted((abs(report.shadow_price or 0.0) for report in binding), reverse=True)[MAX_TELLING - 1]
    return [report for report in binding if abs(report.shadow_price or 0.0) >= least][:MAX_TELLING]


def too_many(unavailable: dict[str, str], key: str, value: object, *, total: int, instead: str) -> None:
    """Note why a list is null because of its length."""
    if value is None:
        unavailable[key] = f"{total} entries are more than the {MAX_REPORTED} that are listed one by one; {instead}"


def exact_duals(*, degenerate: bool | None) -> Duals:
    """Return the description of LP prices."""
    how = {
        True: "Some prices hold for one direction of change only, because the answer is degenerate.",
        False: "The prices are unique.",
        None: "Whether they are unique was not examined.",
    }[degenerate]
    return Duals(
        available=True,
        kind="exact",
        degenerate=degenerate,
        alternative_optima=None,
        reason=f"Prices of a linear programme at its optimum. {how}",
    )


def no_duals(reason: str) -> Duals:
    """Return the description of missing prices."""
    return Duals(available=False, kind="none", degenerate=None, alternative_optima=None, reason=reason)


def term_shares(objective: Objective | None, pointer: str) -> list[TermShare] | None:
    """Return the parts of the objective with their shares."""
    if objective is None or objective.value is None:
        return None
    total = objective.value
    return [
        TermShare(name=term.name, value=term.value, share=term.value / total if total else None, pointer=pointer)
        for term in objective.terms
    ]


def keyed(names: Sequence[str], values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    """Return finite values by name; -0 becomes 0."""
    return {name: value + 0.0 for name, value in zip(names, values.tolist(), strict=True) if np.isfinite(value)}


def finite(value: float) -> float | None:
    """Return None for an infinite bound."""
    return value if np.isfinite(value) else None
