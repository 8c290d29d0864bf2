"""
Whole requests of large linear plans through HTTP, beside the raw solve of the same matrix by GLOP.

`python -m benchmarks.speed.plan_requests` posts plans of 500 items and 52 weeks to a service of its own and counts from the
first byte sent to the last byte of the answer read: reading and checking the request, formulation, search, certificate,
independent check, transfer. Raw is GLOP's solve alone, in a fresh process. JSON as the last line; 1 when the median ratio is
above 1.5.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

from benchmarks import report, service
from benchmarks.speed import made_up_plans
from benchmarks.speed.linear import FAMILIES, alone, raw

KIND = "inventory/plan"
MOST_RATIO = 1.5


def whole(address: str, body: bytes) -> dict[str, Any]:
    """Return seconds, size and outcome of one request."""
    begun = time.perf_counter()
    status, _, answer = service.call(f"{address}/v1/{KIND}", body, {"Prefer": "wait=300"})
    took = time.perf_counter() - begun
    run = json.loads(answer)
    verified = status == 200 and run["status"] == "succeeded" and run["certificate"]["verified"]
    return {"seconds": took, "verified": verified, "megabytes": (len(body) + len(answer)) / 1e6}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement from the command line."""
    line = report.parser("Whole requests of large linear plans.", peers="", seconds=120)
    given = line.parse_args(arguments)
    rows = []
    with service.started(WORKERS="1") as address:
        for family in report.names(FAMILIES):
            for seed in range(given.seeds):
                request = made_up_plans.plan(made_up_plans.KINDS[family], seed=seed)
                options = {"time_limit_s": given.time, "threads": given.threads}
                ours = whole(address, json.dumps({**request, "options": options}).encode())
                beside = alone(raw, KIND, request, 1, given.time)
                row = {"instance": f"{family}-{seed}", "columns": beside["columns"], **ours, "raw_seconds": beside["seconds"]}
                rows.append(row | {"ratio": ours["seconds"] / beside["seconds"]})
                print(f"  {rows[-1]}", flush=True)
    columns = ("instance", "columns", "megabytes", "seconds", "raw_seconds", "ratio", "verified")
    print(report.table(columns, [[row[name] for name in columns] for row in rows]))
    ratio = report.median([row["ratio"] for row in rows])
    summary = {"median_ratio": ratio, "largest_ratio": max(row["ratio"] for row in rows)}
    report.finish({"benchmark": "speed.plan_requests", "threads": given.threads, "summary": summary, "rows": rows}, given.out)
    return 0 if ratio is not None and ratio <= MOST_RATIO and all(row["verified"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
