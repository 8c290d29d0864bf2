"""
The textbook cases of inventory theory: every number that the source prints, beside stockpyl where its functions run.

`python -m benchmarks.quality.inventory_policies --peers stockpyl --out benchmarks/results/inventory_policies.json`

A number is equal when it rounds to the printed digits of the reference, or differs by less than one in a million of it. The
references of the serial systems were computed on a coarse grid with cut tails; ours are exact, so that their costs are compared
to one in a thousand and their levels, when demand is normal, to one step of that grid.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks import report
from benchmarks.contenders import Attempt, Terms, ours, peer, require_peers, warm_up
from benchmarks.data import require
from benchmarks.readers.textbook_cases import Case, read

EQUAL = 1e-6
GRID = 1e-3
"""Relative step of the grids of the references of serial systems."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line; exit code 1 when a case differs."""
    given = report.parser("Textbook cases of inventory theory.", peers="stockpyl", seconds=10).parse_args(arguments)
    peers = report.names(given.peers)
    require_peers(peers)
    warm_up()
    terms = Terms(seconds=given.time, threads=given.threads)
    cases = read(require("inventory", "textbook_cases.json"))
    if given.instances:
        cases = [case for case in cases if case.name in report.names(given.instances)]
    rows = [_row(case, peers, terms) for case in cases[: given.limit]]
    columns = ["case", "model", "verified", "largest difference", "equal", "seconds", *[f"{name} equal" for name in peers]]
    print(report.table(columns, [[row[column] for column in columns] for row in rows]))
    equal = [row for row in rows if row["equal"] == "digits"]
    close = [row for row in rows if row["equal"] == "grid"]
    bad = [row["case"] for row in rows if row["equal"] == "no" or not row["verified"]]
    summary = {"cases": len(rows), "equal_to_the_printed_digits": len(equal), "within_the_grid": len(close), "different": bad}
    for name in peers:
        summary[f"{name}_equal"] = sum(row[f"{name} equal"] == "digits" for row in rows)
    report.finish({"benchmark": "quality.inventory_policies", "summary": summary, "rows": rows}, given.out)
    return 1 if bad else 0


def _row(case: Case, peers: Sequence[str], terms: Terms) -> dict[str, Any]:
    attempt = ours(case.kind, case.request, terms)
    verdict, difference = judge(case, attempt, value=attempt.notes.get("objective"))
    row = {
        "case": case.name,
        "model": case.model,
        "verified": bool(attempt.notes.get("verified")),
        "largest difference": difference,
        "equal": verdict,
        "seconds": round(attempt.seconds, 4),
        "error": attempt.error,
    }
    for name in peers:
        task = {"case": case.name, "model": case.model, "request": case.request}
        theirs = peer(f"inventory_policies_{name}", task, terms)
        row[f"{name} equal"] = judge(case, theirs, value=theirs.answer.get("objective"))[0] if theirs.error is None else "-"
        row[f"{name} error"] = theirs.error
    return row


def judge(case: Case, attempt: Attempt, *, value: float | None) -> tuple[str, float | None]:
    """Return `digits`, `grid` (only for serial systems) or `no`, and the largest relative difference."""
    if attempt.error is not None:
        return "no", None
    apart = []
    for name, wanted in case.expected.items():
        got = value if name == "objective" else _numbers(name, attempt.answer, wanted)
        if got is None:
            continue
        first, second = np.asarray(got, dtype=float).ravel(), np.asarray(_reference(name, wanted), dtype=float).ravel()
        if first.shape != second.shape:
            return "no", None
        apart.append(float((np.abs(first - second) / np.maximum(1.0, np.abs(second))).max()))
    worst = max(apart, default=0.0)
    if worst <= EQUAL:
        return "digits", worst
    return ("grid" if case.request.get("model") == "stochastic_service_serial" and worst <= GRID else "no"), worst


def _reference(name: str, wanted: Any) -> Any:
    return [wanted[key] for key in sorted(wanted)] if name in ("service_times", "echelon_levels") else wanted


def _numbers(name: str, answer: dict[str, Any], wanted: Any) -> Any:
    """Return numbers of a solution in the form of the reference."""
    if name in ("service_times", "echelon_levels"):
        field = "service_time" if name == "service_times" else "echelon_base_stock_level"
        stages = {stage["id"]: stage[field] for stage in answer["stages"]}
        return [stages[key] for key in sorted(wanted)]
    found = answer.get(name)
    if name == "levels" and found:
        return [[one["reorder_point"] for one in found], [one["order_up_to_level"] for one in found]]
    if name == "items" and found:
        return [[one["order_quantity"] for one in found], [one["multiple"] for one in found]]
    return found


if __name__ == "__main__":
    raise SystemExit(main())
