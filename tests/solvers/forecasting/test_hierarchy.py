"""Hierarchies: forecasts and paths that add up, the projection, bad structures."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from models.explanation import Reproduce
from models.forecasting import ForecastProblem, SeriesForecast
from solvers.feature import Ask
from solvers.forecasting.check import check_forecast
from solvers.forecasting.coherent_samples import _counts
from solvers.forecasting.explain import explain_forecast
from solvers.forecasting.hierarchy import Structure
from solvers.forecasting.reconciliation import Projection
from solvers.forecasting.residual_covariance import Covariance, covariance_of
from solvers.forecasting.semantics import issues
from tests.solvers.forecasting.problems import long_rows, seasonal, solve

SHOPS = ["acorn-deli", "bridge-cafe", "castle-market", "dale-grocer"]
NORTH = {"id": "northgate", "children": SHOPS[:2]}
SOUTH = {"id": "southmoor", "children": SHOPS[2:]}
ALL = {"id": "company", "children": ["northgate", "southmoor"]}


def shops(**fields: Any) -> ForecastProblem:
    """Return four shops below two depots below the company; the last one sells now and then."""
    rare = np.random.default_rng(5).poisson(0.4, 36).tolist()
    values = [seasonal(36, noise=10.0, seed=k) for k in range(3)] + [rare]
    series = [{"id": name, "start": "2022-01-01", "values": row} for name, row in zip(SHOPS, values, strict=True)]
    body = {"frequency": "MS", "horizon": 6, "quantiles": [0.1, 0.9], "series": series, "hierarchy": [ALL, NORTH, SOUTH]}
    return ForecastProblem.model_validate(body | fields)


def answers(problem: ForecastProblem) -> dict[str, SeriesForecast]:
    """Return the verified forecasts by name."""
    outcome = solve(problem)
    assert outcome.solution is not None
    assert [check.name for check in check_forecast(problem, outcome) if check.max_violation > check.tolerance] == []
    return {answer.id: answer for answer in outcome.solution.series}


@pytest.mark.parametrize("rule", ["minimum_trace", "bottom_up"])
def test_means_and_paths_add_up(rule: str) -> None:
    """Groups come behind the series, and equal the sum of their children in means and in every path."""
    found = answers(shops(reconciliation=rule, samples=20))
    assert list(found) == [*SHOPS, "company", "northgate", "southmoor"]
    for group in (ALL, NORTH, SOUTH):
        below = [found[name] for name in group["children"]]
        own = found[str(group["id"])]
        assert own.mean == pytest.approx(np.sum([child.mean for child in below], axis=0), rel=1e-12)
        assert np.array(own.samples) == pytest.approx(np.sum([child.samples for child in below], axis=0), rel=1e-12)


def test_bottom_up_leaves_the_bottom_as_it_is() -> None:
    """The means of the series are their own forecasts."""
    found = answers(shops(reconciliation="bottom_up"))
    assert all(found[name].mean == found[name].base_mean for name in SHOPS)
    assert found["company"].mean != found["company"].base_mean


def test_a_sum_is_surer_than_the_sum_of_its_bounds() -> None:
    """Quantiles come from paths: the interval of a sum is narrower than the sum of the intervals."""
    found = answers(shops(reconciliation="bottom_up"))
    width = {name: found[name].intervals["80"].upper[0] - found[name].intervals["80"].lower[0] for name in found}
    assert width["company"] < 0.95 * sum(width[name] for name in SHOPS)


def test_a_given_group_keeps_its_observations() -> None:
    """A series that is a group is forecast from its own values and stays where it stands."""
    own = {"id": "northgate", "start": "2022-01-01", "values": [500.0 + k for k in range(36)]}
    body = shops().model_dump()
    outcome = solve(ForecastProblem.model_validate(body | {"series": [own, *body["series"]], "hierarchy": [NORTH]}))
    assert outcome.solution is not None
    assert outcome.solution.series[0].base_mean == pytest.approx([536 + k for k in range(6)], rel=0.01)
    assert outcome.warnings[0].code == "SUM_DIFFERS"


def test_a_child_that_begins_later_counts_as_nothing_before() -> None:
    """The sum is as long as its longest child, and says so."""
    rows = [("a", f"2024-01-{day:02}", 10.0) for day in range(1, 29)] + [
        ("b", f"2024-01-{day:02}", 5.0) for day in range(21, 29)
    ]
    outcome = solve(long_rows(rows, hierarchy=[{"id": "both", "children": ["a", "b"]}]))
    assert outcome.solution is not None
    assert "CHILD_STARTS_LATER" in [warning.code for warning in outcome.warnings]
    assert outcome.evidence.histories[2].values.tolist() == [10.0] * 20 + [15.0] * 8
    assert outcome.solution.series[2].timestamps == ["2024-01-29", "2024-01-30"]


def two_levels(count: int) -> Structure:
    """Return `count` series below two groups below one."""
    half = np.arange(count // 2) + 3
    rest = np.arange(count // 2, count) + 3
    leaves = np.arange(count + 3) >= 3
    return Structure(np.arange(count + 3), [(1, half), (2, rest), (0, np.array([1, 2]))], leaves)


@pytest.mark.parametrize("seed", range(5))
def test_the_projection_is_that_of_non_negative_least_squares(seed: int) -> None:
    """Pivoting finds what an active-set method finds for min |W^-1/2 (S b - base)| with b >= 0 (Lawson and Hanson 1974)."""
    stream = np.random.default_rng(seed)
    structure = two_levels(7)
    covariance = Covariance(stream.uniform(0.5, 4, 10), stream.normal(0, 1, (10, 12)), 0.3)
    base = stream.normal(0.3, 1.5, (10, 4))
    means = Projection.of(structure, covariance, np.ones(10, dtype=np.bool_)).means(base)
    sums = structure.add_up(np.concatenate([np.zeros((3, 7)), np.eye(7)]))
    root = np.linalg.inv(np.linalg.cholesky(covariance.times(np.eye(10))))
    for step in range(4):
        expected, _ = optimize.nnls(root @ sums, root @ base[:, step])
        assert means[3:, step] == pytest.approx(expected, abs=1e-8)


def test_a_sure_sum_moves_its_children() -> None:
    """What does not add up goes to whoever errs most: a group that never errs keeps its forecast."""
    covariance = Covariance(np.array([1e-9, 1.0, 3.0]), np.zeros((3, 1)), 1.0)
    structure = Structure(np.arange(3), [(0, np.array([1, 2]))], np.array([False, True, True]))
    means = Projection.of(structure, covariance, np.zeros(3, dtype=np.bool_)).means(np.array([[20.0], [6.0], [10.0]]))
    assert means[:, 0] == pytest.approx([20.0, 7.0, 13.0])


def test_independent_errors_are_shrunk_and_common_ones_are_not() -> None:
    """The share of the diagonal is near 1 for unrelated series and near 0 for series that move as one."""
    stream = np.random.default_rng(1)
    common = stream.normal(0, 1, 120).cumsum()
    alike = covariance_of([common + 0.05 * stream.normal(0, 1, 120) for _ in range(6)], 1)
    apart = covariance_of([stream.normal(0, 1, 120) for _ in range(6)], 1)
    assert alike.shrinkage < 0.05
    assert apart.shrinkage > 0.5


@pytest.mark.parametrize(("mean", "dispersion"), [(0.3, 1.2), (4.0, 9.0), (80.0, 2.0)])
def test_tabulated_counts_are_negative_binomial(mean: float, dispersion: float) -> None:
    """The quantiles are those of the distribution with that mean and ratio of variance to mean."""
    probabilities = (np.arange(500) + 0.5) / 500
    expected = stats.nbinom.ppf(probabilities, mean / (dispersion - 1), 1 / dispersion)
    assert _counts(mean, dispersion, probabilities).tolist() == expected.tolist()


def test_the_check_sees_a_sum_that_does_not_hold() -> None:
    """A group that is off by a thousandth is found."""
    problem = shops()
    outcome = solve(problem)
    assert outcome.solution is not None
    series = list(outcome.solution.series)
    series[4] = series[4].model_copy(update={"mean": [1.001 * value for value in series[4].mean]})
    tampered = replace(outcome, solution=outcome.solution.model_copy(update={"series": series}))
    failed = {check.name for check in check_forecast(problem, tampered) if check.max_violation > check.tolerance}
    assert "sums" in failed


def test_the_explanation_tells_what_every_level_was_moved() -> None:
    """Parts and reconciliation add up to the mean; every member has its own forecast and its place."""
    problem = shops()
    outcome = solve(problem)
    ask = Ask(level="full", reproduce=Reproduce(versions={}, seed=0, input_sha256=""), deadline=time.monotonic() + 9)
    explanation = explain_forecast(problem, outcome, ask)
    assert outcome.solution is not None
    assert explanation.hierarchy is not None
    assert [(node.id, node.depth, node.parent) for node in explanation.hierarchy[:2]] == [
        ("company", 0, None),
        ("northgate", 1, "company"),
    ]
    assert explanation.components is not None
    for parts, answer in zip(explanation.components, outcome.solution.series, strict=True):
        total = np.sum([parts.level, parts.trend, parts.season, parts.clipping, parts.reconciliation], axis=0)
        assert total == pytest.approx(np.array(answer.mean), rel=1e-12)
    assert any("minimum trace" in sentence for sentence in explanation.narrative)


def test_groups_carry_no_states() -> None:
    """Updates would not add up, so states are left out."""
    assert all(answer.state is None for answer in answers(shops()).values())


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"hierarchy": [NORTH, NORTH | {"children": [SHOPS[2]]}]}, "/hierarchy/1/id", "DUPLICATE_ID"),
        ({"hierarchy": [{"id": "x", "children": ["acorn"]}]}, "/hierarchy/0/children/0", "UNKNOWN_CHILD"),
        ({"hierarchy": [NORTH, {"id": "x", "children": ["acorn-deli"]}]}, "/hierarchy/1/children/0", "TWO_PARENTS"),
        ({"hierarchy": [{"id": "x", "children": [SHOPS[0], SHOPS[0]]}]}, "/hierarchy/0/children/1", "TWO_PARENTS"),
        ({"hierarchy": [{"id": "x", "children": ["x"]}]}, "/hierarchy/0/children", "HIERARCHY_CYCLE"),
        ({"hierarchy": [NORTH], "states": True}, "/states", "STATES_WITH_HIERARCHY"),
    ],
)
def test_a_bad_structure_is_named(fields: dict[str, Any], pointer: str, code: str) -> None:
    """Each mistake is an issue with the place where it is."""
    assert [(found.pointer, found.code) for found in issues(shops(**fields))] == [(pointer, code)]


def test_a_cycle_is_named_at_every_group_in_it() -> None:
    """Two groups below one another are both named; a group above them is not."""
    first, second = {"id": "x", "children": ["y"]}, {"id": "y", "children": ["x"]}
    found = issues(shops(hierarchy=[first, second]))
    assert [(entry.pointer, entry.code) for entry in found] == [
        ("/hierarchy/0/children", "HIERARCHY_CYCLE"),
        ("/hierarchy/1/children", "HIERARCHY_CYCLE"),
    ]


def test_a_chain_that_is_too_long_is_refused() -> None:
    """A thousand levels of one child each are an error, not a crash."""
    chain = [{"id": f"g{k}", "children": [f"g{k + 1}"]} for k in range(400)]
    found = issues(shops(hierarchy=[*chain, {"id": "g400", "children": [SHOPS[0]]}]))
    assert [(entry.pointer, entry.code, entry.got) for entry in found] == [("/hierarchy/400", "HIERARCHY_TOO_DEEP", 400)]


def test_series_that_end_apart_are_refused() -> None:
    """Their steps would not be the same periods."""
    body = shops().model_dump()
    body["series"][1]["values"].pop()
    found = issues(ForecastProblem.model_validate(body))
    assert [(entry.pointer, entry.code) for entry in found] == [("/series/1", "HIERARCHY_ENDS_DIFFER")]


def test_a_hierarchy_that_is_too_large_is_refused() -> None:
    """Paths are drawn of every member and step, so both together have a limit."""
    series = [{"id": f"s{k}", "start": "2024-01-01", "values": [1, 2]} for k in range(70)]
    group = {"id": "all", "children": [f"s{k}" for k in range(70)]}
    found = issues(shops(series=series, hierarchy=[group], horizon=900))
    assert [(entry.pointer, entry.code, entry.got) for entry in found] == [("/horizon", "HIERARCHY_TOO_LARGE", 63_900)]


def test_a_member_that_cannot_be_forecast_is_an_error() -> None:
    """A series alone would be skipped; a sum cannot do without it."""
    body = shops(hierarchy=[NORTH]).model_dump()
    body["series"][0]["values"] = [None] * 36
    found = issues(ForecastProblem.model_validate(body))
    assert [(entry.pointer, entry.code) for entry in found] == [("/series/0/values", "NO_OBSERVATIONS")]


def test_the_sign_of_a_sum_is_not_declared() -> None:
    """A sum of series that may be negative may be, whatever is said of it."""
    body = shops(hierarchy=[{"id": SHOPS[0], "children": SHOPS[1:]}]).model_dump()
    body["series"][0]["non_negative"] = True
    body["series"][1]["non_negative"] = False
    found = issues(ForecastProblem.model_validate(body))
    assert [(entry.pointer, entry.code) for entry in found] == [("/series/0/non_negative", "SIGN_OF_SUM")]
