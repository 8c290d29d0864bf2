"""
What an explanation at level full costs: the explanation alone, warm, beside the solve that it explains.

`python -m benchmarks.speed.linear_explanation` takes the netlib models below 100 rows (in milliseconds) and made-up inventory
plans of 500 items and 52 weeks (in percent of the solve, with the time to write the explanation as JSON beside it). JSON as the
last line; 1 when a small model takes more than 30 ms or a solve of more than a second is explained in more than 30 % of it.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.quality.linear import instances
from benchmarks.readers import mps_text
from benchmarks.speed import made_up_plans
from models.explanation import Reproduce
from solvers.base import Budget, Silent
from solvers.feature import Ask
from solvers.problems import PROBLEMS
from solvers.registry import FEATURES

FEW_ROWS, MOST_MS = 100, 30.0
LONG_SECONDS, MOST_SHARE = 1.0, 0.3
FAMILIES = "mixed,backorder,lost,forbidden"


def measured(name: str, kind: str, request: dict[str, Any], *, repeats: int, seconds: float) -> dict[str, Any]:
    """Solve once and explain several times; return the medians and what was left out."""
    problem = PROBLEMS[kind].problem.model_validate({**request, "options": {"time_limit_s": seconds}})
    feature = FEATURES[kind]
    budget = Budget(time_limit=seconds, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1, explain="full")
    begun = time.perf_counter()
    outcome = feature.solvers["simplex"].solve(problem, budget, Silent())
    solved = time.perf_counter() - begun
    reproduce, times, written, length, ranged = Reproduce(versions={}, seed=0, input_sha256=""), [], [], 0, []
    for _ in range(repeats):
        begun = time.perf_counter()
        explanation = feature.explain(
            problem, outcome, Ask(level="full", reproduce=reproduce, deadline=time.monotonic() + seconds)
        )
        times.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        length = len(explanation.__pydantic_serializer__.to_json(explanation))
        written.append(time.perf_counter() - begun)
        ranged = [entry.rhs_range for entry in explanation.constraints or []]
        ranged += [entry.cost_range for entry in explanation.variables or []]
        del explanation
    model = outcome.evidence.model
    return {
        "model": name,
        "rows": model.rows,
        "columns": model.columns,
        "solve_seconds": round(solved, 5),
        "explain_ms": round(1_000 * statistics.median(times), 2),
        "share_percent": round(100 * statistics.median(times) / solved, 1),
        "json_ms": round(1_000 * statistics.median(written), 2),
        "json_mb": round(length / 1e6, 2),
        "without_range": sum(entry is None for entry in ranged),
    }


def rows_of(request: dict[str, Any]) -> int:
    """Return the number of constraints of an MPS text."""
    return len(mps_text.parse(request["mps"]).senses)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    line = argparse.ArgumentParser(description="Cost of explanations.")
    line.add_argument("--repeats", type=int, default=5, help="explanations of each model; medians count")
    line.add_argument("--seconds", type=float, default=120, help="time limit of each solve")
    line.add_argument("--items", type=int, default=500, help="items of the made-up plans")
    line.add_argument("--families", default=FAMILIES, help="comma-separated kinds of plans")
    line.add_argument("--out", type=Path, help="also write the JSON to this file")
    given = line.parse_args(arguments)
    names = report.names(given.families)
    plans = [(kind, made_up_plans.plan(made_up_plans.KINDS[kind], seed=0, items=given.items)) for kind in names]
    limits = {"repeats": given.repeats, "seconds": given.seconds}
    small = [instance for instance in instances() if rows_of(instance.request) < FEW_ROWS]
    rows = [measured(instance.name, "linear", instance.request, **limits) for instance in small]
    rows += [measured(f"plan-{kind}", "inventory/plan", request, **limits) for kind, request in plans]
    print(report.table(list(rows[0]), [list(row.values()) for row in rows]))
    few = [row["explain_ms"] for row in rows if row["rows"] < FEW_ROWS]
    long = [row["share_percent"] / 100 for row in rows if row["solve_seconds"] > LONG_SECONDS]
    worst = {"largest_ms_below_100_rows": max(few, default=0.0), "largest_share_above_1_s": max(long, default=0.0)}
    report.finish({"benchmark": "speed.linear_explanation", "items": given.items, "summary": worst, "rows": rows}, given.out)
    return 1 if worst["largest_ms_below_100_rows"] > MOST_MS or worst["largest_share_above_1_s"] > MOST_SHARE else 0


if __name__ == "__main__":
    raise SystemExit(main())
