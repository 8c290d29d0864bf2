"""Quantiles of backtest scores."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from solvers.forecasting.intervals import DEFAULT_SIZE, pool_scores


def test_without_scores_the_normal_distribution_is_used() -> None:
    """Nothing tested: the 95 % half-width is near 1.96 default sizes."""
    found = pool_scores(np.full((1, 3), np.nan), 3).quantile(0.95)
    assert found == pytest.approx([1.96 * DEFAULT_SIZE] * 3, rel=0.15)


def test_many_normal_scores_give_the_normal_quantile() -> None:
    """Ten thousand half-normal scores: each step's quantile is that of the distribution."""
    scores = np.abs(np.random.default_rng(0).normal(size=(10_000, 2)))
    expected = NormalDist().inv_cdf(0.975)
    assert pool_scores(scores, 2).quantile(0.95) == pytest.approx([expected] * 2, rel=0.03)


def test_steps_with_larger_errors_have_wider_intervals() -> None:
    """With enough scores per step, a step has a quantile of its own."""
    scores = np.abs(np.random.default_rng(0).normal(size=(500, 6))) * np.arange(1.0, 7.0)
    found = pool_scores(scores, 8).quantile(0.8)
    assert (np.diff(found[:6]) > 0).all()
    assert found[7] == found[5]


def test_quantiles_increase_with_the_probability() -> None:
    """Also beyond the largest score."""
    pool = pool_scores(np.array([[0.5, 1.0, np.nan]]), 1)
    found = [pool.quantile(p)[0] for p in (0.0, 0.1, 0.5, 0.8, 0.95, 0.99, 0.9999, 0.9999999)]
    assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("probability", [math.nextafter(1, 0), 1.0])
def test_the_largest_probabilities_have_a_finite_quantile(probability: float) -> None:
    """A level of 99.99999999999999 % is valid, and rounding may turn the outermost quantile into probability 1."""
    pool = pool_scores(np.array([[0.5, 1.0]]), 2)
    assert (pool.quantile(probability) >= pool.quantile(0.9999999)).all()
    assert np.isfinite(pool.quantile(probability)).all()
