"""The independent check: a tampered answer must fail, whatever was changed."""

from dataclasses import replace
from typing import Any

import pytest

from solvers.base import Budget, Silent
from tests.solvers.network.features import KINDS

BUDGET = Budget(time_limit=5, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)
ARCS = [
    {"id": "e", "tail": "a", "head": "b", "capacity": 4, "cost": 1},
    {"id": "f", "tail": "a", "head": "b", "capacity": 4, "cost": 3},
]
FLOW = {"nodes": [{"id": "a", "demand": -5}, {"id": "b", "demand": 5}], "arcs": ARCS}
PLAIN = [{key: value for key, value in arc.items() if key != "cost"} for arc in ARCS]
PATH = {"source": "a", "targets": ["b"], "arcs": [{"id": "e", "tail": "a", "head": "b", "cost": 1}]}


def failed_checks(kind: str, body: dict[str, Any], **changes: Any) -> set[str]:
    """Return the names of the checks that a solution with changed fields does not pass."""
    problem_type, feature = KINDS[kind]
    problem = problem_type.model_validate(body)
    outcome = next(iter(feature.solvers.values())).solve(problem, BUDGET, Silent())
    outcome = replace(outcome, solution=outcome.solution.model_copy(update=changes))
    return {check.name for check in feature.check(problem, outcome) if check.max_violation > check.tolerance}


@pytest.mark.parametrize(
    ("kind", "body", "changes", "expected"),
    [
        ("minimum-cost-flow", FLOW, {}, set()),
        ("minimum-cost-flow", FLOW, {"flows": {"e": 5.0}}, {"arc_bounds"}),
        ("minimum-cost-flow", FLOW, {"flows": {"e": 4.0}}, {"flow_conservation"}),
        ("minimum-cost-flow", FLOW, {"flows": {"e": 1.0, "f": 4.0}}, {"objective", "duality_gap", "complementary_slackness"}),
        ("minimum-cost-flow", FLOW, {"potentials": {"a": 0.0, "b": 1.0}}, {"complementary_slackness", "duality_gap"}),
        ("maximum-flow", {"source": "a", "sink": "b", "arcs": PLAIN}, {}, set()),
        ("maximum-flow", {"source": "a", "sink": "b", "arcs": PLAIN}, {"value": 7.0}, {"objective", "duality_gap"}),
        ("shortest-path", PATH, {}, set()),
        ("shortest-path", PATH, {"paths": []}, {"every_target_answered", "objective"}),
        ("assignment", {"costs": [[1, 2], [2, 1]]}, {}, set()),
        ("assignment", {"costs": [[1, 2], [2, 1]]}, {"assignment": []}, {"smaller_side_complete", "objective", "duality_gap"}),
        ("assignment", {"costs": [[1]]}, {"row_duals": {"0": 9.0}}, {"dual_feasibility", "duality_gap"}),
    ],
)
def test_tampering_is_found(kind: str, body: dict[str, Any], changes: dict[str, Any], expected: set[str]) -> None:
    """Each change of the answer breaks the checks that concern it; an unchanged answer breaks none."""
    broken = failed_checks(kind, body, **changes)
    assert broken >= expected
    assert bool(broken) == bool(expected)
