"""
The mathematics of the routing problem: set partitioning over routes, with the two-index arcs that define a route.

Sets: orders N, vehicle types K, feasible routes R_k of each. Variables: a route is driven or not, an order is left out or not.
A route is a sequence of arcs; its cost, load and times follow from them.

References
----------
Toth, P., Vigo, D. (eds., 2014). Vehicle Routing: Problems, Methods, and Applications, 2nd edition. SIAM, chapters 1 and 5.
"""

from models.explanation import Formulation, Symbol
from models.routing import RoutingProblem
from solvers.routing.formulation_constraints import constraint_rows, constraint_text

TEXT = """minimise   sum_k sum_{r in R_k} c_r x_r + sum_{i optional} p_i u_i
subject to sum_k sum_{r in R_k} a_ir x_r + u_i = 1      for each order i         [coverage]
           sum_{r in R_k} x_r <= m_k                    for each vehicle type k  [fleet]
           x_r in {0, 1}, u_i in {0, 1}
where a route r in R_k is a path of arcs (i, j) that keeps
           load:  Q_j >= Q_i + q_j, 0 <= Q_i <= C_k in each dimension             [capacity]
           time:  T_j >= T_i + s_i + t_ij, a_j <= T_j <= b_j                      [time_windows]
           shift, longest distance, longest duration, skills, pickup before delivery
and costs  c_r = f_k + g_k (sum of d_ij over its arcs) + h_k (return - departure).
Required orders that cannot be served count before all money, weighted by 1 + priority."""

LATEX = r"""\begin{aligned}
\min\ & \sum_{k \in K} \sum_{r \in R_k} c_r x_r + \sum_{i \in N^{\mathrm{opt}}} p_i u_i \\
\text{s.t.}\ & \sum_{k \in K} \sum_{r \in R_k} a_{ir} x_r + u_i = 1 && \forall i \in N \\
& \sum_{r \in R_k} x_r \le m_k && \forall k \in K \\
& x_r \in \{0, 1\},\ u_i \in \{0, 1\} \\
r \in R_k:\ & Q_j \ge Q_i + q_j,\ 0 \le Q_i \le C_k && \forall (i, j) \in r \\
& T_j \ge T_i + s_i + t_{ij},\ a_j \le T_j \le b_j && \forall (i, j) \in r \\
& c_r = f_k + g_k \sum_{(i, j) \in r} d_{ij} + h_k \left(T_{\mathrm{end}} - T_{\mathrm{start}}\right)
\end{aligned}"""


def formulation_of(problem: RoutingProblem) -> Formulation:
    """Return the formulation with counts and pointers from the request."""
    orders = len(problem.clients) + len(problem.shipments)
    return Formulation(
        name="Vehicle routing as set partitioning over feasible routes",
        sense="min",
        size=None,
        sets=_sets(problem, orders),
        parameters=_parameters(problem),
        variables=[
            _symbol("x_r", "x_r", "1 when route r is driven", meaning="choice of routes"),
            _symbol("u_i", "u_i", "1 when order i is left out", meaning="orders left out", count=orders),
        ],
        objective=_symbol(
            "z",
            r"\sum_{k} \sum_{r \in R_k} c_r x_r + \sum_{i} p_i u_i",
            "cost of the routes driven plus prizes not collected",
            meaning="total cost",
            unit="cost",
        ),
        constraints=[*_constraints(problem, orders), *constraint_rows(problem)],
        latex=LATEX,
        text=TEXT + constraint_text(problem),
        mps=None,
        lp=None,
        dual_latex=None,
        dual_text=None,
    )


def _sets(problem: RoutingProblem, orders: int) -> list[Symbol]:
    return [
        _symbol("N", "N", "orders", meaning="clients and shipments", pointer="/clients", count=orders),
        _symbol("K", "K", "vehicle types", meaning="fleet", pointer="/vehicle_types", count=len(problem.vehicle_types)),
        _symbol("R_k", "R_k", "feasible routes of vehicle type k", meaning="all routes a vehicle of the type can drive"),
    ]


def _parameters(problem: RoutingProblem) -> list[Symbol]:
    travel, fleet, clients = "/travel", "/vehicle_types", "/clients"
    return [
        _symbol("d_ij", "d_{ij}", "distance from i to j", meaning=f"{problem.travel.metric}", unit="distance", pointer=travel),
        _symbol("t_ij", "t_{ij}", "travel time from i to j", meaning="duration of the arc", unit="s", pointer=travel),
        _symbol("q_i", "q_i", "change of load at i", meaning="delivery, pickup or amount", unit="goods", pointer=clients),
        _symbol("[a_i, b_i]", "[a_i, b_i]", "time windows of i", meaning="when service may start", unit="s", pointer=clients),
        _symbol("s_i", "s_i", "service duration of i", meaning="time spent there", unit="s", pointer=clients),
        _symbol("p_i", "p_i", "prize of i", meaning="cost of leaving out an optional order", unit="cost", pointer=clients),
        _symbol("m_k", "m_k", "vehicles of type k", meaning="count", pointer=fleet),
        _symbol("C_k", "C_k", "capacity of type k", meaning="most goods on board", unit="goods", pointer=fleet),
        _symbol("f_k", "f_k", "fixed cost of type k", meaning="per vehicle used", unit="cost", pointer=fleet),
        _symbol("g_k", "g_k", "cost per distance of type k", meaning="rate", unit="cost per distance", pointer=fleet),
        _symbol("h_k", "h_k", "cost per duration of type k", meaning="rate", unit="cost per s", pointer=fleet),
    ]


def _constraints(problem: RoutingProblem, orders: int) -> list[Symbol]:
    return [
        _symbol(
            "coverage",
            r"\sum_{k} \sum_{r \in R_k} a_{ir} x_r + u_i = 1",
            "each order is on one route or left out",
            meaning="every order is accounted for once",
            pointer="/clients",
            count=orders,
        ),
        _symbol(
            "fleet",
            r"\sum_{r \in R_k} x_r \le m_k",
            "no more routes than vehicles",
            meaning="size of the fleet",
            pointer="/vehicle_types",
            count=len(problem.vehicle_types),
        ),
    ]


def _symbol(
    symbol: str,
    latex: str,
    text: str,
    *,
    meaning: str,
    unit: str | None = None,
    pointer: str | None = None,
    count: int | None = None,
) -> Symbol:
    return Symbol(symbol=symbol, latex=latex, text=text, meaning=meaning, unit=unit, pointer=pointer, count=count)
