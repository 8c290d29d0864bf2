"""The working of new items: the forecast as a sum over the series that they are like, and the equation."""

from collections.abc import Mapping, Sequence

import numpy as np

from models.explanation import Symbol
from models.forecasting import (
    Candidate,
    ForecastExplanation,
    ForecastProblem,
    ForecastSolution,
    MemberShare,
    SeriesCandidates,
    SeriesComponents,
    SeriesForecast,
)

EQUATION = Symbol(
    symbol="likeness",
    latex=r"\hat y_{n+h} = \sum_{j=1}^J \frac{L}{J L_j} \hat y^j_{n+h}, \quad L = s \, \tfrac1J \sum_j L_j, \quad "
    r"s = (1 - w) s_0 + w q",
    text="yhat[n+h] = sum over likes j of L / (J L_j) yhat_j[n+h]; L = s x mean of L_j; s = (1 - w) s_0 + w q",
    meaning="New items: likes' forecasts relative to their levels L_j, times the level L expected; numbers in `fit.likeness`.",
    unit=None,
    pointer="/series",
    count=None,
)


def without_new_items(solution: ForecastSolution) -> ForecastSolution:
    """Return the solution with the series that are forecast from their own values only."""
    return solution.model_copy(update={"series": [answer for answer in solution.series if answer.fit.likeness is None]})


def with_likeness(
    explained: ForecastExplanation, problem: ForecastProblem, series: Sequence[SeriesForecast], most: int
) -> ForecastExplanation:
    """Return the explanation with components, candidate and sentence of the new items, the first `most` of them."""
    new = [answer for answer in series if answer.fit.likeness is not None]
    if not new:
        return explained
    answers = {answer.id: answer for answer in series}
    places = {entry.id: f"/series/{index}" for index, entry in enumerate(problem.series or ())}
    others = "" if len(new) == 1 else f" {len(new) - 1} more new item{'s are' if len(new) > 2 else ' is'} forecast likewise."
    added = {
        "components": [*(explained.components or ()), *(_components(item, answers, places[item.id]) for item in new[:most])],
        "candidates": [*(explained.candidates or ()), *(_candidates(item) for item in new[:most])],
        "narrative": [*explained.narrative[:5], f"{new[0].id} is new. {new[0].reason}{others}"],
    }
    return explained.model_copy(update=added)


def _components(answer: SeriesForecast, answers: Mapping[str, SeriesForecast], pointer: str) -> SeriesComponents:
    """Return what every like adds to the forecast of a new item: level + season + clipping = shares + clipping = mean."""
    fit = answer.fit.likeness
    assert fit is not None, "only asked for new items"
    steps = len(answer.mean)
    shares = [(share, share.factor * np.array(answers[share.id].mean)) for share in fit.likes]
    total = np.sum([path for _, path in shares], axis=0)
    nothing = [0.0] * steps
    return SeriesComponents(
        id=answer.id,
        pointer=pointer,
        level=[fit.level] * steps,
        trend=nothing,
        season=(total - fit.level).tolist(),
        covariates={},
        clipping=(np.array(answer.mean) - total).tolist(),
        reconciliation=nothing,
        members=[MemberShare(member=share.id, weight=[share.factor] * steps, share=path.tolist()) for share, path in shares],
    )


def _candidates(answer: SeriesForecast) -> SeriesCandidates:
    """Return the only way of a new item."""
    only = Candidate(method="likeness", chosen=True, score=None, aicc=None, sentence=answer.reason)
    return SeriesCandidates(id=answer.id, candidates=[only])
