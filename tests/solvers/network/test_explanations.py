"""Explanations of all network kinds: complete keys, reasons for what is missing, short narratives."""

from typing import Any

import pytest

from tests.solvers.network.features import solve

NODES = [{"id": "a", "demand": -2}, {"id": "b"}, {"id": "c", "demand": 2}]
ARCS = [{"tail": "a", "head": "b", "capacity": 3, "cost": 1}, {"tail": "b", "head": "c", "capacity": 2, "cost": 1}]
PLAIN = [{"id": node["id"]} for node in NODES]
LIMITED = [{key: value for key, value in arc.items() if key != "cost"} for arc in ARCS]
PRICED = [{key: value for key, value in arc.items() if key != "capacity"} for arc in ARCS]
LOOP = [{"tail": "a", "head": "b", "cost": -1}, {"tail": "b", "head": "a", "cost": 0}]

CASES: list[tuple[str, dict[str, Any], str]] = [
    ("minimum-cost-flow", {"nodes": NODES, "arcs": ARCS}, "succeeded"),
    ("minimum-cost-flow", {"nodes": NODES, "arcs": ARCS[:1]}, "infeasible"),
    ("minimum-cost-flow", {"arcs": LOOP}, "unbounded"),
    ("maximum-flow", {"source": "a", "sink": "c", "nodes": PLAIN, "arcs": LIMITED}, "succeeded"),
    ("maximum-flow", {"source": "a", "sink": "c", "arcs": [{"tail": "a", "head": "c"}]}, "unbounded"),
    ("shortest-path", {"source": "a", "targets": ["c"], "arcs": PRICED}, "succeeded"),
    ("shortest-path", {"source": "c", "targets": ["a"], "arcs": PRICED}, "infeasible"),
    ("shortest-path", {"source": "a", "targets": ["b"], "arcs": LOOP}, "unbounded"),
    ("assignment", {"costs": [[1, 2], [3, 1]]}, "succeeded"),
    ("assignment", {"costs": [[1, None], [3, None]]}, "infeasible"),
    ("facility-location", {"facilities": [{"id": "f"}], "clients": [{"id": "c"}], "costs": [[1]]}, "succeeded"),
    ("facility-location", {"facilities": [{"id": "f"}], "clients": [{"id": "c"}], "costs": [[None]]}, "infeasible"),
]


@pytest.mark.parametrize("level", ["summary", "full"])
@pytest.mark.parametrize(("kind", "body", "status"), CASES)
def test_explanation_is_complete(kind: str, body: dict[str, Any], status: str, level: str) -> None:
    """Every key that is null has a reason, the narrative has 3 to 6 sentences, and the whole survives validation."""
    answer = solve(kind, level=level, **body)
    explanation = answer.explanation
    assert answer.status == status
    assert 3 <= len(explanation.narrative) <= 6
    dumped = explanation.model_dump()
    assert {key for key, value in dumped.items() if value is None} <= set(explanation.unavailable)
    assert type(explanation).model_validate(dumped) == explanation


@pytest.mark.parametrize(("kind", "body", "status"), [case for case in CASES if case[2] == "infeasible"])
def test_infeasible_answers_are_diagnosed(kind: str, body: dict[str, Any], status: str) -> None:
    """An infeasible run always says which conditions are in conflict."""
    diagnosis = solve(kind, level="full", **body).explanation.infeasibility
    assert diagnosis is not None
    assert diagnosis.subset


@pytest.mark.parametrize("kind", ["minimum-cost-flow", "maximum-flow", "shortest-path", "assignment"])
def test_formulation_is_shown(kind: str) -> None:
    """The formulation has LaTeX and text with every family of constraints."""
    body = next(case[1] for case in CASES if case[0] == kind)
    formulation = solve(kind, level="summary", **body).explanation.formulation
    assert formulation.latex.startswith(r"\begin{aligned}")
    assert all(family.text in formulation.text for family in formulation.constraints)


@pytest.mark.parametrize(("sense", "words"), [("min", "forcing it costs at least"), ("max", "forcing it loses at least")])
def test_forcing_a_pair_is_said_in_the_sense_of_the_problem(sense: str, words: str) -> None:
    """A worse assignment costs more, or loses value."""
    costs = [[1, 3], [4, 2]] if sense == "min" else [[3, 1], [2, 4]]
    narrative = solve("assignment", level="summary", costs=costs, sense=sense).explanation.narrative
    assert words in narrative[-1]


def test_demands_that_do_not_add_up_are_named_as_such() -> None:
    """A sum of demands other than 0 over everything that is connected is the reason, and is said with its sign."""
    nodes = [{"id": "a", "demand": -9}, {"id": "b", "demand": 5}]
    narrative = solve("minimum-cost-flow", level="full", nodes=nodes, arcs=[{"tail": "a", "head": "b"}]).explanation.narrative
    assert narrative[0].startswith("The demands of a, b add up to -4")


LOWER_ABOVE_WAY_ON = [{"tail": "a", "head": "b", "lower": 2}, {"tail": "b", "head": "c", "capacity": 1}]
INFEASIBLE = [case[:2] for case in CASES if case[2] == "infeasible"]
INFEASIBLE.append(("maximum-flow", {"source": "a", "sink": "c", "arcs": LOWER_ABOVE_WAY_ON}))


@pytest.mark.parametrize(("kind", "body"), INFEASIBLE)
def test_an_infeasible_answer_says_where_the_conflict_is_named(kind: str, body: dict[str, Any]) -> None:
    """Without an explanation the detail points to it; with it the conflict is there and the advice is not."""
    advice = "?explain=full names the conflict."
    assert solve(kind, **body).termination.detail.endswith(f". {advice}")
    explained = solve(kind, level="full", **body)
    assert advice not in explained.termination.detail
    assert explained.explanation.infeasibility.subset
