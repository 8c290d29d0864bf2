"""The explanation's numbers can be traced to the plan."""

from typing import Any, get_args

import pytest

from models.routing.solution import ReasonCode
from solvers.routing.explain import REASONS
from tests.solvers.routing.instances import mixed, plan, solved, square


def test_cost_shares_sum_to_one_and_terms_to_the_value() -> None:
    """The split is complete."""
    request = square()
    request["vehicle_types"][0] |= {"fixed_cost": 5, "cost_per_duration": 0.1}
    result: Any = solved(request, explain="full")
    terms = result.explanation.objective_terms
    assert sum(term.value for term in terms) == pytest.approx(result.objective.value)
    assert sum(term.share for term in terms) == pytest.approx(1)


def test_a_marginal_cost_is_the_saving_of_the_plan_without_the_client() -> None:
    """For the square: two sides less one diagonal, or 10 sqrt 2 + 20 - sqrt(1000/2)... at the ends."""
    result: Any = solved(square(), explain="full")
    (route,) = result.solution.routes
    order = [stop.id for stop in route.stops[1:-1]]
    saving = {cost.id: cost.saving_if_removed for cost in result.explanation.marginal_costs}
    assert saving[order[1]] == pytest.approx(40 - 20 * 2**0.5)
    assert saving[order[0]] == pytest.approx(20)


def test_the_only_client_of_a_route_saves_its_whole_cost() -> None:
    """Without it the van stays at home."""
    request = square()
    request["clients"] = request["clients"][:1]
    request["vehicle_types"][0]["fixed_cost"] = 7
    result: Any = solved(request, explain="summary")
    (cost,) = result.explanation.marginal_costs
    assert cost.saving_if_removed == pytest.approx(result.objective.value)


@pytest.mark.parametrize("level", ["summary", "full"])
def test_what_is_missing_has_a_reason(level: str) -> None:
    """Every key that is null is named in `unavailable`, and no other."""
    explanation: Any = solved(mixed(3), explain=level).explanation
    empty = {name for name in type(explanation).model_fields if getattr(explanation, name) is None}
    assert empty == {name for name in explanation.unavailable if "." not in name}
    assert 3 <= len(explanation.narrative) <= 6


def test_unassigned_in_the_explanation_is_that_of_the_plan() -> None:
    """Both show the same reasons."""
    request = square()
    request["clients"][0]["delivery"] = {"load": 99}
    result: Any = solved(request, explain="summary")
    shown = [(one.id, one.reasons) for one in result.explanation.unassigned]
    assert shown == [(one.id, one.reasons) for one in plan(request).unassigned]


def test_the_narrative_counts_one_vehicle_and_says_the_reason_in_words() -> None:
    """One vehicle serves; one order is left out, with its reason and not its code."""
    request = square()
    request["clients"][0]["delivery"] = {"load": 99}
    result: Any = solved(request, explain="summary")
    narrative = result.explanation.narrative
    assert narrative[0].startswith("1 of 2 vehicles serves 3 of 4 orders over")
    assert "1 order is left out: the demand exceeds the capacity of every vehicle." in narrative


def test_several_reasons_are_counted_in_the_narrative() -> None:
    """The most frequent reason stands first."""
    request = square()
    request["clients"][0]["skills"] = ["crane"]
    for client in request["clients"][1:3]:
        client["delivery"] = {"load": 99}
    result: Any = solved(request, explain="summary")
    (sentence,) = [line for line in result.explanation.narrative if "left out" in line]
    reasons = [
        "for 2 the demand exceeds the capacity of every vehicle",
        "for 1 no vehicle has an allowed type and the skills",
    ]
    assert sentence == f"3 orders are left out: {'; '.join(reasons)}."


def test_every_reason_has_words() -> None:
    """No code is without its sentence."""
    assert set(REASONS) >= set(get_args(ReasonCode))
