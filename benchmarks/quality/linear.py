"""
Linear programs of netlib: ours beside raw GLOP and raw HiGHS, with the certificate and the ranges of ours put to the test.

`python -m benchmarks.quality.linear --time 30 --peers glop,highs`

Beside the objectives: the duality gap of the certificate, 20 ends of ranges of each model confirmed by solving it again there
(`benchmarks.range_referee`), and what the explanation at level full costs. 1 when an objective is missing or off by more than
1e-6, a gap is larger, or one range is not confirmed.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from typing import Any

from benchmarks import contenders, range_referee, report
from benchmarks.contenders import OURS, Attempt, Terms
from benchmarks.data import require
from benchmarks.evaluate import Verdict, linear_verdict
from benchmarks.quality import exact
from benchmarks.readers import known_values, mps_text
from models.explanation import Reproduce
from models.linear import LinearProblem
from solvers.base import Budget, Silent
from solvers.feature import Ask
from solvers.linear.certificate import certificate_checks
from solvers.linear.explain import linear_explanation_parts
from solvers.linear.formulate import formulate
from solvers.linear.solve import solve_linear

SAMPLE = 20
"""Ends of ranges to solve again on each model."""

REPEATS = 3
"""Explanations of each model; their median counts."""

LARGEST_GAP = 1e-6


def instances() -> list[exact.Instance]:
    """Return the netlib instances, smallest file first."""
    folder = require("network", "netlib")
    known = known_values.netlib(folder / "optimal_values.tsv")
    found = []
    for path in sorted(folder.glob("*.mps.bz2"), key=lambda path: path.stat().st_size):
        name = path.name.removeprefix("netlib-").removesuffix(".mps.bz2")
        request = mps_text.read_request(path)
        program = mps_text.parse(request["mps"])

        def judge(who: str, attempt: Attempt, program: mps_text.Program = program) -> Verdict:
            return linear_verdict(program, attempt.answer["variables" if who == OURS else "values"])

        scripts = {"glop": "linear_glop", "highs": "linear_highs"}
        found.append(
            exact.Instance(name=name, kind="linear", request=request, known=known.get(name), judge=judge, scripts=scripts)
        )
    return found


def explained(request: dict[str, Any], *, seconds: float, seed: int) -> dict[str, Any]:
    """Solve and explain a request in this process; return gap, ranges and times."""
    model = formulate(LinearProblem.model_validate(request))
    budget = Budget(time_limit=seconds, iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)
    begun = time.perf_counter()
    result = solve_linear(model, budget, Silent())
    solved = time.perf_counter() - begun
    reproduce = Reproduce(versions={}, seed=seed, input_sha256="")
    times, parts = [], {}
    for _ in range(REPEATS):
        begun = time.perf_counter()
        ask = Ask(level="full", reproduce=reproduce, deadline=time.monotonic() + seconds)
        parts = linear_explanation_parts(model, result, ask)
        times.append(time.perf_counter() - begun)
    verdict = range_referee.confirm(model, parts["constraints"], parts["variables"], count=SAMPLE, seed=seed)
    gaps = [check.max_violation for check in certificate_checks(model, result) if check.name == "duality_gap"]
    return {
        "constraints": model.rows,
        "duality_gap": gaps[0] if gaps else None,
        "ranges_sampled": verdict.sampled,
        "ranges_confirmed": verdict.confirmed,
        "ranges_changed_beyond": verdict.changed_beyond,
        "range_failures": verdict.failures,
        "in_process_solve_seconds": round(solved, 6),
        "explain_seconds": round(statistics.median(times), 6),
        "explain_to_solve": round(statistics.median(times) / solved, 4),
        "unavailable": parts["unavailable"],
    }


def run(chosen: Sequence[exact.Instance], given: argparse.Namespace) -> int:
    """Measure, print the tables and the summary."""
    peers = report.names(given.peers)
    contenders.require_peers(peers)
    contenders.warm_up()
    rows, proofs = [], []
    for instance in chosen:
        for seed in range(given.seeds):
            rows += exact.measure(instance, peers, Terms(seconds=given.time, seed=seed, threads=given.threads))
        proofs.append({"instance": instance.name, **explained(instance.request, seconds=given.time, seed=0)})
    columns = ["instance", "contender", "seed", "value", "known", "gap_percent", "seconds", "error"]
    print(report.table(columns, [[row[name] for name in columns] for row in rows]))
    shown = ["instance", "constraints", "duality_gap", "ranges_sampled", "ranges_confirmed", "ranges_changed_beyond"]
    shown += ["in_process_solve_seconds", "explain_seconds", "explain_to_solve"]
    print(report.table(shown, [[proof[name] for name in shown] for proof in proofs]))
    ranges = summarised(proofs)
    summary = {"benchmark": "quality.linear", "time": given.time, "threads": given.threads}
    report.finish({**summary, "summary": exact.summarise(rows), "ranges": ranges, "rows": rows, "proofs": proofs}, given.out)
    mine = [row for row in rows if row["contender"] == OURS]
    wrong = [row for row in mine if row["value"] is None or abs(row["gap_percent"] or 0.0) > 1e-4]
    return 1 if wrong or ranges["failures"] or ranges["largest_gap"] > LARGEST_GAP else 0


def summarised(proofs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the totals over all models."""
    small = [proof["explain_seconds"] for proof in proofs if proof["constraints"] < 100]
    return {
        "models": len(proofs),
        "sampled": sum(proof["ranges_sampled"] for proof in proofs),
        "confirmed": sum(proof["ranges_confirmed"] for proof in proofs),
        "changed_beyond": sum(proof["ranges_changed_beyond"] for proof in proofs),
        "failures": sum(len(proof["range_failures"]) for proof in proofs),
        "largest_gap": max((proof["duality_gap"] or 0.0 for proof in proofs), default=0.0),
        "without_a_gap": sum(proof["duality_gap"] is None for proof in proofs),
        "largest_explain_ms_below_100_rows": 1_000 * max(small, default=0.0),
        "median_explain_to_solve": report.median([proof["explain_to_solve"] for proof in proofs]),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    given = report.parser("Netlib linear programs.", peers="glop,highs", seconds=30).parse_args(arguments)
    wanted = report.names(given.instances)
    return run([instance for instance in instances() if not wanted or instance.name in wanted][: given.limit], given)


if __name__ == "__main__":
    raise SystemExit(main())
