"""
Every kind of problem, on the solving side: its solvers by name, its check, its explanation.

The one place where a solver is listed. Loading it loads every solver library, so only solver processes do.
"""

from collections.abc import Mapping

from solvers.feature import Feature
from solvers.routing.check import check_routing
from solvers.routing.explain import explain_routing
from solvers.routing.iterated_local_search import IteratedLocalSearch

FEATURES: Mapping[str, Feature] = {
    "routing": Feature(solvers={"iterated_local_search": IteratedLocalSearch()}, check=check_routing, explain=explain_routing),
}
