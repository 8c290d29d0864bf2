"""The prices that come with a bound prove it to code that shares nothing with the engine."""

import math

import pytest

from models.routing import RoutingProblem
from solvers.routing.column_generation.network import pricing_problem
from solvers.routing.problem_index import indexed
from tests.oracles.route_prices import Cut, proved_by
from tests.solvers.routing.column_generation.test_bound import relaxed
from tests.solvers.routing.instances import small


@pytest.mark.parametrize("seed", range(10))
def test_prices_prove_the_bound(seed: int) -> None:
    """Every route of five clients is priced by enumeration; the bound is what weak duality then gives, rounded up."""
    request = small(seed, clients=5, shipments=0, timed=False)
    request["vehicle_types"][0]["count"] = 3
    scale = pricing_problem(indexed(RoutingProblem.model_validate(request)), set()).scale
    bound = relaxed(request, upper=1e4)
    assert bound is not None
    prices = bound.prices
    borders = [
        Cut(clients=cut.clients, least=cut.least, price=price / scale)
        for cut, price in zip(prices.cuts, prices.capacity.tolist(), strict=True)
    ]
    threes = [
        Cut(clients=row.clients, least=1, price=price / scale)
        for row, price in zip(prices.rows, prices.subsets.tolist(), strict=True)
    ]
    clients = {i: price / scale for i, price in enumerate(prices.clients.tolist())}
    proved = proved_by(request, clients, fleet=int(prices.fleet[0]) / scale, borders=borders, threes=threes)
    assert bound.value <= math.ceil(proved - 1e-6)
