"""
Random small inventory plans: values beside exhaustive search, prices beside finite differences.

`python -m benchmarks.quality.inventory_random` solves plans with setups, order sizes, lead times, capacity and storage, whose
least cost a recursion over all whole-number orders gives; plans of one item, beside Wagner and Whitin's recursion; and linear
plans, where every number with a price whose range holds it and its neighbours at +1 and -1 is changed there and solved again.
Everything that does not agree is listed; then the exit code is 1.
"""

import copy
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import campaign, report
from benchmarks.random_plans import Request, linear_plan, small_plan
from models.explanation import ConstraintReport
from models.inventory import PlanProblem
from models.run import Answer
from solvers.base import Silent
from solvers.inventory.semantics import issues
from solvers.pipeline import answer
from solvers.registry import FEATURES
from tests.oracles.lot_sizing import least_cost, wagner_whitin

RESULTS = Path(__file__).resolve().parent.parent / "results" / "inventory_random.json"
FAMILIES = ("enumeration", "enumeration", "wagner_whitin", "prices")
AGREEMENT = 1e-6
"""Largest relative difference of two values, and absolute one of values near 0."""

SECONDS = 20


def solved(request: Request, *, explain: str = "none") -> Answer[Any, Any]:
    """Return the answer of a plan, through the pipeline that the service uses."""
    options = {"explain": explain, "time_limit_s": SECONDS, "threads": 1, "relative_gap": 1e-9}
    problem = PlanProblem.model_validate({**request, "options": options})
    found = issues(problem)
    if found:
        raise ValueError(f"{found[0].pointer}: {found[0].message}")
    return answer(FEATURES["inventory/plan"], problem, Silent(), input_sha256="0" * 64)


def agree(value: float, other: float) -> bool:
    """Tell whether two costs are equal within the tolerance."""
    return abs(value - other) <= AGREEMENT * max(1.0, abs(value), abs(other))


def verdict_of_value(given: Answer[Any, Any], least: float | None) -> str:
    """Return how an answer compares with the least cost; None: there is no plan."""
    if given.status == "infeasible" or least is None:
        return "infeasible alike" if given.status == "infeasible" and least is None else "feasibility differs"
    if given.certificate is None or not given.certificate.verified or given.objective is None:
        return "not verified"
    if given.objective.value is None or not agree(given.objective.value, least):
        return "value differs"
    return "equal"


def one_item(draw: random.Random) -> tuple[Request, float]:
    """Return a plan of one item without limits, and its least cost by Wagner and Whitin's recursion."""
    demand = [draw.choice([0, draw.randint(1, 80)]) for _ in range(draw.randint(4, 16))]
    demand[0] = max(1, demand[0])
    series = {name: [draw.choice(values) for _ in demand] for name, values in COSTS.items()}
    item = {"id": "item", "demand": demand, "unmet_demand": "forbidden", **series}
    return {"periods": len(demand), "items": [item]}, wagner_whitin(demand, **series)


COSTS: dict[str, list[float]] = {"fixed_cost": [0, 20, 90, 200], "unit_cost": [0, 1, 2.5], "holding_cost": [0, 0.5, 1, 3]}


def priced(given: Answer[Any, Any]) -> Iterator[ConstraintReport]:
    """Yield the constraints whose price holds at one more and one less of a number of the request."""
    assert given.explanation is not None
    for row in given.explanation.constraints or []:
        side = row.lower if row.lower is not None else row.upper
        whole = row.rhs_range is not None and row.pointer is not None and row.shadow_price is not None and side is not None
        if whole and _holds(row.rhs_range.lower, row.rhs_range.upper, side):
            yield row


def _holds(lower: float | None, upper: float | None, side: float) -> bool:
    return (lower is None or lower <= side - 1) and (upper is None or upper >= side + 1)


def changed(request: Request, pointer: str, by: float) -> Request | None:
    """Return the request with one number changed, or None where the pointer leads to no number, or to one below the change."""
    altered: Any = copy.deepcopy(request)
    *path, last = pointer.split("/")[1:]
    place = altered
    for part in path:
        place = place[int(part)] if isinstance(place, list) else place[part]
    key: Any = int(last) if isinstance(place, list) else last
    number = place[key]
    if isinstance(number, list) or number + by < 0:
        return None
    place[key] = number + by
    return dict(altered)


class Campaign:
    """Counts over all plans, and what went wrong."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {family: Counter() for family in dict.fromkeys(FAMILIES)}
        self.trouble: list[dict[str, Any]] = []

    def run(self, seed: int) -> None:
        """Solve one plan and count."""
        draw = random.Random(seed)
        family = draw.choice(FAMILIES)
        self.counts[family]["plans"] += 1
        if family == "prices":
            self._prices(seed, linear_plan(draw))
            return
        if family == "enumeration":
            request, items, capacity, storage = small_plan(draw)
            least = least_cost(items, capacity=capacity, storage=storage)
        else:
            request, least = one_item(draw)
        self._count(family, seed, verdict_of_value(solved(request), least), good=("equal", "infeasible alike"))

    def _prices(self, seed: int, request: Request) -> None:
        """Change every number whose price should hold and compare the change of the cost."""
        given = solved(request, explain="full")
        if given.objective is None or given.objective.value is None:
            self._count("prices", seed, "no plan", good=())
            return
        for row in priced(given):
            for by in (1.0, -1.0):
                altered = changed(request, str(row.pointer), by)
                if altered is None:
                    continue
                then = solved(altered)
                value = then.objective.value if then.objective is not None else None
                expected = given.objective.value + by * float(row.shadow_price or 0.0)
                same = value is not None and agree(value, expected)
                self._count("prices", seed, "confirmed" if same else f"differs: {row.name}", good=("confirmed",))

    def _count(self, family: str, seed: int, verdict: str, *, good: tuple[str, ...]) -> None:
        self.counts[family][verdict.partition(":")[0]] += 1
        if verdict not in good:
            self.trouble.append({"family": family, "seed": seed, "verdict": verdict})


def main() -> int:
    """Run the campaign and write its counts."""
    given = campaign.arguments(__doc__, problems=1_000)
    started = time.monotonic()
    counted = Campaign()
    for seed in campaign.seeds(given):
        counted.run(seed)
    columns = sorted({what for counts in counted.counts.values() for what in counts})
    rows = [[family, *(counts[what] for what in columns)] for family, counts in counted.counts.items()]
    print(report.table(["family", *columns], rows))
    for entry in counted.trouble:
        print(f"  {entry}")
    summary = {
        "problems": given.problems,
        "first_seed": given.first_seed,
        "families": {family: dict(counts) for family, counts in counted.counts.items()},
        "trouble": counted.trouble,
        "seconds": round(time.monotonic() - started, 1),
        "machine": report.machine(),
    }
    if not given.no_file:
        RESULTS.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(summary))
    return 1 if counted.trouble else 0


if __name__ == "__main__":
    raise SystemExit(main())
