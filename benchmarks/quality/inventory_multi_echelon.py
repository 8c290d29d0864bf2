"""
Guaranteed-service networks: the published optima, and random networks with cycles, beside stockpyl's tree recursion.

`python -m benchmarks.quality.inventory_multi_echelon --peers stockpyl --out benchmarks/results/inventory_multi_echelon.json`

The referee prices everybody's service times from the request. `random_*` are made here: acyclic, but no trees, so that no peer
solves them and the proved bound takes the place of a known value.
"""

import math
import random
from collections.abc import Sequence
from functools import partial
from typing import Any

from benchmarks import report
from benchmarks.contenders import Attempt
from benchmarks.data import require
from benchmarks.evaluate import Verdict
from benchmarks.quality import exact
from benchmarks.readers.guaranteed_service import KNOWN, read

KIND = "inventory/multi-echelon"


def instances() -> list[exact.Instance]:
    """Return the published networks, then random ones of 10 to 40 stages."""
    folder = require("inventory", "gsm")
    scripts = {"stockpyl": "inventory_multi_echelon_stockpyl"}
    found = []
    for name, (rate, known) in KNOWN.items():
        request = read(folder / f"{name}.txt", holding_rate=rate)
        found.append(_instance(name, request, known, scripts))
    return [*found, *(_instance(f"random_{size}", random_network(size), None, {}) for size in (10, 16, 24, 32, 40))]


def random_network(size: int) -> dict[str, Any]:
    """Return an acyclic network in four layers, each stage with one to three suppliers in the layer before."""
    generator = random.Random(size)
    layers = [list(range(k * size // 4, (k + 1) * size // 4)) for k in range(4)]
    stages: list[dict[str, Any]] = []
    for depth, layer in enumerate(layers):
        for k in layer:
            before = layers[depth - 1] if depth else []
            chosen = sorted(generator.sample(before, min(len(before), generator.randint(1, 3)))) if before else []
            stage: dict[str, Any] = {
                "id": f"stage-{k}",
                "processing_time": float(generator.randint(1, 20)),
                "added_cost": float(generator.randint(1, 100)),
                "holding_rate": 0.25,
                "upstream": [f"stage-{one}" for one in chosen],
            }
            if depth == 3:
                stage |= {"max_service_time": float(generator.randint(0, 3)), "demand": {"mean": 20.0, "sd": 8.0, "z": 1.645}}
            stages.append(stage)
    return {"stages": stages}


def _instance(name: str, request: dict[str, Any], known: float | None, scripts: dict[str, str]) -> exact.Instance:
    return exact.Instance(name=name, kind=KIND, request=request, known=known, judge=partial(verdict, request), scripts=scripts)


def verdict(request: dict[str, Any], who: str, attempt: Attempt) -> Verdict:
    """Return cost and violations of service times; published optima are rounded, and so is the cost beside them."""
    promised = {stage["id"]: stage["service_time"] for stage in attempt.answer["stages"]}
    stages = {stage["id"]: stage for stage in request["stages"]}
    found = Verdict(0.0)
    bounds, values = _bounds(stages), _values(stages)
    for name, stage in stages.items():
        inbound = max([0.0, *(promised[one] for one in stage.get("upstream", []))])
        net = inbound + stage["processing_time"] - promised[name]
        limit = stage.get("max_service_time", 0.0 if "demand" in stage else math.inf)
        if net < -1e-6 or promised[name] > limit + 1e-6 or promised[name] < -1e-6:
            found.violations.append(f"{name} promises {promised[name]}, limit {limit}, net time {net}")
        found.cost += stage["holding_rate"] * values[name] * bounds[name] * math.sqrt(max(net, 0.0))
    return found


def _bounds(stages: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Return the pooled bound on demand above its mean of every stage."""
    customers: dict[str, list[str]] = {name: [] for name in stages}
    for name, stage in stages.items():
        for one in stage.get("upstream", []):
            customers[one].append(name)
    known: dict[str, float] = {}

    def bound(name: str) -> float:
        if name not in known:
            stage = stages[name]
            own = [stage["demand"]["z"] * stage["demand"]["sd"]] if "demand" in stage else []
            parts = own + [
                stages[after].get("upstream_quantities", {}).get(name, 1.0) * bound(after) for after in customers[name]
            ]
            power = stage.get("pooling_exponent", 2.0)
            known[name] = sum(part**power for part in parts) ** (1 / power)
        return known[name]

    return {name: bound(name) for name in stages}


def _values(stages: dict[str, dict[str, Any]]) -> dict[str, float]:
    known: dict[str, float] = {}

    def value(name: str) -> float:
        if name not in known:
            stage = stages[name]
            units = stage.get("upstream_quantities", {})
            known[name] = stage["added_cost"] + sum(units.get(one, 1.0) * value(one) for one in stage.get("upstream", []))
        return known[name]

    return {name: value(name) for name in stages}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    given = report.parser("Guaranteed-service networks in fixed seconds.", peers="stockpyl", seconds=10).parse_args(arguments)
    return exact.run("quality.inventory_multi_echelon", instances(), given)


if __name__ == "__main__":
    raise SystemExit(main())
