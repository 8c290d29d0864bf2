"""The feasible part of an infeasible plan: the orders that each route can keep, in their order."""

import pyvrp


def feasible_part(data: pyvrp.ProblemData, solution: pyvrp.Solution) -> pyvrp.Solution:
    """
    Return a plan of feasible routes that keeps as many orders of the given one as go in one pass over each route.

    Parameters
    ----------
    data
        Data in which every client, group and shipment may be left out.
    solution
        Any plan; its feasible routes are kept as they are.
    """
    kept = [pruned(data, route) for route in solution.routes()]
    return pyvrp.Solution(data, [route for route in kept if route is not None])


def pruned(data: pyvrp.ProblemData, route: pyvrp.Route) -> pyvrp.Route | None:
    """Return the route without the orders that break it, None when nothing is left; a feasible route stays as it is."""
    activities = [pyvrp.Activity(stop.type, stop.idx) for stop in route.schedule()][1:-1]
    whole = pyvrp.Route(data, activities, route.vehicle_type())
    if whole.is_feasible():
        return whole
    orders = list(dict.fromkeys((activity.is_client(), activity.idx) for activity in activities if not activity.is_depot()))
    # Dear orders first; equals in order of the route. Shipments have prizes like clients.
    prize = {True: data.client, False: data.shipment}
    orders.sort(key=lambda order: -prize[order[0]](order[1]).prize)
    kept: set[tuple[bool, int]] = set()
    best = None
    for order in orders:
        # Reload stops are kept: an extra one costs at most its detour, and the search removes it.
        part = [a for a in activities if a.is_depot() or (a.is_client(), a.idx) in kept | {order}]
        candidate = pyvrp.Route(data, part, route.vehicle_type())
        if candidate.is_feasible():
            kept.add(order)
            best = candidate
    return best
