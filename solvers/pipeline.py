"""
From a valid problem to a checked answer: choose a solver, solve, check, explain.

The service, the command line and the benchmarks all come through `answer`, so that what is measured is what is served.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models.explanation import Explanation, Reproduce
from models.options import Options
from models.run import Answer, Certificate, Check, RunError, RunWarning, Stats, Termination
from solvers.base import Budget, Outcome, Progress, Solver
from solvers.errors import SolverError, UnsupportedProblemError, VerificationError
from solvers.feature import Ask, Feature
from solvers.versions import versions

SOLVE_SHARE = {"none": 0.97, "summary": 0.9, "full": 0.8}
"""Share of the time limit that the search may use; the rest is for the check and the explanation."""

LONGEST_RESERVE = {"none": 0.5, "summary": 2.0, "full": 10.0}
"""The reserve never exceeds this many seconds, whatever the time limit."""

NO_MODEL_FILES = "model files are served for runs of the service whose kind has a linear model"
"""Why an explanation has no links to the model as MPS and LP."""

ADVICE = "?explain=full names the conflict."
"""What an infeasible answer adds when no explanation was asked for."""


def answer(
    feature: Feature,
    problem: Any,
    progress: Progress,
    *,
    input_sha256: str,
    warnings: Sequence[RunWarning] = (),
    default_threads: int = 1,
    elapsed: float = 0.0,
    model_path: str | None = None,
    diagnose: bool = False,
) -> Answer[Any, Any]:
    """Return the answer to a problem; see `answer_with_outcome`."""
    given = answer_with_outcome(
        feature,
        problem,
        progress,
        input_sha256=input_sha256,
        warnings=warnings,
        default_threads=default_threads,
        elapsed=elapsed,
        model_path=model_path,
        diagnose=diagnose,
    )
    return given[0]


def answer_with_outcome(
    feature: Feature,
    problem: Any,
    progress: Progress,
    *,
    input_sha256: str,
    warnings: Sequence[RunWarning] = (),
    default_threads: int = 1,
    elapsed: float = 0.0,
    model_path: str | None = None,
    diagnose: bool = False,
) -> tuple[Answer[Any, Any], Outcome[Any]]:
    """
    Solve a problem, check the answer and explain it.

    Parameters
    ----------
    feature
        The solving side of the problem's kind.
    problem
        A problem whose semantics have been checked; `problem.options` holds the limits.
    progress
        Where incumbents go and where a request to stop comes from.
    input_sha256
        Hash of the request body, repeated in the explanation.
    warnings
        What validation found odd in the request.
    default_threads
        Threads to use when the request names none.
    elapsed
        Seconds of the time limit that were spent before this call (reading the request).
    model_path
        Path under which the files of the linear model are served, without their ending; None when they are not.
    diagnose
        True explains an infeasible answer in full even where no explanation was asked for.

    Returns
    -------
    tuple of Answer and Outcome
        The answer has status failed, and is withheld, when the check disagrees with the engine.
    """
    options: Options = problem.options
    deadline = time.monotonic() + options.time_limit_s - elapsed
    budget = _budget(options, deadline, default_threads)
    name, solver, reasons = choose(feature, problem)
    outcome = solver.solve(problem, budget, progress)
    checked = time.monotonic()
    certificate = _certify(feature, problem, outcome)
    explained = time.monotonic()
    failure = failure_of(outcome, certificate)
    explanation = None
    level = "full" if diagnose and outcome.status == "infeasible" else options.explain
    if level != "none" and (failure is None or outcome.solution is None):
        reproduce = Reproduce(versions=versions(solver.libraries), seed=options.seed, input_sha256=input_sha256)
        ask = Ask(level=level, reproduce=reproduce, deadline=deadline)
        explanation = _with_model_files(feature.explain(problem, outcome, ask), model_path)
    if outcome.status == "infeasible" and failure is None and explanation is None:
        outcome = replace(outcome, termination=_with_advice(outcome.termination))
    stats = Stats(
        solver=outcome.solver or name,
        reasons=[*reasons, *outcome.reasons],
        solve_time_s=outcome.solve_time,
        build_time_s=outcome.build_time,
        check_time_s=explained - checked,
        explain_time_s=time.monotonic() - explained,
        iterations=outcome.iterations,
        seed=options.seed,
        threads=outcome.threads or budget.threads,
        versions=versions(solver.libraries),
    )
    return _assemble(outcome, certificate, explanation, failure, [*warnings, *outcome.warnings], stats), outcome


def choose(feature: Feature, problem: Any) -> tuple[str, Solver[Any, Any], list[str]]:
    """
    Return name, solver and the reasons for it: the one named in the options, or the first that supports the problem.

    Raises
    ------
    UnsupportedProblemError
        When the named solver, or every solver, cannot solve this problem.
    """
    wanted = problem.options.solver
    reasons: list[str] = []
    candidates = feature.solvers if wanted == "auto" else {wanted: feature.solvers[wanted]}
    for name, solver in candidates.items():
        refusal = solver.supports(problem)
        if refusal is None:
            chosen = "named in the options" if wanted != "auto" else "first in order of preference that supports the problem"
            return name, solver, [*reasons, f"{name}: {chosen}"]
        reasons.append(f"{name}: {refusal}")
    raise UnsupportedProblemError("; ".join(reasons))


def failed(code: str, title: str, detail: str) -> Answer[Any, Any]:
    """Return the answer of a run that broke off before there was anything to hand back."""
    return Answer(
        status="failed",
        termination=Termination(reason="error", limit="none", detail=detail),
        objective=None,
        solution=None,
        explanation=None,
        error=RunError(code=code, title=title, detail=detail),
        certificate=None,
        warnings=[],
        stats=None,
        comparison=None,
    )


def failure_of(outcome: Outcome[Any], certificate: Certificate | None) -> RunError | None:
    """Return why the run counts as failed, or None."""
    if certificate is None and outcome.solution is not None:
        return RunError(code=VerificationError.code, title=VerificationError.title, detail="No check looked at the answer.")
    if certificate is not None and not certificate.verified:
        worst = max(certificate.checks, key=lambda check: check.max_violation - check.tolerance)
        detail = f"{worst.name}: violation {worst.max_violation:.6g} exceeds the tolerance {worst.tolerance:.6g}"
        return RunError(code=VerificationError.code, title=VerificationError.title, detail=detail)
    if outcome.status == "failed" and outcome.termination.reason == "no_solution_found":
        return RunError(
            code="NO_SOLUTION_WITHIN_LIMIT",
            title="No solution was found within the limits",
            detail=f"{_sentence(outcome.termination.detail)} A longer time limit may help.",
        )
    if outcome.status == "failed":
        return RunError(code=SolverError.code, title=SolverError.title, detail=outcome.termination.detail)
    return None


def _budget(options: Options, deadline: float, default_threads: int) -> Budget:
    """Return what the search may spend: the time left, less the reserve for check and explanation."""
    left = deadline - time.monotonic()
    reserve = min(LONGEST_RESERVE[options.explain], options.time_limit_s * (1 - SOLVE_SHARE[options.explain]))
    return Budget(
        time_limit=max(left - reserve, 0.01),
        iteration_limit=options.iteration_limit,
        relative_gap=options.relative_gap,
        seed=options.seed,
        threads=options.threads or default_threads,
        explain=options.explain,
    )


def _certify(feature: Feature, problem: Any, outcome: Outcome[Any]) -> Certificate | None:
    """Run the independent check; None when the outcome holds nothing that could be checked."""
    checks: list[Check] = list(feature.check(problem, outcome))
    if not checks:
        return None
    verified = all(check.max_violation <= check.tolerance for check in checks)
    return Certificate(verified=verified, optimality=_optimality(outcome), checks=checks)


def _optimality(outcome: Outcome[Any]) -> Any:
    if outcome.termination.reason in ("optimal", "infeasible", "unbounded"):
        return "proved"
    return "none" if outcome.objective is None or outcome.objective.bound is None else "bounded"


def _with_model_files(explanation: Explanation, model_path: str | None) -> Explanation:
    """Return the explanation with the paths of the model's files, or with the reason why there are none."""
    formulation = explanation.formulation
    if formulation is None:
        return explanation
    if model_path is None:
        reasons = dict.fromkeys(("formulation.mps", "formulation.lp"), NO_MODEL_FILES)
        return explanation.model_copy(update={"unavailable": explanation.unavailable | reasons})
    written = formulation.model_copy(update={"mps": f"{model_path}.mps", "lp": f"{model_path}.lp"})
    return explanation.model_copy(update={"formulation": written})


def _with_advice(termination: Termination) -> Termination:
    """Return the termination of an infeasible run with where the conflict is explained; every kind that can be so has one."""
    return termination.model_copy(update={"detail": f"{_sentence(termination.detail)} {ADVICE}"})


def _sentence(detail: str) -> str:
    return f"{detail.rstrip('.')}."


def _assemble(
    outcome: Outcome[Any],
    certificate: Certificate | None,
    explanation: Explanation | None,
    failure: RunError | None,
    warnings: list[RunWarning],
    stats: Stats,
) -> Answer[Any, Any]:
    """Put the envelope's inner part together; a failed check withholds solution, objective and explanation."""
    withheld = failure is not None and failure.code == VerificationError.code
    return Answer(
        status="failed" if failure else outcome.status,
        termination=outcome.termination,
        objective=None if withheld else outcome.objective,
        solution=None if withheld else outcome.solution,
        explanation=None if withheld else explanation,
        error=failure,
        certificate=certificate,
        warnings=warnings,
        stats=stats,
        comparison=None,
    )
