"""New items are forecast from the series that they are like: closed forms, widths, shrinkage and what is refused."""

from typing import Any

import numpy as np
import pytest

from models.forecasting import ForecastProblem, ForecastSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.forecasting.check import check_forecast
from solvers.forecasting.explain import explain_forecast
from solvers.forecasting.semantics import issues, warnings
from tests.solvers.forecasting.problems import MADE_UP, REPRODUCE, solve

MILK: dict[str, Any] = {"id": "oat-milk", "start": "2022-01-01", "values": MADE_UP}
BUTTER: dict[str, Any] = {"id": "butter", "start": "2022-01-01", "values": [3.0 * value for value in MADE_UP]}
RYE: dict[str, Any] = {
    "id": "rye-bread",
    "start": "2022-01-01",
    "values": [value + 10.0 * (k % 3) for k, value in enumerate(MADE_UP)],
}
NEW: dict[str, Any] = {"id": "apples", "values": [], "like": ["oat-milk", "butter"]}


def problem_of(*series: dict[str, Any], **fields: Any) -> ForecastProblem:
    """Return a monthly problem of these series."""
    return ForecastProblem.model_validate(
        {"frequency": "MS", "horizon": 6, "quantiles": [0.9], "series": list(series)} | fields
    )


def solved(problem: ForecastProblem) -> tuple[Outcome[ForecastSolution], ForecastSolution]:
    """Return outcome and solution of a problem without issues, its certificate verified."""
    assert issues(problem) == []
    outcome = solve(problem)
    assert outcome.solution is not None
    checks = check_forecast(problem, outcome)
    assert all(check.max_violation <= check.tolerance for check in checks), checks
    return outcome, outcome.solution


def test_likes_in_proportion_give_a_forecast_in_proportion() -> None:
    """Levels are 1 : 3, so an item of 0.5 x their mean level has the forecast of the first one exactly."""
    _, solution = solved(problem_of(NEW | {"scale": 0.5}, MILK, BUTTER))
    new, milk, _ = solution.series
    assert (new.id, new.method, new.state) == ("apples", "likeness", None)
    assert new.mean == pytest.approx(milk.mean, rel=1e-9)
    assert new.timestamps == milk.timestamps
    assert new.fit.likeness is not None
    assert new.fit.likeness.dispersion == pytest.approx([0.0] * 6, abs=1e-6)


def test_intervals_are_wider_than_those_of_every_like() -> None:
    """Neither the likes' errors nor the level are known better than for the likes themselves."""
    _, solution = solved(problem_of(MILK, RYE, NEW | {"like": ["oat-milk", "rye-bread"], "scale": 1.0}))
    *likes, new = solution.series
    assert new.fit.likeness is not None
    for like, share in zip(likes, new.fit.likeness.likes, strict=True):
        for level in ("80", "95"):
            wide, narrow = new.intervals[level], like.intervals[level]
            assert np.all(np.subtract(wide.upper, new.median) > 2 * share.factor * np.subtract(narrow.upper, like.median))
            assert np.all(np.subtract(new.median, wide.lower) > 2 * share.factor * np.subtract(like.median, narrow.lower))
    assert np.all(np.array(new.quantiles["0.9"]) <= np.array(new.intervals["95"].upper))


def test_own_observations_set_the_level_when_no_scale_is_given() -> None:
    """Two months at a tenth of the only like: a tenth of its forecast; a missing month is left out."""
    values = [None, 0.1 * MADE_UP[-2], 0.1 * MADE_UP[-1]]
    _, solution = solved(problem_of(MILK, NEW | {"like": ["oat-milk"], "start": "2023-10-01", "values": values}))
    milk, new = solution.series
    assert new.mean == pytest.approx([0.1 * value for value in milk.mean], rel=1e-9)
    assert new.fit.observations == 2


@pytest.mark.parametrize("count", [1, 4, 12])
def test_a_given_scale_is_shrunk_to_what_is_observed(count: int) -> None:
    """With k observations at the like's own level and a scale of 2, the scale is 2 - k / (k + 4)."""
    start = f"20{23 if count < 13 else 22}-{13 - count:02d}-01"
    own = {"like": ["oat-milk"], "start": start, "values": MADE_UP[-count:], "scale": 2.0}
    _, solution = solved(problem_of(MILK, NEW | own))
    fit = solution.series[1].fit.likeness
    assert fit is not None
    assert fit.own_weight == pytest.approx(count / (count + 4))
    assert fit.scale == pytest.approx(2 - count / (count + 4))
    assert fit.level_error == pytest.approx(0.25 * (4 / (count + 4)) ** 0.5)


def test_observations_of_zero_do_not_make_a_certain_zero() -> None:
    """A first month without a sale says little: the level of the like keeps most of the weight."""
    _, solution = solved(problem_of(MILK, NEW | {"like": ["oat-milk"], "start": "2023-12-01", "values": [0.0]}))
    milk, new = solution.series
    assert new.mean == pytest.approx([0.8 * value for value in milk.mean])


def test_the_contributions_of_the_likes_add_up() -> None:
    """Shares of the likes, and level and season, sum to the mean; the sentence names the item."""
    problem = problem_of(NEW, MILK, BUTTER, samples=20)
    outcome, solution = solved(problem)
    explained = explain_forecast(problem, outcome, Ask(level="full", deadline=float("inf"), reproduce=REPRODUCE))
    assert explained.components is not None
    parts = explained.components[-1]
    assert parts.id == "apples"
    assert parts.members is not None
    mean = np.array(solution.series[0].mean)
    assert np.sum([share.share for share in parts.members], axis=0) + parts.clipping == pytest.approx(mean)
    assert np.add(parts.level, parts.season) + parts.clipping == pytest.approx(mean)
    assert explained.narrative[-1].startswith("apples is new.")
    assert "likeness" in explained.formulation.text
    assert np.shape(solution.series[0].samples) == (20, 6)


def test_the_certificate_notices_another_mean() -> None:
    """The mean is recomputed from the likes' answers, so a changed one is a violation."""
    problem = problem_of(MILK, NEW | {"like": ["oat-milk"]})
    outcome, solution = solved(problem)
    changed = solution.series[1].model_copy(update={"mean": [value * 1.001 for value in solution.series[1].mean]})
    object.__setattr__(outcome, "solution", solution.model_copy(update={"series": [solution.series[0], changed]}))
    found = {check.name: check.max_violation > check.tolerance for check in check_forecast(problem, outcome)}
    assert found["likeness"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"like": ["oat-milk", "kefir"]}, "/series/2/like/1", "UNKNOWN_LIKE"),
        ({"like": ["apples"]}, "/series/2/like/0", "LIKE_ITSELF"),
        ({"like": ["plums"]}, "/series/2/like/0", "LIKE_OF_NEW_ITEM"),
        ({"like": ["oat-milk", "oat-milk"]}, "/series/2/like/1", "DUPLICATE_ENTRY"),
        ({"like": ["late"]}, "/series/2/like/0", "LIKE_NEGATIVE"),
        ({"like": ["oat-milk", "early"]}, "/series/2/like/1", "LIKE_ENDS_DIFFER"),
        ({"start": "2023-11-01", "values": [5.0]}, "/series/2/start", "LIKE_ENDS_DIFFER"),
        ({"start": "2023-12-01", "values": [-5.0]}, "/series/2/values", "LIKE_NEGATIVE"),
        ({"covariates": {"price": []}}, "/series/2/covariates", "LIKE_WITH_COVARIATES"),
        ({"stock_out": []}, "/series/2/stock_out", "LIKE_WITH_STOCK_OUT"),
        ({"like": None, "values": [5.0], "start": "2023-12-01", "scale": 2.0}, "/series/2/scale", "SCALE_WITHOUT_LIKE"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, Any], pointer: str, code: str) -> None:
    """Each refusal names the field and what is wrong."""
    early = MILK | {"id": "early", "values": MADE_UP[:-1]}
    late = MILK | {"id": "late", "values": [-1.0, *MADE_UP[1:]]}
    plums = NEW | {"id": "plums", "like": ["oat-milk"]}
    found = issues(problem_of(MILK, BUTTER, NEW | fields, early, late, plums))
    assert [(entry.pointer, entry.code) for entry in found] == [(pointer, code)]


def test_a_new_item_does_not_stand_in_a_hierarchy_but_its_likes_may() -> None:
    """A sum of histories has none of the new item; the likes' forecasts are those that add up."""
    groups = [{"id": "northgate", "children": ["oat-milk", "rye-bread"]}]
    _, solution = solved(problem_of(NEW | {"like": ["oat-milk"]}, MILK, RYE, hierarchy=groups))
    assert [answer.id for answer in solution.series] == ["apples", "oat-milk", "rye-bread", "northgate"]
    assert solution.series[0].mean == pytest.approx(solution.series[1].mean)
    groups[0]["children"] = ["oat-milk", "apples"]
    assert "LIKE_IN_HIERARCHY" in [found.code for found in issues(problem_of(NEW, MILK, BUTTER, hierarchy=groups))]


def test_a_like_that_is_skipped_takes_the_new_item_with_it() -> None:
    """The reason is told; the others are forecast."""
    empty = {"id": "butter", "start": "2022-01-01", "values": [None] * 24}
    _, solution = solved(problem_of(MILK, NEW, empty))
    assert [(entry.id, entry.pointer, entry.code) for entry in solution.skipped] == [
        ("apples", "/series/1/like/1", "LIKE_SKIPPED"),
        ("butter", "/series/2/values", "NO_OBSERVATIONS"),
    ]


def test_an_unknown_level_is_warned_of() -> None:
    """Neither scale nor observation: the level of the likes is an assumption."""
    assert [(found.code, found.pointer) for found in warnings(problem_of(MILK, BUTTER, NEW))] == [
        ("LEVEL_ASSUMED", "/series/2/scale")
    ]


def test_no_values_without_likes_is_no_series() -> None:
    """An empty list is allowed for new items only."""
    assert [found.code for found in issues(problem_of(NEW | {"like": None, "start": "2024-01-01"}))] == ["NO_OBSERVATIONS"]


def test_extreme_requests_stay_finite() -> None:
    """Levels far apart, the smallest and largest quantiles, and a like without demand still give finite numbers."""
    tiny = {"id": "tiny", "start": "2022-01-01", "values": [1e-300] * 24}
    none = {"id": "none", "start": "2022-01-01", "values": [0.0] * 24}
    new = NEW | {"like": ["tiny", "oat-milk", "none"], "start": "2023-12-01", "values": [1e9]}
    alone = NEW | {"id": "plums", "like": ["tiny"], "start": "2023-12-01", "values": [1e15]}
    fields = {"quantiles": [1e-300, 0.5, 1 - 2**-53], "levels": [1e-9, 100 - 2e-14]}
    _, solution = solved(problem_of(MILK, tiny, none, new, alone, **fields))
    assert [answer.fit.observations for answer in solution.series[3:]] == [1, 0]
