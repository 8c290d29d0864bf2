"""The working of an ensemble: what every member adds to the forecast, and how every member did in the backtest."""

import numpy as np

from models.forecasting import Candidate, MemberShare, SeriesCandidates, SeriesForecast
from solvers.forecasting.combination import Combination
from solvers.forecasting.selection import Chosen


def member_shares(combination: Combination) -> list[MemberShare] | None:
    """Return weights and weighted forecasts, largest first step first; None where they were not kept."""
    if combination.weights is None or combination.paths is None:
        return None
    shares = combination.weights * combination.paths
    order = np.argsort(-combination.weights.mean(axis=1), kind="stable")
    return [
        MemberShare(member=combination.names[k], weight=combination.weights[k].tolist(), share=shares[k].tolist())
        for k in order
    ]


def member_candidates(chosen: Chosen, answer: SeriesForecast) -> SeriesCandidates:
    """Return the ensemble first, then its members and the naive forecast by their backtest scores."""
    combination = chosen.combination
    assert combination is not None, "only asked for ensembles"
    own = chosen.scores["ensemble"]
    weights = dict.fromkeys(combination.names, 0.0)
    weights |= answer.fit.members or {}
    scores: dict[str, float | None] = {
        name: float(score) if np.isfinite(score) else None
        for name, score in zip(combination.names, combination.scores, strict=True)
    }
    scores["naive"] = chosen.scores["naive"]
    first = Candidate(method="ensemble", chosen=True, score=own, aicc=None, sentence=answer.reason)
    ranked = sorted(scores.items(), key=lambda item: (item[1] is None, item[1] or 0.0, item[0]))
    others = [
        Candidate(method=name, chosen=False, score=score, aicc=None, sentence=_sentence(score, own, weights.get(name)))
        for name, score in ranked
    ]
    return SeriesCandidates(id=answer.id, candidates=[first, *others])


def _sentence(score: float | None, own: float | None, weight: float | None) -> str:
    """Return how a member did beside the ensemble, and what it weighs in it."""
    part = "A yardstick, no member" if weight is None else f"Weight {weight:.3f} in the ensemble"
    if score is None or own is None:
        return f"{part}; the series is too short for a backtest."
    if own == 0:
        return f"{part}; the ensemble made no error in the backtest."
    change = 100 * (score / own - 1)
    side = "larger" if change >= 0 else "smaller"
    return f"{part}; its errors alone were {abs(change):.1f} % {side} than those of the ensemble."
