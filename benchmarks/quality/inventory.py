"""
Lot sizing: Trigeiro's capacitated instances, Wagner-Whitin's textbook cases, and generated plans of growing size.

Peers: the textbook formulation in HiGHS, stockpyl for Wagner-Whitin. The generated plans are 50 and 500 items over 52 weeks on
one line with setup times, and 5,000 items that share nothing; rows hold the bound beside the value.

`python -m benchmarks.quality.inventory --time 30 --peers highs,stockpyl`
"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from benchmarks import report
from benchmarks.contenders import OURS, Attempt
from benchmarks.data import require
from benchmarks.evaluate import Verdict, lot_sizing_verdict
from benchmarks.quality import exact
from benchmarks.readers import known_values, lot_sizing


def instances() -> list[exact.Instance]:
    """Return the Wagner-Whitin textbook cases, then Trigeiro's instances."""
    folder = require("inventory", "lotsizing")
    known = known_values.lot_sizing(folder / "values.tsv")
    capacitated = [
        _instance(path.stem, lot_sizing.read_plan(path), known.get(path.stem, (None,))[0], {"highs": "inventory_highs"})
        for path in sorted(folder.glob("*.DAT"))
    ]
    cases = json.loads(require("inventory", "textbook_cases.json").read_text(encoding="utf-8"))
    scripts = {"highs": "inventory_highs", "stockpyl": "inventory_stockpyl"}
    single = [
        _instance(case["name"], lot_sizing.single_item_plan(case["parameters"]), case["answer"][1], scripts)
        for case in cases
        if case["model"].startswith("Wagner-Whitin") and "purchase_cost" not in case["parameters"]
    ]
    return [*single, *capacitated, *generated()]


def generated() -> list[exact.Instance]:
    """Return the generated plans; no value is known for them, the bound of the answer stands in for it."""
    return [
        _instance(name, generate_plan(items=items, periods=52, busy=busy), None, {})
        for name, items, busy in (
            ("line-50x52", 50, 0.9),
            ("line-500x52", 500, 0.9),
            ("apart-5000x52", 5_000, None),
        )
    ]


def generate_plan(*, items: int, periods: int, busy: float | None, seed: int = 0) -> dict[str, Any]:
    """
    Return a plan with setups.

    Parameters
    ----------
    items, periods
        Size.
    busy
        Share of the line that is taken when every item is ordered at its economic interval; None: no line.
    seed
        Of the generator.
    """
    draw = np.random.default_rng(seed)
    demand = np.where(draw.random((items, periods)) < 0.15, 0, draw.integers(0, 120, (items, periods))).astype(float)
    demand[:, 0] = np.minimum(demand[:, 0], 20.0)
    setup_time = draw.integers(5, 30, items).astype(float)
    interval, holding = draw.uniform(1.5, 5, items), draw.uniform(0.2, 2, items)
    fixed = holding * interval**2 * demand.mean(axis=1) / 2
    entries = [
        {
            "id": f"i{k}",
            "demand": demand[k].tolist(),
            "initial_stock": float(draw.integers(20, 200)),
            "holding_cost": float(holding[k]),
            "fixed_cost": float(fixed[k]),
            "unmet_demand": "forbidden",
            "resource_use": {} if busy is None else {"line": {"per_unit": 1, "per_setup": float(setup_time[k])}},
        }
        for k in range(items)
    ]
    if busy is None:
        return {"periods": periods, "items": entries}
    capacity = float((demand.sum() / periods + (setup_time / interval).sum()) / busy)
    return {"periods": periods, "items": entries, "resources": [{"id": "line", "capacity": [capacity] * periods}]}


def _instance(name: str, request: dict[str, Any], known: float | None, scripts: dict[str, str]) -> exact.Instance:
    judge = partial(_judge, request)
    return exact.Instance(name=name, kind="inventory/plan", request=request, known=known, judge=judge, scripts=scripts)


def _judge(request: dict[str, Any], who: str, attempt: Attempt) -> Verdict:
    orders = attempt.answer["orders"] if who != OURS else {item["id"]: item["orders"] for item in attempt.answer["items"]}
    return lot_sizing_verdict(request, orders)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    given = report.parser("Lot sizing in fixed seconds.", peers="highs,stockpyl", seconds=30).parse_args(arguments)
    return exact.run("quality.inventory", instances(), given)


if __name__ == "__main__":
    raise SystemExit(main())
