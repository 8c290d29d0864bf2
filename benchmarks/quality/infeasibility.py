"""
Generated infeasible models: whether conflicts are irreducible and repairs repair.

`python -m benchmarks.quality.infeasibility --out benchmarks/results/linear_infeasibility.json`
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from benchmarks import contenders, report
from benchmarks.infeasibility_referee import judge
from benchmarks.infeasible_models import KINDS, Case, cases


def measure(case: Case, seconds: float) -> dict[str, Any]:
    """Return one row: what we said of a model, and what the referee says of that."""
    from app.execution import Job, supervise

    options = {"explain": "full", "time_limit_s": seconds, "threads": 1}
    body = orjson.dumps({**case.request, "options": options})
    started = time.monotonic()
    result = supervise(Job(kind="linear", body=body, time_limit=seconds, memory_mb=contenders.MEMORY_MB, threads=1))
    row: dict[str, Any] = {
        "instance": case.name,
        "kind": case.kind,
        "rows": len(case.request["constraints"]),
        "columns": len(case.request["variables"]),
        "seconds": round(time.monotonic() - started, 4),
    }
    if result.answer is None:
        return row | {
            "status": "refused",
            "irreducible": False,
            "repaired": False,
            "reasons": [f"{result.error}: {result.detail}"],
        }
    answer = {**(result.head or {}), **orjson.loads(result.answer)}
    infeasibility = (answer["explanation"] or {}).get("infeasibility")
    row |= {"status": answer["status"], "certificate": (answer["certificate"] or {}).get("verified", False)}
    if answer["status"] != "infeasible" or infeasibility is None:
        return row | {"irreducible": False, "repaired": False, "reasons": ["not diagnosed as infeasible"]}
    verdict = judge(case.request, infeasibility)
    return row | {
        "claimed": infeasibility["irreducible"],
        "members": len(infeasibility["subset"]),
        "repairs": len(infeasibility["repairs"]),
        "irreducible": verdict.irreducible,
        "repaired": verdict.repaired,
        "explain_seconds": answer["stats"]["explain_time_s"],
        "reasons": verdict.reasons[:5],
    }


def summarise(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return counts and seconds, over all and for each kind of conflict."""
    summary = {}
    for name in ("all", *KINDS):
        own = [row for row in rows if name in ("all", row["kind"])]
        if not own:
            continue
        summary[name] = {
            "models": len(own),
            "irreducible": sum(row["irreducible"] for row in own),
            "every_repair_verified": sum(row["repaired"] for row in own),
            "certificate_verified": sum(row.get("certificate", False) for row in own),
            "members_median": report.median([row["members"] for row in own if "members" in row]),
            "repairs_total": sum(row.get("repairs", 0) for row in own),
            "rows_largest": max(row["rows"] for row in own),
            "seconds_median": report.median([row["seconds"] for row in own]),
            "seconds_largest": max(row["seconds"] for row in own),
        }
    return summary


def run(per_kind: int, seconds: float) -> list[dict[str, Any]]:
    """Return the rows of all models; the wrong ones are printed as they come."""
    contenders.warm_up()
    rows = []
    for case in cases(per_kind):
        row = measure(case, seconds)
        rows.append(row)
        if row["reasons"]:
            print(f"  {row['instance']} ({row['rows']} rows): {row['reasons']}")
    return rows


def print_summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Print the table and return the summary."""
    summary = summarise(rows)
    columns = ["conflict", *next(iter(summary.values()))]
    print(report.table(columns, [[name, *values.values()] for name, values in summary.items()]))
    return summary


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line; 1 when something is not as claimed."""
    line = argparse.ArgumentParser(description="Generated infeasible models, judged by SciPy's HiGHS.")
    line.add_argument("--per-kind", type=int, default=40, help="models of each of the five kinds")
    line.add_argument("--time", type=float, default=20.0, help="time limit of each, in seconds")
    line.add_argument("--out", type=Path, help="also write the JSON to this file")
    given = line.parse_args(arguments)
    rows = run(given.per_kind, given.time)
    summary = print_summary(rows)
    report.finish({"benchmark": "quality.infeasibility", "summary": summary, "rows": rows}, given.out)
    return 0 if all(row["irreducible"] and row["repaired"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
