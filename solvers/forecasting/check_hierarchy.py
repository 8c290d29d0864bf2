"""
Hierarchies recomputed from the request: sums of observations, sums of forecasts and of sample paths, and the projection itself.

The reconciled means must be optimal in the form over the series at the bottom, S b with S the matrix of sums, where the engine
works with the conditions that numbers add up: the gradient S' W^-1 (S b - base) is 0 where b_i is free, and not below 0 where
it is held at 0.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from models.forecasting import ForecastProblem, SeriesForecast
from models.run import Check
from solvers.forecasting.check_data import FloatArray, Given, ids_of

SUM_TOLERANCE = 1e-9
"""Relative to the larger of a group and its children."""

PROJECTION_TOLERANCE = 1e-6
MOST_PROJECTED = 400
"""Members up to which the projection is recomputed."""


def with_sums(problem: ForecastProblem, given: list[Given]) -> list[Given]:
    """Return the series as given, signs of groups as their children's, and behind them the groups that are no series."""
    if not problem.hierarchy:
        return given
    children = {group.id: group.children for group in problem.hierarchy}
    known = {series.id: series for series in given}

    def found(name: str) -> Given:
        if name not in children:
            return known[name]
        below = [found(child) for child in children[name]]
        sign = all(series.non_negative for series in below)
        if name in known:
            own = known[name]
            return Given(own.id, own.start, own.length, own.values, sign)
        longest = max(below, key=lambda series: series.values.size)
        total = [
            float(sum(s.values[-back] for s in below if s.values.size >= back)) for back in range(longest.values.size, 0, -1)
        ]
        return Given(name, longest.start, longest.length, np.array(total), sign)

    return [found(series.id) for series in given] + [found(name) for name in groups_behind(problem)]


def groups_behind(problem: ForecastProblem) -> list[str]:
    """Return the groups that are not given as series."""
    given = set(ids_of(problem)) if problem.hierarchy else set()
    return [group.id for group in problem.hierarchy if group.id not in given]


def hierarchy_checks(
    problem: ForecastProblem, given: Sequence[Given], answers: Sequence[SeriesForecast], evidence: Any
) -> list[Check]:
    """Return the checks of a hierarchy; none without one."""
    if not problem.hierarchy:
        return []
    by_name = {answer.id: answer for answer in answers}
    summed = max(_sum_violations(problem, by_name))
    nearest = max(_projection_violations(problem, given, by_name, evidence), default=0.0)
    return [
        Check(name="sums", max_violation=summed, tolerance=SUM_TOLERANCE),
        Check(name="reconciliation", max_violation=nearest, tolerance=PROJECTION_TOLERANCE),
    ]


def _sum_violations(problem: ForecastProblem, by_name: dict[str, SeriesForecast]) -> Iterator[float]:
    """Return, per group, how far means and sample paths are from the sum of the children's, relative to their size."""
    for group in problem.hierarchy:
        own = by_name[group.id]
        below = [by_name[child] for child in group.children]
        pairs = [(own.mean, [child.mean for child in below])]
        for k, path in enumerate(own.samples or ()):
            pairs.append((path, [child.samples[k] if child.samples else [] for child in below]))
        for total, parts in pairs:
            table = np.array(parts)
            gap = np.abs(table.sum(axis=0) - np.array(total)).max()
            yield float(gap) / max(float(np.abs(table).sum(axis=0).max()), 1e-300)


def _projection_violations(
    problem: ForecastProblem, given: Sequence[Given], by_name: dict[str, SeriesForecast], evidence: Any
) -> Iterator[float]:
    """Return how far bottom-up means are from the own ones, or how far the means are from optimal; relative."""
    children = {group.id: group.children for group in problem.hierarchy}
    inside = {child for group in children.values() for child in group} | set(children)
    names = [series.id for series in given if series.id in inside]
    bottom = [name for name in names if name not in children]
    base = np.array([by_name[name].base_mean for name in names])
    mean = np.array([by_name[name].mean for name in names])
    size = max(float(np.abs(base).max()), 1e-300)
    if problem.reconciliation == "bottom_up":
        low = [names.index(name) for name in bottom]
        yield float(np.abs(base[low] - mean[low]).max()) / size
        return
    if len(names) > MOST_PROJECTED:
        return
    inside_of = [_below(top, children) for top in names]
    sums = np.array([[float(name in low) for name in bottom] for low in inside_of])
    weights = _covariance(evidence.coherence.projection.covariance)
    inverse = np.linalg.inv(weights / np.outer(np.sqrt(np.diag(weights)), np.sqrt(np.diag(weights))))
    scaled = 1 / np.sqrt(np.diag(weights))
    leaves = mean[[names.index(name) for name in bottom]]
    distance = (sums @ leaves - base) * scaled[:, None]
    gradient = sums.T @ ((inverse @ distance) * scaled[:, None])
    scale = np.abs(sums.T * scaled) @ np.abs(inverse) @ (np.abs(base) * scaled[:, None]) + 1e-300
    signs = {series.id: series.non_negative for series in given}
    positive = np.array([signs[name] for name in bottom])
    held = positive[:, None] & (leaves <= 1e-9 * size)
    wrong = np.where(held, np.maximum(-gradient, 0.0), np.abs(gradient)) / scale
    yield float(wrong.max())


def _below(name: str, children: dict[str, list[str]]) -> set[str]:
    """Return the series at the bottom below a name."""
    if name not in children:
        return {name}
    return set().union(*(_below(child, children) for child in children[name]))


def _covariance(found: Any) -> FloatArray:
    """Return the covariance (n, n) that the evidence tells, written out."""
    scores = found.scores
    shared = scores @ scores.T / scores.shape[1]
    mixed = found.shrinkage * np.eye(len(scores)) + (1 - found.shrinkage) * shared
    root = np.sqrt(found.variances)
    return np.asarray(root[:, None] * mixed * root[None, :])
