r"""
Facility location, with or without capacities and single sourcing.

Sets: clients i, facilities j, allowed pairs (i, j).
Parameters: fixed cost f_j, capacity K_j, demand d_i, cost c_ij of serving all of client i from facility j.
Decision variables: y_j, 1 when facility j is open; x_ij, share of client i served by j (whole when single_source).
Objective: minimise sum f_j y_j + sum c_ij x_ij.
Constraints: serve_i: sum_j x_ij = 1; link_ij: x_ij <= y_j; capacity_j: sum_i d_i x_ij <= K_j y_j; and, when every facility is
limited, enough: sum K_j y_j >= sum d_i.

The links are redundant beside the capacities for whole y, but their linear relaxation is far stronger (Cornuejols, Nemhauser
and Wolsey 1990 in *Discrete Location Theory*, pp. 119-171). Engine: branch and bound on the linear core.
"""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from models.network.facility_location import (
    FacilityLocationProblem,
    FacilityLocationSolution,
    OpenFacility,
    Service,
)
from solvers.base import Budget, Outcome, Progress
from solvers.linear.model import Family, LinearModel, ModelBuilder
from solvers.linear.solve import outcome_of, solve_linear
from solvers.network.arrays import Floats, Integers

LEAST_SHARE = 1e-9
"""Smaller shares are noise of the engine and left out."""


class StrongFormulation:
    """Mixed-integer formulation with one link per pair, solved by branch and bound."""

    name: ClassVar[str] = "strong_formulation"
    libraries: ClassVar[tuple[str, ...]] = ("ortools", "numpy")

    def supports(self, problem: FacilityLocationProblem) -> str | None:
        """Every facility location problem is supported."""
        return None

    def solve(self, problem: FacilityLocationProblem, budget: Budget, progress: Progress) -> Outcome[FacilityLocationSolution]:
        """Return the best plan found within the budget, with a proved bound."""
        model, client, facility = facility_model(problem)
        result = solve_linear(model, budget, progress)
        solution = None if result.values is None else _solution(problem, result.values, client, facility)
        return outcome_of(model, result, solution)


def facility_model(problem: FacilityLocationProblem) -> tuple[LinearModel, Integers, Integers]:
    """
    Return the formulation, and client and facility of each allowed pair, shape (k,).

    The first columns are y in facility order, then x in the order of the pairs.
    """
    costs = np.array(problem.costs, dtype=np.float64)
    client, facility = np.nonzero(~np.isnan(costs))
    builder = ModelBuilder(
        name="facility location",
        sense="min",
        objective=_family(
            "cost",
            r"\sum_j f_j y_j + \sum_{i,j} c_{ij} x_{ij}",
            "sum f[j] y[j] + sum c[i,j] x[i,j]",
            "cost of opening and serving",
            unit="cost",
            pointer=None,
        ),
    )
    _add_data(builder, problem, pairs=len(client))
    sites = [site.id for site in problem.facilities]
    people = [person.id for person in problem.clients]
    ends = list(zip(client.tolist(), facility.tolist(), strict=True))
    labels = [f"{people[i]},{sites[j]}" for i, j in ends]
    y = builder.add_variables(
        _family("y_j", r"y_j \in \{0, 1\}", "y[j] in {0, 1}", "1 when the facility is open", pointer="/facilities"),
        names=[f"y[{site}]" for site in sites],
        lower=[1.0 if site.fixed == "open" else 0.0 for site in problem.facilities],
        upper=[0.0 if site.fixed == "closed" else 1.0 for site in problem.facilities],
        objective=[site.fixed_cost for site in problem.facilities],
        integer=True,
        pointers=[f"/facilities/{j}" for j in range(len(sites))],
        term="opening",
    )
    whole = r"x_{ij} \in \{0, 1\}" if problem.single_source else r"0 \le x_{ij} \le 1"
    x = builder.add_variables(
        _family(
            "x_ij",
            whole,
            "x[i,j] in {0, 1}" if problem.single_source else "0 <= x[i,j] <= 1",
            "share of the client served by the facility",
            pointer="/costs",
        ),
        names=[f"x[{label}]" for label in labels],
        upper=1.0,
        objective=costs[client, facility],
        integer=problem.single_source,
        pointers=[f"/costs/{i}/{j}" for i, j in ends],
        term="serving",
    )
    _add_serving(builder, problem, client.astype(np.int64), x)
    _add_links(builder, names=labels, pointers=[f"/costs/{i}/{j}" for i, j in ends], x=x, y=y[facility])
    _add_capacities(builder, problem, client.astype(np.int64), facility.astype(np.int64), x, y)
    return builder.build(), client.astype(np.int64), facility.astype(np.int64)


def _family(symbol: str, latex: str, text: str, meaning: str, *, unit: str | None = None, pointer: str | None) -> Family:
    return Family(symbol=symbol, latex=latex, text=text, meaning=meaning, unit=unit, pointer=pointer)


def _add_data(builder: ModelBuilder, problem: FacilityLocationProblem, *, pairs: int) -> None:
    """Declare sets and parameters."""
    sites, people = len(problem.facilities), len(problem.clients)
    builder.add_set(_family("I", "i \\in I", "I", "clients", pointer="/clients"), count=people)
    builder.add_set(_family("J", "j \\in J", "J", "facilities", pointer="/facilities"), count=sites)
    for symbol, latex, text, meaning, unit, pointer, count in (
        ("f_j", "f_j", "f[j]", "cost of opening the facility", "cost", "/facilities", sites),
        ("K_j", "K_j", "K[j]", "most demand the facility can serve", "unit of demand", "/facilities", sites),
        ("d_i", "d_i", "d[i]", "demand of the client", "unit of demand", "/clients", people),
        ("c_ij", "c_{ij}", "c[i,j]", "cost of serving the whole client from the facility", "cost", "/costs", pairs),
    ):
        builder.add_parameter(_family(symbol, latex, text, meaning, unit=unit, pointer=pointer), count=count)


def _add_serving(builder: ModelBuilder, problem: FacilityLocationProblem, client: Integers, x: Integers) -> None:
    """Every client is served completely."""
    builder.add_constraints(
        _family(
            "serve_i",
            r"\sum_j x_{ij} = 1 \quad \forall i",
            "serve[i]: sum over j: x[i,j] = 1",
            "every client is served completely",
            pointer="/clients",
        ),
        names=[f"serve[{person.id}]" for person in problem.clients],
        rows=client,
        columns=x,
        coefficients=1.0,
        lower=1.0,
        upper=1.0,
        pointers=[f"/clients/{i}" for i in range(len(problem.clients))],
    )


def _add_links(builder: ModelBuilder, *, names: Sequence[str], pointers: Sequence[str], x: Integers, y: Integers) -> None:
    """Only open facilities serve; `x` and `y` are the columns of each pair."""
    builder.add_constraints(
        _family(
            "link_ij",
            r"x_{ij} \le y_j \quad \forall i, j",
            "link[i,j]: x[i,j] <= y[j]",
            "only open facilities serve",
            pointer="/facilities",
        ),
        names=[f"link[{name}]" for name in names],
        rows=np.concatenate((np.arange(len(x)), np.arange(len(x)))),
        columns=np.concatenate((x, y)),
        coefficients=np.concatenate((np.ones(len(x)), -np.ones(len(x)))),
        upper=0.0,
        pointers=pointers,
    )


def _add_capacities(
    builder: ModelBuilder,
    problem: FacilityLocationProblem,
    client: Integers,
    facility: Integers,
    x: Integers,
    y: Integers,
) -> None:
    """Limited facilities keep their capacities, and together are large enough."""
    demand = np.array([person.demand for person in problem.clients], dtype=np.float64)
    capacity: Floats = np.array(
        [np.inf if site.capacity is None else site.capacity for site in problem.facilities], dtype=np.float64
    )
    limited = np.flatnonzero(np.isfinite(capacity))
    if not limited.size:
        return
    place = np.full(len(capacity), -1, dtype=np.int64)
    place[limited] = np.arange(len(limited))
    inside = place[facility] >= 0
    builder.add_constraints(
        _family(
            "capacity_j",
            r"\sum_i d_i x_{ij} - K_j y_j \le 0 \quad \forall j",
            "capacity[j]: sum over i: d[i] x[i,j] - K[j] y[j] <= 0",
            "no facility serves more than its capacity",
            unit="unit of demand",
            pointer="/facilities",
        ),
        names=[f"capacity[{problem.facilities[j].id}]" for j in limited.tolist()],
        rows=np.concatenate((place[facility[inside]], np.arange(len(limited)))),
        columns=np.concatenate((x[inside], y[limited])),
        coefficients=np.concatenate((demand[client[inside]], -capacity[limited])),
        upper=0.0,
        pointers=[f"/facilities/{j}/capacity" for j in limited.tolist()],
    )
    if limited.size == len(capacity):
        builder.add_constraints(
            _family(
                "enough",
                r"\sum_j K_j y_j \ge \sum_i d_i",
                "enough: sum over j: K[j] y[j] >= sum over i: d[i]",
                "the open facilities can serve everybody together",
                unit="unit of demand",
                pointer="/facilities",
            ),
            names=["enough"],
            rows=np.zeros(len(limited), dtype=np.int64),
            columns=y,
            coefficients=capacity,
            lower=float(demand.sum()),
            pointers=["/clients"],
        )


def _solution(
    problem: FacilityLocationProblem, values: Floats, client: Integers, facility: Integers
) -> FacilityLocationSolution:
    """Return what to open and who serves whom; whole variables are rounded to whole numbers."""
    opened = np.rint(values[: len(problem.facilities)]) > 0
    share = values[len(problem.facilities) :]
    share = np.rint(share) if problem.single_source else np.clip(share, 0.0, 1.0)
    demand = np.array([person.demand for person in problem.clients], dtype=np.float64)
    load = np.bincount(facility, weights=share * demand[client], minlength=len(opened))
    services = [
        Service(
            client=problem.clients[i].id,
            facility=problem.facilities[j].id,
            share=part,
            cost=(problem.costs[i][j] or 0.0) * part,
        )
        for i, j, part in zip(client.tolist(), facility.tolist(), share.tolist(), strict=True)
        if part > LEAST_SHARE
    ]
    sites = [
        OpenFacility(
            id=problem.facilities[j].id,
            fixed_cost=problem.facilities[j].fixed_cost,
            load=float(load[j]),
            capacity=problem.facilities[j].capacity,
        )
        for j in np.flatnonzero(opened).tolist()
    ]
    return FacilityLocationSolution(open=sites, services=services)
