"""
Every kind of problem, on the solving side: its solvers by name, its check, its explanation.

The one place where a solver is listed. Loading it loads every solver library, so only solver processes do. The order of the
solvers is the order in which `auto` asks them.
"""

from collections.abc import Mapping

from solvers.feature import Feature
from solvers.forecasting.backtest_selection import BacktestSelection, ExponentialSmoothing, SeasonalNaive, Theta
from solvers.forecasting.check import check_forecast
from solvers.forecasting.explain import explain_forecast
from solvers.linear import branch_and_bound as linear_branch_and_bound
from solvers.linear import simplex as linear_simplex
from solvers.linear.check import check_linear
from solvers.linear.explain import explain_linear
from solvers.routing.check import check_routing
from solvers.routing.explain import explain_routing
from solvers.routing.iterated_local_search import IteratedLocalSearch

FEATURES: Mapping[str, Feature] = {
    "forecasting": Feature(
        solvers={
            "backtest_selection": BacktestSelection(),
            "seasonal_naive": SeasonalNaive(),
            "exponential_smoothing": ExponentialSmoothing(),
            "theta": Theta(),
        },
        check=check_forecast,
        explain=explain_forecast,
    ),
    "routing": Feature(solvers={"iterated_local_search": IteratedLocalSearch()}, check=check_routing, explain=explain_routing),
    "linear": Feature(
        solvers={
            "simplex": linear_simplex.Simplex(),
            "branch_and_bound": linear_branch_and_bound.BranchAndBound(),
        },
        check=check_linear,
        explain=explain_linear,
    ),
}
