"""Independent check of facility plans, from the request and the plan alone."""

from typing import Any

import numpy as np

from models.run import Check
from solvers.base import Outcome
from solvers.network.check import make_check, objective_check, reported_value


def check_facility_location(problem: Any, outcome: Outcome[Any]) -> list[Check]:
    """Check service, capacities, links and cost of a plan; without a plan there is nothing to check."""
    if outcome.solution is None:
        return []
    solution: Any = outcome.solution
    place = {facility.id: position for position, facility in enumerate(problem.facilities)}
    person = {client.id: position for position, client in enumerate(problem.clients)}
    opened = {site.id for site in solution.open}
    served, load = np.zeros(len(person)), np.zeros(len(place))
    closed = forbidden = split = cost = amount = 0.0
    for service in solution.services:
        i, j = person[service.client], place[service.facility]
        price = problem.costs[i][j]
        forbidden += price is None
        closed = max(closed, 0.0 if service.facility in opened else service.share)
        split = max(split, abs(service.share - round(service.share)))
        served[i] += service.share
        load[j] += service.share * problem.clients[i].demand
        cost += (price or 0.0) * service.share
        amount += abs(price or 0.0) * service.share
    fixed = sum(problem.facilities[place[name]].fixed_cost for name in opened)
    capacity = np.array([np.inf if site.capacity is None else site.capacity for site in problem.facilities])
    against = sum(site.fixed is not None and (site.id in opened) != (site.fixed == "open") for site in problem.facilities)
    checks = [
        make_check("service", np.abs(served - 1.0)),
        make_check("facility_capacity", (load - capacity) / np.maximum(1.0, load)),
        make_check("only_open_facilities_serve", closed),
        make_check("fixed_facilities", float(against), tolerance=0.0),
        make_check("allowed_pairs", float(forbidden), tolerance=0.0),
        objective_check(reported_value(outcome), cost + fixed, scale=amount + fixed),
    ]
    if problem.single_source:
        checks.append(make_check("single_source", split, tolerance=0.0))
    return checks
