"""Random small plans that mix what a request may ask for: several sites, spoiling, shortages, suppliers, bills, uncertainty."""

import random
from typing import Any

Fields = dict[str, Any]


def mixed_plan(seed: int) -> Fields:
    """Return the request of a random plan; most have an answer, some conflict."""
    draw = random.Random(seed)
    periods = draw.randint(1, 6)
    sites = [f"site-{number}" for number in range(draw.randint(1, 3))]
    names = [f"item-{number}" for number in range(draw.randint(1, 3))]
    is_uncertain = draw.random() < 0.2
    items, ways = [], []
    for name in names:
        life = draw.choice([None, None, 1, 2, 3])
        items += [_item(draw, name, site, periods, draw.choice([life, life, None, 2]), is_uncertain) for site in sites]
        ways += [_way(draw, name, a, b) for a in sites for b in sites if a != b and draw.random() < 0.6]
    if len(names) > 1 and draw.random() < 0.5:
        first = draw.choice(sites)
        product = next(entry for entry in items if (entry["id"], entry["site"]) == (names[0], first))
        given = {"components": [{"item": names[1], "quantity": draw.choice([1, 2])}]}
        product.update(draw.choice([given, {"substitutes": [{"item": names[1], "unit_cost": draw.choice([0, 2])}]}]))
    request: Fields = {
        "periods": periods,
        "sites": [{"id": site, "storage_capacity": draw.choice([None, None, 25])} for site in sites],
        "items": items,
        "transfers": ways,
        "resources": [
            {"id": "line", "capacity": draw.choice([8, 20]), "overtime_limit": draw.choice([0, 6]), "overtime_cost": 2}
        ],
        "suppliers": [{"id": "hill-dairy"}],
        "frozen_periods": draw.choice([0] * 9 + [1]),
        "budget": draw.choice([None] * 6 + [200]),
        "options": {"time_limit_s": 10, "threads": 1},
    }
    risk = {"scenarios": 5, "simulations": 100, "risk_weight": draw.choice([0, 0.5])}
    return request | ({"uncertainty": risk} if is_uncertain else {})


def _item(draw: random.Random, name: str, site: str, periods: int, life: int | None, is_uncertain: bool) -> Fields:
    """Return one item at one site."""

    def numbers(*choices: float) -> list[float]:
        return [draw.choice(choices) for _ in range(periods)]

    unmet = draw.choice(["forbidden", "backorder", "lost"])
    entry: Fields = {
        "id": name,
        "site": site,
        "demand": [draw.choice([0, 0, draw.randint(1, 15)]) for _ in range(periods)],
        "holding_cost": draw.choice([0, 0.5, 1]),
        "unit_cost": [draw.randint(0, 6) for _ in range(periods)],
        "unmet_demand": unmet,
        "shelf_life": life,
    }
    stock = draw.randint(1, 12)
    lots = [{"quantity": stock / 2, "remaining_life": draw.randint(1, life)}] if life else []
    often = [
        (0.5, {"initial_stock": stock, "initial_lots": lots}),
        (0.3, {"fixed_cost": draw.randint(1, 20)}),
        (0.15, {"minimum_order": draw.randint(1, 6)}),
        (0.15, {"order_multiple": draw.choice([2, 5, 0.5])}),
        (0.2, {"lead_time": draw.randint(1, 2)}),
        (0.3, {"safety_stock": numbers(0, 2, 4), "safety_stock_cost": draw.choice([None, 0, 3, numbers(0, 2)])}),
        (0.15, {"terminal_value": draw.choice([1, 4])}),
        (0.15, {"scheduled_receipts": numbers(0, 3)}),
        (0.25, {"resource_use": {"line": {"per_unit": 1, "per_setup": draw.choice([0, 2])}}}),
    ]
    if life is not None:
        often.append((0.5, {"disposal_cost": 1}))
    if unmet == "backorder":
        often += [(0.3, {"maximum_backorder_periods": draw.randint(1, 2)}), (0.3, {"maximum_final_backorder": 4})]
    if unmet != "forbidden":
        often += [(1, {"stockout_cost": draw.choice([1, 5, 20])}), (0.2, {"fill_rate": draw.choice([0.5, 0.9])})]
        often.append((0.7 if is_uncertain else 0, {"demand_uncertainty": {"sd": draw.choice([1, 4])}}))
    for share, fields in often:
        if draw.random() < share:
            entry |= fields
    return entry if draw.random() < 0.8 else _supplied(draw, entry)


def _supplied(draw: random.Random, entry: Fields) -> Fields:
    """Return the item with a supplier in place of its own terms."""
    own = ("unit_cost", "fixed_cost", "minimum_order", "order_multiple", "lead_time")
    terms = {"supplier": "hill-dairy", "unit_costs": [5, 4], "breakpoints": [0, 6]}
    terms |= {"discount": draw.choice(["all_units", "incremental"]), "fixed_cost": draw.choice([0, 3])}
    return {name: value for name, value in entry.items() if name not in own} | {"supplies": [terms]}


def _way(draw: random.Random, name: str, origin: str, destination: str) -> Fields:
    return {
        "item": name,
        "origin": origin,
        "destination": destination,
        "lead_time": draw.choice([0, 0, 1, 2]),
        "unit_cost": draw.choice([0, 1]),
        "fixed_cost": draw.choice([0, 0, 5]),
        "capacity": draw.choice([None, None, 7]),
    }
