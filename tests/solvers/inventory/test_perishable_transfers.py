"""Items that spoil and move between sites: exhaustive search over ages, prices, what the check finds, and limits of size."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.inventory import PlanProblem
from models.inventory_transfer import SentLot
from solvers.base import Silent
from solvers.inventory import semantics_transfers
from solvers.inventory.certificate import certify_plan
from solvers.inventory.check import check_plan
from solvers.inventory.plan_formulation import formulate
from solvers.inventory.plan_solution import plan_solution
from solvers.inventory.sample_average import SampleAverage
from solvers.inventory.semantics import issues, warnings
from solvers.linear.solve import solve_linear
from solvers.linear.write_mps import write_mps
from tests.oracles.perishable_transfers import FreshSites, least_cost
from tests.solvers.inventory.plans import BUDGET, item, plan, proved_value, solved, value
from tests.solvers.inventory.test_explain import explained, sentence

SITES = [{"id": "bakery"}, {"id": "shop"}]


def bread(*, shop: dict[str, Any] | None = None, way: dict[str, Any] | None = None, **bakery: Any) -> PlanProblem:
    """Return bread that is cheap at the bakery in period 1, keeps three periods and two in the shop, a period's drive away."""
    items = [
        item("rye-bread", site="bakery", demand=[0] * 4, unit_cost=[2, 9, 9, 9], shelf_life=3, **bakery),
        item("rye-bread", site="shop", demand=[5] * 4, unit_cost=20, holding_cost=2, **({"shelf_life": 2} | (shop or {}))),
    ]
    ways = [{"item": "rye-bread", "origin": "bakery", "destination": "shop", "lead_time": 1, "unit_cost": 1} | (way or {})]
    return plan(*items, sites=SITES, transfers=ways)


def small(draw: random.Random) -> tuple[PlanProblem, FreshSites]:
    """Return a random item at two sites, and the same for the oracle."""
    lives = (draw.choice([1, 2, 3, 3, None]), draw.choice([1, 2, 2, 3, None]))

    def numbers(least: int, most: int) -> tuple[int, ...]:
        return tuple(draw.randint(least, most) for _ in range(3))

    def ages(life: int | None) -> tuple[int, ...]:
        return tuple(draw.randint(0, 1) for _ in range(life or 1))

    one = FreshSites(
        demand=(numbers(0, 1), numbers(0, 2)),
        initial=(ages(lives[0]), ages(lives[1])),
        life=lives,
        unit_cost=(numbers(1, 6), numbers(3, 9)),
        fixed_cost=(draw.choice([0, 4]), draw.choice([0, 6])),
        holding_cost=(draw.choice([0, 0.5]), draw.choice([0, 0.5])),
        disposal_cost=(draw.choice([0, 1]), draw.choice([0, 1])),
        unmet=(draw.choice(["forbidden", "backorder", "lost"]), draw.choice(["forbidden", "backorder", "lost"])),
        stockout_cost=draw.choice([2, 8]),
        most=2,
        lead=draw.randint(0, 1),
        way_cost=draw.randint(0, 1),
        way_fixed=draw.choice([0, 2]),
    )
    return plan(*(_entry(one, site) for site in (0, 1)), sites=SITES, transfers=[_way(one)]), one


def _entry(one: FreshSites, site: int) -> dict[str, Any]:
    life = one.life[site]
    lots = [{"quantity": units, "remaining_life": age + 1} for age, units in enumerate(one.initial[site])]
    return item(
        "rye-bread",
        site=SITES[site]["id"],
        demand=list(one.demand[site]),
        initial_stock=sum(one.initial[site]),
        shelf_life=life,
        initial_lots=lots if life is not None else [],
        unit_cost=list(one.unit_cost[site]),
        fixed_cost=one.fixed_cost[site],
        holding_cost=one.holding_cost[site],
        disposal_cost=one.disposal_cost[site] if life is not None else 0,
        maximum_order=one.most,
        unmet_demand=one.unmet[site],
        stockout_cost=one.stockout_cost,
    )


def _way(one: FreshSites) -> dict[str, Any]:
    way = {"item": "rye-bread", "origin": "bakery", "destination": "shop", "lead_time": one.lead}
    return way | {"unit_cost": one.way_cost, "fixed_cost": one.way_fixed}


@pytest.mark.parametrize("seed", range(40))
def test_small_plans_equal_exhaustive_search(seed: int) -> None:
    """Ages that are sent, kept and disposed of give the cost of a search over all whole plans."""
    problem, one = small(random.Random(seed))
    assert proved_value(problem) == pytest.approx(least_cost(one))


def test_units_go_on_ageing_on_the_way() -> None:
    """Bread of period 1 reaches the shop in periods 2 and 3 and no later; what is sold in period 4 is baked in period 3."""
    outcome = solved(bread())
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([10, 0, 5, 0])
    lots = outcome.solution.transfers[0].lots
    assert lots is not None
    assert [(lot.period, lot.quantity, lot.use_by) for lot in lots] == [(1, 5, 3), (2, 5, 3), (3, 5, None)]


def test_what_keeps_at_its_origin_arrives_fresh() -> None:
    """Frozen bread is all made in period 1 and sold until period 4; its ways tell no ages."""
    problem = bread()
    frozen = problem.items[0].model_copy(update={"shelf_life": None})
    outcome = solved(problem.model_copy(update={"items": [frozen, problem.items[1]]}))
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders == pytest.approx([15, 0, 0, 0])
    assert outcome.solution.transfers[0].lots is None


def test_two_sites_exchange_ages_within_a_period() -> None:
    """Old bread goes where it is sold today, and fresh bread comes back for tomorrow, at no cost."""
    ends = ("bakery", "shop"), ("shop", "bakery")
    old = [{"quantity": 5, "remaining_life": 1}]
    terms: dict[str, Any] = {"initial_stock": 5, "shelf_life": 2, "unit_cost": 50, "disposal_cost": 9, "holding_cost": 0}
    problem = plan(
        item("rye-bread", site="bakery", demand=[0, 5], initial_lots=old, **terms),
        item("rye-bread", site="shop", demand=[5, 0], **terms),
        sites=SITES,
        transfers=[{"item": "rye-bread", "origin": origin, "destination": destination} for origin, destination in ends],
    )
    assert proved_value(problem) == 0


def test_nothing_is_sent_around_in_a_circle() -> None:
    """Ways to and fro at no cost, with a capacity: what the model sends around for nothing is in no lot and in no quantity."""
    ends = [("bakery", "shop"), ("shop", "bakery")]
    ways = [{"item": "rye-bread", "origin": origin, "destination": to, "capacity": 8} for origin, to in ends]
    terms: dict[str, Any] = {"shelf_life": 2, "unit_cost": [1, 1, 3, 1], "holding_cost": 0}
    items = [item("rye-bread", site=site["id"], demand=[0, 9, 0, 9], **terms) for site in SITES]
    problem = plan(*items, sites=SITES, transfers=ways)
    formulation = formulate(problem)
    result = solve_linear(formulation.model, BUDGET, Silent())
    assert result.values is not None
    circle, part = result.values.copy(), formulation.parts.use_by
    assert part is not None
    for way, quantity in enumerate(part.transfers.quantity):
        circle[quantity[0]] += 3.0
        circle[part.sent[way, 0, 2]] += 3.0
    sent = [
        [one.quantities for one in plan_solution(problem, formulation, values).transfers] for values in (result.values, circle)
    ]
    assert np.allclose(sent[0], sent[1])


def test_the_price_of_an_age_is_what_a_fresher_unit_saves() -> None:
    """A unit in the bakery in period 3 that kept until period 4 would spare one at 9 there."""
    words = "One more unit of rye-bread@bakery, usable until period 4, in period 2, in place of an older one, would save "
    assert sentence(explained(bread(initial_stock=5)), "use_by[rye-bread@bakery:until-4,2]").startswith(words)


def failed(problem: PlanProblem, lots: list[SentLot] | None, **changes: list[float]) -> set[str]:
    """Return the checks that fail when the lots of the way, or numbers of the shop, are others than in the plan."""
    outcome = solved(problem)
    assert outcome.solution is not None
    way = outcome.solution.transfers[0].model_copy(update={"lots": lots})
    items = [outcome.solution.items[0], outcome.solution.items[1].model_copy(update=changes)]
    told = replace(outcome, solution=outcome.solution.model_copy(update={"transfers": [way], "items": items}))
    return {check.name for check in check_plan(problem, told) if check.max_violation > check.tolerance}


def test_false_ages_are_found() -> None:
    """Lots that are missing, do not add up, spoil on the way, or are fresher than any unit there."""
    told = [(1, 5.0, 3), (2, 5.0, 3), (3, 5.0, None)]

    def lots(*others: tuple[int, float, int | None]) -> list[SentLot]:
        return [SentLot(period=period, quantity=units, use_by=use_by) for period, units, use_by in others]

    assert failed(bread(), lots(*told)) == set()
    with pytest.raises(ValueError, match="ages"):
        failed(bread(), None)
    assert failed(bread(), lots(*told[:2], (3, 4.0, None))) == {"sent_lots"}
    assert failed(bread(), lots(told[0], (2, 5.0, 2), told[2])) >= {"sent_lots"}
    assert "sent_ages" in failed(bread(), lots(told[0], (2, 5.0, 4), told[2]))


def test_what_spoiled_at_the_destination_is_found() -> None:
    """Units sent in period 1 are still on hand after period 3, when they have spoiled."""
    lots = [SentLot(period=1, quantity=5, use_by=3), SentLot(period=2, quantity=5, use_by=3)]
    assert "moved_shelf_life" in failed(bread(), lots, stock=[0.0, 0.0, 5.0, 0.0])


def test_a_way_longer_than_the_life_is_warned_about() -> None:
    """Nothing arrives before it spoils, so that the shop buys by itself."""
    problem = bread(way={"lead_time": 3})
    assert [(one.code, one.pointer) for one in warnings(problem)] == [("LEAD_TIME_BEYOND_SHELF_LIFE", "/transfers/0/lead_time")]
    assert value(problem) == pytest.approx(400)


def test_too_many_ages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts life x periods over the items and their ways."""
    monkeypatch.setattr(semantics_transfers, "MAX_AGES", 31)
    found = issues(bread())
    assert [(one.code, one.pointer, one.got) for one in found] == [("PROBLEM_TOO_LARGE", "/transfers", 32)]


def test_uncertain_demand_sends_ages_of_each_scenario() -> None:
    """What is sent is decided once; its ages are means over the scenarios, and the check follows them."""
    uncertain = {"demand_uncertainty": {"sd": 2}, "unmet_demand": "lost", "stockout_cost": 30}
    problem = bread(shop=uncertain)
    outcome = SampleAverage().solve(problem, BUDGET, Silent())
    assert outcome.solution is not None
    assert outcome.solution.transfers[0].lots
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


def test_the_model_can_be_written_with_its_names() -> None:
    """Names hold no blanks, which MPS files cannot have."""
    text = write_mps(formulate(bread()).model)
    assert " use_by[rye-bread@bakery:until-4,2]" in text
    assert " sent[rye-bread@bakery->shop:until-5+,3]" in text
