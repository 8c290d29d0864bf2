"""The explanation's numbers can be traced to the plan."""

from typing import Any

import pytest

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
    assert empty == set(explanation.unavailable)
    assert 3 <= len(explanation.narrative) <= 6


def test_unassigned_in_the_explanation_is_that_of_the_plan() -> None:
    """Both show the same reasons."""
    request = square()
    request["clients"][0]["delivery"] = {"load": 99}
    result: Any = solved(request, explain="summary")
    assert result.explanation.unassigned == plan(request).unassigned
