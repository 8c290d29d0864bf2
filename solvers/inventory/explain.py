"""The explanation of an inventory plan: the linear core's working, in a planner's words."""

from bisect import bisect_right

from models.explanation import LinearModelExplanation
from models.inventory import PlanProblem, PlanSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.inventory.plan_flips import flips_of_plan
from solvers.inventory.plan_narrative import narrate_infeasible, narrate_plan
from solvers.inventory.plan_repair import PlannerWords, plan_softness
from solvers.inventory.plan_uncertain_narrative import narrate_uncertain
from solvers.inventory.plan_words import price_of
from solvers.linear.explain import linear_explanation_parts
from solvers.linear.model import LinearModel
from solvers.linear.narrative import MOST_SENTENCES
from solvers.linear.regret import closest_call
from solvers.linear.row_sentences import SentenceOf
from solvers.linear.solve import Evidence, LinearResult


def explain_plan(problem: PlanProblem, outcome: Outcome[PlanSolution], ask: Ask) -> LinearModelExplanation:
    """
    Return formulation, prices and narrative of a plan, or why there is none.

    The shadow price of `balance[i,t]` is the cost of one more unit of demand, that of `capacity[r,t]` the value of one more
    unit of the resource; in a plan with setups both are given with the setups of the plan kept, and for the linear relaxation.
    """
    evidence: Evidence = outcome.evidence
    model, result = evidence.model, evidence.result
    words = PlannerWords(model, problem)
    parts = linear_explanation_parts(
        model,
        result,
        ask,
        narrative=[],
        soft=plan_softness(model),
        words=words,
        phrase=flips_of_plan(model),
        sentence=_planner_sentences(model),
    )
    if outcome.solution is not None:
        report = outcome.solution.uncertainty
        parts["narrative"] = (
            narrate_plan(problem, outcome.solution, model, result)
            if report is None
            else narrate_uncertain(problem, outcome.solution, report)
        )
        if parts["mixed_integer"] is not None:
            parts["narrative"] = [*parts["narrative"][: MOST_SENTENCES - 1], *closest_call(parts["mixed_integer"].regrets)]
    elif result.status == "infeasible":
        parts["narrative"] = narrate_infeasible(parts["infeasibility"])
    else:
        parts["narrative"] = [_ended(result)]
    return LinearModelExplanation(**parts)


def _planner_sentences(model: LinearModel) -> SentenceOf:
    """Return what tells of a row in a planner's words, where the row is a planner's."""
    starts = [group.start for group in model.constraint_groups]
    families = [group.family.symbol for group in model.constraint_groups]
    return lambda row: price_of(families[bisect_right(starts, row.row) - 1], row)


def _ended(result: LinearResult) -> str:
    detail = result.termination.detail
    return f"{detail[:1].upper()}{detail[1:]}: there is no plan to explain."
