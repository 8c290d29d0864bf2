"""
Large linear programs: from the request object to the checked answer, beside the raw solve of the same matrix by GLOP.

`python -m benchmarks.speed.linear` draws inventory plans of 500 items and 52 weeks (77,000 columns). Ours counts formulation,
protocol buffer, search, certificate and independent check; raw is GLOP with its default parameters through MathOpt on the same
arrays, its solve alone. Every measurement has a fresh process, in turn: ours, raw, ours with more threads. Then the build of a
model with a million nonzeros. JSON as the last line; 1 when a median ratio exceeds 1.3 or the build 2 seconds.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.speed import made_up_plans

MOST_RATIO = 1.3
MOST_BUILD_SECONDS = 2.0
AGREEMENT = 1e-6
"""Largest relative difference of the objectives of ours and raw."""

FAMILIES = "mixed,backorder,lost,forbidden,flat-cost,loose"


def ours(kind: str, request: dict[str, Any], threads: int, seconds: float) -> dict[str, Any]:
    """Time the way of a request object to its checked answer."""
    from solvers.base import Silent
    from solvers.pipeline import answer
    from solvers.problems import PROBLEMS
    from solvers.registry import FEATURES

    options = {"time_limit_s": seconds, "threads": threads}
    problem = PROBLEMS[kind].problem.model_validate({**request, "options": options})
    begun = time.perf_counter()
    given = answer(FEATURES[kind], problem, Silent(), input_sha256="")
    took = time.perf_counter() - begun
    objective = given.objective.value if given.objective else None
    verified = given.certificate is not None and given.certificate.verified
    stats = given.stats
    assert stats is not None
    return {"seconds": took, "objective": objective, "verified": verified, "reasons": stats.reasons, "solver": stats.solver}


def raw(kind: str, request: dict[str, Any], threads: int, seconds: float) -> dict[str, Any]:
    """Time GLOP with its default parameters on the same arrays; building them does not count."""
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2, result_pb2
    from ortools.math_opt.core.python import solver

    from solvers.linear.proto import model_proto

    model = _model(kind, request)
    proto = model_proto(model)
    parameters = parameters_pb2.SolveParametersProto()
    parameters.time_limit.FromNanoseconds(int(seconds * 1e9))
    begun = time.perf_counter()
    given = solver.solve(
        proto,
        parameters_pb2.SOLVER_TYPE_GLOP,
        parameters_pb2.SolverInitializerProto(),
        parameters,
        model_parameters_pb2.ModelSolveParametersProto(),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    took = time.perf_counter() - begun
    optimal = given.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL
    size = {"rows": model.rows, "columns": model.columns, "nonzeros": model.nonzeros}
    return {"seconds": took, "objective": given.termination.objective_bounds.primal_bound if optimal else None, **size}


def build(nonzeros: int) -> dict[str, Any]:
    """Time a transport program of sparse columns on its way to arrays, and from arrays to the protocol buffer."""
    import numpy as np

    from models.linear import LinearProblem
    from solvers.linear.formulate import formulate
    from solvers.linear.proto import model_proto

    columns, sources = nonzeros // 2, 500
    at = np.arange(columns)
    entries = {
        "row": np.concatenate([at % sources, sources + at // sources]).tolist(),
        "column": np.concatenate([at, at]).tolist(),
        "value": [1.0] * nonzeros,
    }
    rows = sources + (columns - 1) // sources + 1
    body = {
        "variables": {"objective": np.random.default_rng(0).uniform(1, 9, columns).tolist()},
        "constraints": {"lower": [0.0] * rows, "upper": [10.0] * rows},
        "entries": entries,
    }
    problem = LinearProblem.model_validate({"columns": body})
    begun = time.perf_counter()
    model = formulate(problem)
    formulated = time.perf_counter()
    model_proto(model)
    return {"nonzeros": nonzeros, "arrays_seconds": formulated - begun, "proto_seconds": time.perf_counter() - formulated}


def _model(kind: str, request: dict[str, Any]) -> Any:
    if kind == "linear":
        from models.linear import LinearProblem
        from solvers.linear.formulate import formulate

        return formulate(LinearProblem.model_validate(request))
    from models.inventory import PlanProblem
    from solvers.inventory.plan_formulation import formulate as formulate_plan

    return formulate_plan(PlanProblem.model_validate(request)).model


def as_columns(request: dict[str, Any]) -> dict[str, Any]:
    """Return a plan's linear program as a request of sparse columns, for `/v1/linear`."""
    model = _model("inventory/plan", request)
    sides = {
        name: [None if abs(number) == float("inf") else number for number in getattr(model, name).tolist()]
        for name in ("column_lower", "column_upper", "row_lower", "row_upper")
    }
    variables = {
        "objective": model.objective.tolist(),
        "name": list(model.column_names),
        "lower": sides["column_lower"],
        "upper": sides["column_upper"],
    }
    constraints = {"lower": sides["row_lower"], "upper": sides["row_upper"], "name": list(model.row_names)}
    entries = {"row": model.row_index().tolist(), "column": model.indices.tolist(), "value": model.coefficients.tolist()}
    return {"columns": {"variables": variables, "constraints": constraints, "entries": entries}}


def alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns in a fresh process, which is ended as soon as it has answered, as a solver process is."""
    context = multiprocessing.get_context("spawn")
    ours_end, theirs = context.Pipe()
    process = context.Process(target=_send, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    try:
        return ours_end.recv()
    finally:
        process.kill()
        process.join()


def _send(connection: Any, work: Callable[..., Any], arguments: Sequence[Any]) -> None:
    connection.send(work(*arguments))


def compare(name: str, kind: str, request: dict[str, Any], threads: Sequence[int], seconds: float) -> list[dict[str, Any]]:
    """Return one row for every number of threads; the raw solve stands between the first of ours and the rest."""
    first = alone(ours, kind, request, threads[0], seconds)
    beside = alone(raw, kind, request, 1, seconds)
    rest = [alone(ours, kind, request, count, seconds) for count in threads[1:]]
    rows = []
    for count, mine in zip(threads, [first, *rest], strict=True):
        known, found = beside["objective"], mine["objective"]
        agree = None if known is None else found is not None and abs(found - known) <= AGREEMENT * max(1.0, abs(known))
        rows.append(
            {
                "instance": name,
                "threads": count,
                "columns": beside["columns"],
                "nonzeros": beside["nonzeros"],
                "ours_seconds": mine["seconds"],
                "raw_seconds": beside["seconds"],
                "ratio": mine["seconds"] / beside["seconds"],
                "verified": mine["verified"],
                "agree": agree,
                "solver": mine["solver"],
                "reasons": mine["reasons"],
            }
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement from the command line."""
    line = argparse.ArgumentParser(description="Large linear programs beside the raw solve of the same matrix.")
    line.add_argument("--families", default=FAMILIES, help=f"comma-separated, of {','.join(made_up_plans.KINDS)}")
    line.add_argument("--seeds", type=int, default=2, help="seeds 0..N-1 of every family")
    line.add_argument("--items", type=int, default=500, help="items of a plan")
    line.add_argument("--threads", default="1,2", help="comma-separated numbers of threads for ours; raw uses one")
    line.add_argument("--time", type=float, default=120, help="seconds for every solve")
    line.add_argument("--nonzeros", type=int, default=1_000_000, help="size of the model that is only built")
    line.add_argument("--out", type=Path, help="also write the JSON to this file")
    given = line.parse_args(arguments)
    threads = [int(count) for count in report.names(given.threads)]
    rows: list[dict[str, Any]] = []
    columns = (
        "instance",
        "threads",
        "columns",
        "nonzeros",
        "ours_seconds",
        "raw_seconds",
        "ratio",
        "verified",
        "agree",
        "solver",
    )
    for place, family in enumerate(report.names(given.families)):
        for seed in range(given.seeds):
            request = made_up_plans.plan(made_up_plans.KINDS[family], seed=seed, items=given.items)
            rows += compare(f"plan {family} {seed}", "inventory/plan", request, threads, given.time)
            if place == 0:
                rows += compare(f"columns {family} {seed}", "linear", as_columns(request), threads, given.time)
            print(report.table(columns, [[row[column] for column in columns] for row in rows[-len(threads) :]]), flush=True)
    built = alone(build, given.nonzeros)
    medians = {str(count): report.median([row["ratio"] for row in rows if row["threads"] == count]) for count in threads}
    print(report.table(columns, [[row[column] for column in columns] for row in rows]))
    print(report.table(["threads", "median ratio"], list(medians.items())))
    print(report.table(["nonzeros", "to arrays s", "to protocol buffer s"], [list(built.values())]))
    sound = all(row["verified"] and row["agree"] is not False for row in rows)
    summary = {"median_ratio": medians, "build": built, "all_verified_and_agreed": sound}
    report.finish({"benchmark": "speed.linear", "items": given.items, "summary": summary, "rows": rows}, given.out)
    quick = built["arrays_seconds"] + built["proto_seconds"] <= MOST_BUILD_SECONDS
    return 0 if sound and quick and all((ratio or 0.0) <= MOST_RATIO for ratio in medians.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
