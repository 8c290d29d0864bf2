"""The explanation of a linear answer: formulation, prices, conflicts and a narrative, from one model and one result."""

import time
from collections.abc import Sequence
from typing import Any

from models.explanation import DualKind, Duals, Formulation, LinearModelExplanation, MixedInteger, ModelSize, Symbol, TermShare
from models.linear import LinearProblem, LinearSolution
from solvers.base import Budget, Outcome, Silent
from solvers.feature import Ask
from solvers.linear.geometry import geometry_of
from solvers.linear.infeasibility import infeasibility_of
from solvers.linear.mixed_integer import mixed_integer_of
from solvers.linear.model import Family, Group, LinearModel
from solvers.linear.narrative import Facts, narrate
from solvers.linear.regret import Phrase, regrets_of
from solvers.linear.render_dual import dual_of
from solvers.linear.render_latex import formulation_latex
from solvers.linear.render_text import formulation_text
from solvers.linear.reports import constraint_reports, reported_columns, reported_rows, uncollected, variable_reports
from solvers.linear.row_sentences import SentenceOf
from solvers.linear.sensitivity import Sensitivity, sensitivity_of
from solvers.linear.softness import Softness, softness_of
from solvers.linear.solve import LinearResult, with_mip_prices
from solvers.linear.unboundedness import unboundedness_of
from solvers.linear.words import RequestWords, Words

LEAST_TIME = 0.05
NO_SOLUTION = "there is no solution whose rows and columns could be reported"
NO_INTEGERS = "no variable has to be integer"
NO_FLIPS = "decisions are flipped and solved again at level full"
NO_WHOLE_ANSWER = "there is no answer whose whole numbers could be explained"
NOT_INFEASIBLE = "the problem is not infeasible"
NOT_UNBOUNDED = "the problem is not unbounded"
UNDECIDED = "the search ended before it was known whether the problem is {}"
NO_DIRECTION = "no direction of endless improvement was found within the time limit"


def explain_linear(problem: LinearProblem, outcome: Outcome[LinearSolution], ask: Ask) -> LinearModelExplanation:
    """Return the explanation of a posted linear problem."""
    model, result = outcome.evidence.model, outcome.evidence.result
    soft, words = softness_of(problem, model), RequestWords(model, problem)
    return LinearModelExplanation(**linear_explanation_parts(model, result, ask, soft=soft, words=words))


def linear_explanation_parts(
    model: LinearModel,
    result: LinearResult,
    ask: Ask,
    *,
    narrative: Sequence[str] | None = None,
    soft: Softness | None = None,
    words: Words | None = None,
    phrase: Phrase | None = None,
    sentence: SentenceOf | None = None,
) -> dict[str, Any]:
    """
    Return the arguments of `models.explanation.LinearModelExplanation` for a linear outcome, of any feature.

    Parameters
    ----------
    model, result
        What was solved and what came out. A MIP result without prices gets them here, by two linear programs.
    ask
        Level, deadline and what is needed to reproduce the run. At full level an infeasible model is diagnosed.
    narrative
        Sentences in the feature's own words instead of the general ones.
    soft, words
        What may give way in an infeasible model, and how its parts are called; None: all of it, by the model's own names.
    phrase
        How the flip of a whole-number decision is called, for the regrets at full level.
    sentence
        A feature's own sentence on a row, where it has one.
    """
    if model.is_mip and result.values is not None and result.fixed is None and result.relaxation is None:
        left = max((ask.deadline - time.monotonic()) * 0.8, LEAST_TIME)
        budget = Budget(time_limit=left, iteration_limit=None, relative_gap=1e-6, seed=ask.reproduce.seed, threads=1)
        result = with_mip_prices(model, result, budget, Silent())
    summary = ask.level == "summary"
    unavailable: dict[str, str] = {}
    infeasibility = None
    if result.status == "infeasible" and not summary:
        infeasibility, unavailable = infeasibility_of(
            model, result, deadline=ask.deadline, seed=ask.reproduce.seed, soft=soft, words=words
        )
    elif result.status == "infeasible":
        unavailable["infeasibility"] = "the conflict and its repair are found at level full"
    else:
        feasible = result.values is not None or result.status == "unbounded"
        unavailable["infeasibility"] = NOT_INFEASIBLE if feasible else UNDECIDED.format("infeasible")
    solved = result.values is not None
    mixed_integer, missing = _mixed_integer(model, result, ask, phrase)
    unavailable |= missing
    unbounded = None
    if result.status == "unbounded":
        unbounded = unboundedness_of(model, result, words or Words(model), deadline=ask.deadline, seed=ask.reproduce.seed)
    if unbounded is None:
        unavailable["unbounded"] = _no_ray(result)
    geometry, undrawn = geometry_of(model)
    unavailable |= undrawn
    sensitivity = _sensitivity(model, result, ask)
    unavailable |= sensitivity.unavailable
    if not solved:
        unavailable |= dict.fromkeys(("constraints", "variables", "objective_terms"), NO_SOLUTION)
    with uncollected():
        constraints = constraint_reports(model, result, sensitivity, sentence=sentence) if solved else None
        variables = variable_reports(model, result, sensitivity) if solved else None
    parts = {
        "level": ask.level,
        "formulation": formulation_of(model, result),
        "constraints": constraints,
        "variables": variables,
        "duals": duals_of(result, sensitivity),
        "objective_terms": term_shares(model, result) if solved else None,
        "infeasibility": infeasibility,
        "reproduce": ask.reproduce,
        "unavailable": unavailable,
        "mixed_integer": mixed_integer,
        "unbounded": unbounded,
        "geometry": geometry,
    }
    return parts | {"narrative": narrate(model, result, _facts(parts)) if narrative is None else list(narrative)}


def _no_ray(result: LinearResult) -> str:
    """Return why there is no direction of an unbounded model; a bound that was proved, or an optimum, rules it out."""
    if result.status == "unbounded":
        return NO_DIRECTION
    bounded = result.status == "infeasible" or result.bound is not None or result.termination.reason == "optimal"
    return NOT_UNBOUNDED if bounded else UNDECIDED.format("unbounded")


def _facts(parts: dict[str, Any]) -> Facts:
    """Return what the narrative tells of an explanation."""
    mixed_integer: MixedInteger | None = parts["mixed_integer"]
    return Facts(
        infeasibility=parts["infeasibility"],
        unbounded=parts["unbounded"],
        duals=parts["duals"],
        constraints=parts["constraints"] or (),
        variables=parts["variables"] or (),
        regrets=mixed_integer.regrets if mixed_integer else (),
    )


def _mixed_integer(
    model: LinearModel, result: LinearResult, ask: Ask, phrase: Phrase | None
) -> tuple[MixedInteger | None, dict[str, str]]:
    """Return what only whole numbers need explained, with regrets at full level, and for what is missing the reason."""
    if not model.is_mip or result.values is None:
        return None, {"mixed_integer": NO_WHOLE_ANSWER if model.is_mip else NO_INTEGERS}
    if ask.level == "summary":
        return mixed_integer_of(model, result, regrets=[]), {"mixed_integer.regrets": NO_FLIPS}
    regrets, reason = regrets_of(model, result, deadline=ask.deadline, seed=ask.reproduce.seed, phrase=phrase)
    return mixed_integer_of(model, result, regrets=regrets), {"mixed_integer.regrets": reason} if reason else {}


def formulation_of(model: LinearModel, result: LinearResult) -> Formulation:
    """Return the mathematics of a model and of its dual: families, and the instance written out when it is small."""
    dual_latex, dual_text = dual_of(model, result)
    return Formulation(
        name=model.name,
        sense=model.sense,
        size=ModelSize(
            variables=model.columns,
            constraints=model.rows,
            nonzeros=model.nonzeros,
            integers=int(model.integer.sum()),
        ),
        sets=[_symbol(family, count) for family, count in model.sets],
        parameters=[_symbol(family, count) for family, count in model.parameters],
        variables=[_group(group) for group in model.variable_groups],
        objective=_symbol(model.objective_family, 1),
        constraints=[_group(group) for group in model.constraint_groups],
        latex=formulation_latex(model),
        text=formulation_text(model),
        mps=None,
        lp=None,
        dual_latex=dual_latex,
        dual_text=dual_text,
    )


def _sensitivity(model: LinearModel, result: LinearResult, ask: Ask) -> Sensitivity:
    """Return what is known of changes of the rows and columns that are reported."""
    summary = ask.level == "summary"
    rows = reported_rows(model, result, summary=summary)
    columns = reported_columns(model, result, summary=summary)
    return sensitivity_of(model, result, rows=rows, columns=columns, deadline=ask.deadline)


def duals_of(result: LinearResult, sensitivity: Sensitivity) -> Duals:
    """Return what kind of prices a result holds, and whether they hold on one side only."""
    if result.duals is not None:
        degenerate, alternatives = sensitivity.degenerate, sensitivity.alternative_optima
        reason = "linear program: prices of the optimal basis"
        if degenerate is None:
            reason = (
                "linear program: prices near an optimal dual answer, not those of a vertex; without a basis they have no ranges"
            )
        elif degenerate:
            reason += "; the basis is degenerate, so a price may hold for a change in one direction only"
        if alternatives:
            reason += "; other answers have the same objective"
        kind: DualKind = "exact" if result.column_status is not None else "approximate"
        return Duals(available=True, kind=kind, degenerate=degenerate, alternative_optima=alternatives, reason=reason)
    if result.values is None:
        return Duals(
            available=False, kind="none", degenerate=None, alternative_optima=None, reason="there is no optimal answer to price"
        )
    for kind, part in (("fixed_integers", result.fixed), ("relaxation", result.relaxation)):
        if part is not None and part.duals is not None:
            reason = {
                "fixed_integers": "integer model: prices of the linear program with all integers fixed, "
                "beside those of its relaxation where there are any",
                "relaxation": "integer model: prices of the relaxation without integrality",
            }[kind]
            return Duals.model_validate(
                {"available": True, "kind": kind, "degenerate": None, "alternative_optima": None, "reason": reason}
            )
    reason = "the search ended before optimality was proved, and prices hold at an optimum only"
    return Duals(available=False, kind="none", degenerate=None, alternative_optima=None, reason=reason)


def term_shares(model: LinearModel, result: LinearResult) -> list[TermShare]:
    """Return the parts of the objective with their share of its value."""
    if result.values is None:
        return []
    total = model.value(result.values)
    return [
        TermShare(name=name, value=value, share=value / total if total else None, pointer=pointer)
        for name, value, pointer in model.terms(result.values)
    ]


def _group(group: Group) -> Symbol:
    return _symbol(group.family, group.stop - group.start)


def _symbol(family: Family, count: int) -> Symbol:
    return Symbol(
        symbol=family.symbol,
        latex=family.latex,
        text=family.text,
        meaning=family.meaning,
        unit=family.unit,
        pointer=family.pointer,
        count=count,
    )
