"""
Every kind of problem, on the solving side: its solvers by name, its check, its explanation.

The one place where a solver is listed. Loading it loads every solver library, so only solver processes do. The order of the
solvers is the order in which `auto` asks them.
"""

from collections.abc import Mapping

from solvers.feature import Feature
from solvers.forecasting.backtest_selection import BacktestSelection, ExponentialSmoothing, SeasonalNaive, Theta
from solvers.forecasting.check import check_forecast
from solvers.forecasting.check_update import check_update
from solvers.forecasting.ensemble import Ensemble
from solvers.forecasting.error_correction import ErrorCorrection
from solvers.forecasting.explain import explain_forecast
from solvers.forecasting.explain_update import explain_update
from solvers.forecasting.intermittent_methods import AggregatedMeans, Croston, SyntetosBoylan, TeunterSyntetosBabai
from solvers.forecasting.random_walk import RandomWalk
from solvers.inventory import branch_and_bound as plan_branch_and_bound
from solvers.inventory import simplex as plan_simplex
from solvers.inventory.certificate import certify_plan
from solvers.inventory.check_multi_echelon import check_multi_echelon
from solvers.inventory.check_policy.check import check_policy
from solvers.inventory.explain import explain_plan
from solvers.inventory.multi_echelon import solvers as multi_echelon
from solvers.inventory.multi_echelon.explain import explain_multi_echelon
from solvers.inventory.policy.explain import explain_policy
from solvers.inventory.policy.solvers import ClosedForm, DynamicProgramming, PolicySearch
from solvers.inventory.rolling_horizon import RollingHorizon
from solvers.inventory.sample_average import SampleAverage
from solvers.linear import branch_and_bound as linear_branch_and_bound
from solvers.linear import simplex as linear_simplex
from solvers.linear.check import check_linear
from solvers.linear.constraint_programming import ConstraintProgramming
from solvers.linear.explain import explain_linear
from solvers.linear.first_order import FirstOrder
from solvers.linear.interior_point import InteriorPoint
from solvers.network.assignment import ShortestAugmentingPath
from solvers.network.certificate_facility import certify_facility_location
from solvers.network.check import check_maximum_flow, check_minimum_cost_flow, check_shortest_path
from solvers.network.check_assignment import check_assignment
from solvers.network.explain_assignment import explain_assignment
from solvers.network.explain_facility import explain_facility_location
from solvers.network.explain_flow import explain_minimum_cost_flow
from solvers.network.explain_maximum_flow import explain_maximum_flow
from solvers.network.explain_path import explain_shortest_path
from solvers.network.facility_location import StrongFormulation
from solvers.network.maximum_flow import PushRelabel
from solvers.network.minimum_cost_flow import CostScaling
from solvers.network.shortest_path import BellmanFord, Dijkstra
from solvers.routing.check import check_routing
from solvers.routing.evaluation.check import check_evaluation
from solvers.routing.evaluation.explain import explain_evaluation
from solvers.routing.evaluation.route_evaluation import RouteEvaluation
from solvers.routing.exact import dynamic_programming as routing_subsets
from solvers.routing.explain import explain_routing
from solvers.routing.general_ruin_and_recreate import GeneralRuinAndRecreate
from solvers.routing.guided_local_search import GuidedLocalSearch
from solvers.routing.insertion.cheapest_insertion import CheapestInsertion
from solvers.routing.insertion.check import check_suggestion
from solvers.routing.insertion.explain import explain_suggestion
from solvers.routing.iterated_local_search import IteratedLocalSearch
from solvers.routing.ruin_and_recreate import RuinAndRecreate

FEATURES: Mapping[str, Feature] = {
    "forecasting": Feature(
        solvers={
            "ensemble": Ensemble(),
            "backtest_selection": BacktestSelection(),
            "seasonal_naive": SeasonalNaive(),
            "exponential_smoothing": ExponentialSmoothing(),
            "theta": Theta(),
            "croston": Croston(),
            "sba": SyntetosBoylan(),
            "tsb": TeunterSyntetosBabai(),
            "imapa": AggregatedMeans(),
            "random_walk": RandomWalk(),
        },
        check=check_forecast,
        explain=explain_forecast,
    ),
    "forecasting/update": Feature(solvers={"error_correction": ErrorCorrection()}, check=check_update, explain=explain_update),
    "inventory/plan": Feature(
        solvers={
            "simplex": plan_simplex.Simplex(),
            "branch_and_bound": plan_branch_and_bound.BranchAndBound(),
            "rolling_horizon": RollingHorizon(),
            "sample_average": SampleAverage(),
        },
        check=certify_plan,
        explain=explain_plan,
    ),
    "inventory/policy": Feature(
        solvers={
            "closed_form": ClosedForm(),
            "policy_search": PolicySearch(),
            "dynamic_programming": DynamicProgramming(),
        },
        check=check_policy,
        explain=explain_policy,
    ),
    "inventory/multi-echelon": Feature(
        solvers={
            "tree_dynamic_programming": multi_echelon.TreeDynamicProgramming(),
            "constraint_programming": multi_echelon.ConstraintProgramming(),
            "clark_scarf": multi_echelon.ClarkScarf(),
        },
        check=check_multi_echelon,
        explain=explain_multi_echelon,
    ),
    "routing": Feature(
        solvers={
            "dynamic_programming": routing_subsets.DynamicProgramming(),
            "ruin_and_recreate": RuinAndRecreate(),
            "iterated_local_search": IteratedLocalSearch(),
            "guided_local_search": GuidedLocalSearch(),
            "general_ruin_and_recreate": GeneralRuinAndRecreate(),
        },
        check=check_routing,
        explain=explain_routing,
    ),
    "routing/evaluate": Feature(
        solvers={"route_evaluation": RouteEvaluation()}, check=check_evaluation, explain=explain_evaluation
    ),
    "routing/suggest": Feature(
        solvers={"cheapest_insertion": CheapestInsertion()}, check=check_suggestion, explain=explain_suggestion
    ),
    "network/shortest-path": Feature(
        solvers={"dijkstra": Dijkstra(), "bellman_ford": BellmanFord()},
        check=check_shortest_path,
        explain=explain_shortest_path,
    ),
    "network/maximum-flow": Feature(
        solvers={"push_relabel": PushRelabel()}, check=check_maximum_flow, explain=explain_maximum_flow
    ),
    "network/minimum-cost-flow": Feature(
        solvers={"cost_scaling": CostScaling()}, check=check_minimum_cost_flow, explain=explain_minimum_cost_flow
    ),
    "network/assignment": Feature(
        solvers={"shortest_augmenting_path": ShortestAugmentingPath()}, check=check_assignment, explain=explain_assignment
    ),
    "network/facility-location": Feature(
        solvers={"strong_formulation": StrongFormulation()}, check=certify_facility_location, explain=explain_facility_location
    ),
    "linear": Feature(
        solvers={
            "simplex": linear_simplex.Simplex(),
            "branch_and_bound": linear_branch_and_bound.BranchAndBound(),
            "interior_point": InteriorPoint(),
            "first_order": FirstOrder(),
            "constraint_programming": ConstraintProgramming(),
        },
        check=check_linear,
        explain=explain_linear,
    ),
}
