"""
Lot sizing: Trigeiro's capacitated instances beside the textbook formulation in HiGHS, Wagner-Whitin beside stockpyl.

`python -m benchmarks.quality.inventory --time 30 --peers highs,stockpyl`
"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

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
    return [*single, *capacitated]


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
