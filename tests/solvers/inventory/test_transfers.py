"""Transfers between sites: exhaustive search, prices, conflicts, and what is refused."""

import random
from typing import Any

import pytest

from models.inventory import PlanProblem
from solvers.inventory.certificate import certify_plan
from solvers.inventory.check import check_plan
from solvers.inventory.semantics import issues
from tests.oracles.transfers import TwoSites, least_cost
from tests.solvers.inventory.plans import item, plan, proved_value, solved, value
from tests.solvers.inventory.test_explain import explained, sentence

SITES = [{"id": "northgate"}, {"id": "southmoor"}]


def butter(*, south: dict[str, Any] | None = None, way: dict[str, Any] | None = None, **fields: Any) -> PlanProblem:
    """Return butter that is cheap at northgate and wanted at southmoor."""
    items = [
        item(site="northgate", demand=[5, 5, 5], unit_cost=[10, 10, 14]),
        item(site="southmoor", demand=[10, 20, 30], unit_cost=15, initial_stock=4, **(south or {})),
    ]
    ways = [
        {"item": "butter", "origin": "northgate", "destination": "southmoor", "lead_time": 1, "unit_cost": 2, **(way or {})}
    ]
    return plan(*items, sites=SITES, transfers=ways, **fields)


def small(draw: random.Random) -> tuple[PlanProblem, TwoSites]:
    """Return a random plan of two sites and the same for the oracle."""

    def periods(least: int, most: int) -> tuple[int, ...]:
        return tuple(draw.randint(least, most) for _ in range(3))

    two = TwoSites(
        demand=(periods(0, 2), periods(0, 2)),
        initial=(draw.randint(0, 3), 0),
        unit_cost=(periods(1, 6), periods(1, 6)),
        fixed_cost=(draw.choice([0, 4]), draw.choice([0, 9])),
        holding_cost=(draw.randint(0, 2), draw.randint(0, 2)),
        backorder_cost=(draw.choice([None, 3]), draw.choice([None, 2])),
        most=3,
        way_lead=(draw.randint(0, 1), draw.randint(0, 1)),
        way_cost=(draw.randint(0, 2), draw.randint(0, 2)),
        way_fixed=(draw.choice([0, 2]), draw.choice([0, 1])),
        way_capacity=(draw.randint(0, 3), draw.randint(0, 2)),
    )
    names = [site["id"] for site in SITES]
    items = [
        item(
            site=names[k],
            demand=list(two.demand[k]),
            initial_stock=two.initial[k],
            unit_cost=list(two.unit_cost[k]),
            fixed_cost=two.fixed_cost[k],
            holding_cost=two.holding_cost[k],
            maximum_order=two.most,
            unmet_demand="forbidden" if two.backorder_cost[k] is None else "backorder",
            stockout_cost=two.backorder_cost[k] or 0,
        )
        for k in (0, 1)
    ]
    ways = [
        {
            "item": "butter",
            "origin": names[k],
            "destination": names[1 - k],
            "lead_time": two.way_lead[k],
            "unit_cost": two.way_cost[k],
            "fixed_cost": two.way_fixed[k],
            "capacity": two.way_capacity[k],
        }
        for k in (0, 1)
    ]
    return plan(*items, sites=SITES, transfers=ways), two


@pytest.mark.parametrize("seed", range(12))
def test_small_plans_equal_exhaustive_search(seed: int) -> None:
    """Lead times, costs, dispatches and capacities of two ways give the cost of a search over all whole plans."""
    problem, two = small(random.Random(seed))
    least = least_cost(two)
    assert proved_value(problem) == pytest.approx(least)


def test_the_price_of_a_ways_capacity_is_what_one_unit_more_saves() -> None:
    """The sentence on a full way states the saving that a re-solve confirms."""
    problem = butter(way={"capacity": [18, 18, 0]})
    saving = value(problem) - value(butter(way={"capacity": [19, 18, 0]}))
    words = "One more unit of capacity to move butter from northgate to southmoor in period 1 would save 3."
    assert sentence(explained(problem), "transfer_capacity[butter@northgate->southmoor,1]") == words
    assert saving == pytest.approx(3)


def test_a_transfer_pays_by_the_prices_at_its_ends() -> None:
    """Without a capacity the narrative gives the two prices, apart by the cost of moving."""
    narrative = " ".join(explained(butter()).narrative)
    assert "a unit is worth 10 where it is and 12 where it arrives, which pays the 2 for moving it." in narrative


def test_transfers_take_of_shared_resources_when_they_leave_or_arrive() -> None:
    """Lorry space for ten a period limits what is sent; unloading of the last dispatch counts when it arrives."""
    space = {"resource_use": {"lorry": {"per_unit": 1, "at": "receipt"}}}
    problem = butter(way=space, resources=[{"id": "lorry", "capacity": [0, 10, 12]}])
    outcome = solved(problem)
    assert outcome.solution is not None
    assert outcome.solution.transfers[0].quantities == pytest.approx([10, 12, 0])
    assert outcome.solution.resources[0].use == pytest.approx([0, 10, 12])
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


def test_what_is_not_on_hand_cannot_be_sent_on_credit() -> None:
    """A site may owe its own demand, and no more: nothing leaves it that it has not got."""
    items = [
        item(site="northgate", demand=[3, 0], maximum_order=0, unmet_demand="backorder", stockout_cost=0.1),
        item(site="southmoor", demand=[5, 0], maximum_order=0, unmet_demand="backorder", stockout_cost=50),
    ]
    ways = [{"item": "butter", "origin": "northgate", "destination": "southmoor"}]
    assert value(plan(*items, sites=SITES, transfers=ways)) == pytest.approx(2 * (0.3 + 250))


def test_too_small_a_way_is_named_in_the_conflict_and_repaired() -> None:
    """The capacity of the way stands in the conflict, and its increase is among the repairs, solved again."""
    explanation = explained(butter(south={"maximum_order": 6}, way={"capacity": 18}))
    assert explanation.infeasibility is not None
    assert any(member.name.startswith("transfer_capacity[") for member in explanation.infeasibility.subset)
    first = explanation.infeasibility.repairs[0]
    assert first.verified
    assert first.sentence == "Let 2 units more of butter from northgate to southmoor be sent in period 2."
    assert [(change.current, change.value) for change in first.changes] == [(18, 20)]


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"destination": "westhill"}, "UNKNOWN_SITE", "/transfers/0/destination"),
        ({"origin": "westhill"}, "UNKNOWN_SITE", "/transfers/0/origin"),
        ({"item": "apples"}, "ITEM_NOT_AT_SITE", "/transfers/0/origin"),
        ({"destination": "northgate"}, "SAME_SITE", "/transfers/0/destination"),
        ({"capacity": [1, 2]}, "WRONG_LENGTH", "/transfers/0/capacity"),
        ({"resource_use": {"boat": {}}}, "UNKNOWN_RESOURCE", "/transfers/0/resource_use/boat"),
    ],
)
def test_meaningless_ways_are_refused(change: dict[str, Any], code: str, pointer: str) -> None:
    """Unknown ends, items that are not kept there, loops and wrong lengths have a pointer each."""
    assert (pointer, code) in [(found.pointer, found.code) for found in issues(butter(way=change))]


@pytest.mark.parametrize(
    ("field", "name"),
    [("quantities", "balance"), ("arrivals", "transfer_arrivals")],
)
def test_a_changed_transfer_is_found(field: str, name: str) -> None:
    """The independent check sees a number that was changed."""
    problem = butter(way={"capacity": 18})
    outcome = solved(problem)
    assert outcome.solution is not None
    getattr(outcome.solution.transfers[0], field)[0] += 1.0
    failed = {check.name for check in check_plan(problem, outcome) if check.max_violation > check.tolerance}
    assert name in failed
