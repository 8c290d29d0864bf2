"""
Known instances of every feature through HTTP: they must come back, verified, with the right values.

`python -m benchmarks.smoke` starts the service itself; `--url http://127.0.0.1:8000` uses a running one. Exit code 0: all as
expected; 1: something is not; 2: the benchmark data are missing.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import report, service
from benchmarks.data import require
from benchmarks.quality import routing_sets
from benchmarks.readers import known_values, lot_sizing, mps_text, network_text, series_table

EXACT = 1e-6
"""Largest relative gap to a published optimum."""

SERIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request, what is known of its value, and the relative gap that is accepted (None: any)."""

    name: str
    kind: str
    request: dict[str, Any]
    known: float | None = None
    largest_gap: float | None = None
    complete: Callable[[dict[str, Any]], bool] = lambda solution: True
    """Tells whether a solution answers the whole request."""


def cases() -> list[Case]:
    """Return all cases; missing data end the program with code 2."""
    return [*_routing(), *_exact(), *_forecasting()]


def _routing() -> list[Case]:
    found = []
    for name, instance, seconds in (("cvrp", "X-n101-k25", 5), ("vrptw", "C1_10_2", 20)):
        request, known = routing_sets.read(name, require("routing", name, f"{instance}.vrp"))
        request["options"] = {"time_limit_s": seconds}
        served = Case(name=instance, kind="routing", request=request, known=known, complete=lambda plan: not plan["unassigned"])
        found.append(served)
    return found


def _exact() -> list[Case]:
    netlib = known_values.netlib(require("network", "netlib", "optimal_values.tsv"))
    facilities = known_values.or_library(require("network", "orlib_values.tsv"))
    lots = known_values.lot_sizing(require("inventory", "lotsizing", "values.tsv"))
    afiro = mps_text.read_request(require("network", "netlib", "netlib-afiro.mps.bz2"))
    cap41 = network_text.read_facility_location(require("network", "facility", "cap41.txt"))
    netgen = network_text.read_minimum_cost_flow(require("network", "mincostflow", "netgen_8_08a.min"))
    lot = {**lot_sizing.read_plan(require("inventory", "lotsizing", "F1.DAT")), "options": {"time_limit_s": 30}}
    flow = known_values.MINIMUM_COST_FLOW["netgen_8_08a"]
    return [
        Case(name="afiro", kind="linear", request=afiro, known=netlib["afiro"], largest_gap=EXACT),
        Case(name="cap41", kind="network/facility-location", request=cap41, known=facilities["cap41"], largest_gap=EXACT),
        Case(name="netgen_8_08a", kind="network/minimum-cost-flow", request=netgen, known=flow, largest_gap=EXACT),
        Case(name="F1", kind="inventory/plan", request=lot, known=lots["F1"][0]),
    ]


def _forecasting() -> list[Case]:
    requests = series_table.read_requests(require("forecasting", "m3_train.csv.gz").parent, "m3", limit=SERIES)
    return [
        Case(
            name=f"m3 {frequency} x{len(request['series'])}", kind="forecasting", request=request, complete=_Forecasts(request)
        )
        for frequency, request in requests.items()
    ]


@dataclass(frozen=True, slots=True)
class _Forecasts:
    request: dict[str, Any]

    def __call__(self, solution: dict[str, Any]) -> bool:
        """Tell whether every series has its whole horizon."""
        wanted = [(series["id"], self.request["horizon"]) for series in self.request["series"]]
        return [(series["id"], len(series["mean"])) for series in solution["series"]] == wanted


def check(case: Case, run: dict[str, Any]) -> tuple[float | None, float | None, str]:
    """Return value, relative gap, and what is wrong with a run (empty when nothing is)."""
    if run["status"] != "succeeded":
        error = run.get("error") or run.get("termination") or {}
        return None, None, f"{run['status']}: {error.get('code', '')} {error.get('detail', '')}"
    value = (run["objective"] or {}).get("value")
    gap = None if value is None or case.known is None else (value - case.known) / max(1.0, abs(case.known))
    if not (run["certificate"] or {}).get("verified"):
        return value, gap, f"not verified: {run['certificate']}"
    if not case.complete(run["solution"]):
        return value, gap, "the answer leaves something out"
    if gap is not None and gap < -EXACT:
        return value, gap, "better than the published optimum or bound: something is wrong"
    if case.largest_gap is not None and (gap is None or abs(gap) > case.largest_gap):
        return value, gap, f"differs from the published value by more than {case.largest_gap:g}"
    return value, gap, ""


def run_all(address: str, chosen: Sequence[Case]) -> list[list[Any]]:
    """Return one row of the table for every case."""
    rows = []
    for case in chosen:
        begun = time.monotonic()
        run = service.solve(address, case.kind, case.request)
        seconds = time.monotonic() - begun
        value, gap, wrong = check(case, run)
        verified = bool((run.get("certificate") or {}).get("verified"))
        percent = None if gap is None else 100 * gap
        rows.append([case.name, run["status"], verified, value, case.known, percent, round(seconds, 2), wrong])
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the smoke test from the command line."""
    line = argparse.ArgumentParser(description="Known instances of every feature through HTTP.")
    line.add_argument("--url", help="address of a running service; default: start one")
    line.add_argument("--only", default="", help="comma-separated names of cases")
    given = line.parse_args(arguments)
    chosen = [case for case in cases() if not given.only or case.name in report.names(given.only)]
    if given.url:
        rows = run_all(given.url.rstrip("/"), chosen)
    else:
        with service.started() as address:
            rows = run_all(address, chosen)
    print(report.table(["instance", "status", "verified", "value", "best known", "gap %", "seconds", "wrong"], rows))
    bad = [row[0] for row in rows if row[-1]]
    print(f"{len(rows) - len(bad)} of {len(rows)} as expected" + (f"; not: {', '.join(bad)}" if bad else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
