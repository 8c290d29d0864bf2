"""The working behind an update: path of the fit and correction, the recursion with its numbers, and the tracking signal."""

from models.explanation import Duals, Formulation, Symbol
from models.forecasting.update import SeriesUpdated, UpdatedComponents, UpdateExplanation, UpdateProblem, UpdateSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.forecasting.state import read_state

MOST_SERIES = {"summary": 20, "full": 100}
MOST_NAMED = 3
UNAVAILABLE = {
    "constraints": "A forecast has no constraints with a right-hand side: its equations stand in `formulation`.",
    "variables": "The numbers of the recursion stand in the state.",
    "objective_terms": "A forecast has no cost.",
    "infeasibility": "The problem has an answer.",
}


def explain_update(problem: UpdateProblem, outcome: Outcome[UpdateSolution], ask: Ask) -> UpdateExplanation:
    """Return the explanation of the first series (20 at level summary, 100 at full)."""
    assert outcome.solution is not None, "an update always has a solution"
    answers = outcome.solution.series[: MOST_SERIES[ask.level]]
    return UpdateExplanation(
        level=ask.level,
        formulation=_formulation(problem),
        constraints=None,
        variables=None,
        duals=Duals(
            available=False,
            kind="none",
            degenerate=None,
            alternative_optima=None,
            reason="Forecasts are not the optimum of a linear program.",
        ),
        objective_terms=None,
        infeasibility=None,
        narrative=_narrative(problem, outcome.solution),
        reproduce=ask.reproduce,
        unavailable=UNAVAILABLE,
        components=[_components(index, answer) for index, answer in enumerate(answers)],
    )


def _components(index: int, answer: SeriesUpdated) -> UpdatedComponents:
    state = read_state(answer.state)
    assert state is not None, "it was signed a moment ago"
    steps = range(state.seen + 1, state.seen + len(answer.mean) + 1)
    path = [state.forecast(step, 0.0) for step in steps]
    corrected = [state.forecast(step, state.correction) for step in steps]
    return UpdatedComponents(
        id=answer.id,
        pointer=f"/series/{index}",
        path=path,
        correction=[after - before for after, before in zip(corrected, path, strict=True)],
        clipping=[mean - after for mean, after in zip(answer.mean, corrected, strict=True)],
    )


def _formulation(problem: UpdateProblem) -> Formulation:
    recursion = Symbol(
        symbol="recursion",
        latex=r"c_{k} = c_{k-1} + \alpha \frac{y_k - \hat y_k}{g_k}, \quad \hat y_k = p_k + g_k c_{k-1}",
        text="c[k] = c[k-1] + alpha (y[k] - yhat[k]) / g[k]; yhat[k] = p[k] + g[k] c[k-1]",
        meaning="The correction of the level follows the errors; p is the path of the fit, g what a unit of level adds.",
        unit=None,
        pointer="/series",
        count=sum(len(update.values) for update in problem.series),
    )
    signal = Symbol(
        symbol="signal",
        latex=r"T = \frac{\sum_k e_k}{(4 q + \sum_k |e_k|) / (4 + K)}",
        text="T = sum of errors / ((4 q + sum of |errors|) / (4 + K)), q the error expected at the fit",
        meaning="Tracking signal; beyond 4 either way the forecasts are biased and a refit is due.",
        unit=None,
        pointer=None,
        count=len(problem.series),
    )
    return Formulation(
        name="forecast moved on by error correction",
        sense="min",
        size=None,
        sets=[],
        parameters=[],
        variables=[],
        objective=signal,
        constraints=[recursion],
        latex=rf"\begin{{gathered}} {recursion.latex} \\ {signal.latex} \end{{gathered}}",
        text=f"{recursion.text}\n{signal.text}",
        mps=None,
        lp=None,
        dual_latex=None,
        dual_text=None,
    )


def _narrative(problem: UpdateProblem, solution: UpdateSolution) -> list[str]:
    rows = sum(len(update.values) for update in problem.series)
    first = solution.series[0]
    due = [answer.id for answer in solution.series if answer.refit]
    signal = f"tracking signal {first.tracking.signal:.2f} over {_observations(first.tracking.observations)} since the fit"
    sentences = [
        f"{_observations(rows, 'new ')} moved the forecasts of {len(solution.series)} series, without a refit.",
        f"{first.id}: the next step is now {first.mean[0]:.6g}; {signal}.",
    ]
    if first.tracking.bias is not None:
        side = "too high" if first.tracking.bias > 0 else "too low"
        sentences.append(f"{first.id}: forecasts have been {100 * abs(first.tracking.bias):.1f} % {side} on the whole.")
    sentences.append(f"A refit is due for {_named(due)}." if due else "No refit is due.")
    return sentences


def _named(ids: list[str]) -> str:
    """Name the first few of a list."""
    rest = len(ids) - MOST_NAMED
    return ", ".join(ids[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _observations(count: int, which: str = "") -> str:
    return f"{count} {which}observation{'' if count == 1 else 's'}"
