"""The part of the formulation that only some requests have: breaks, prices of time, groups, relations, locks and objectives."""

from dataclasses import dataclass

from models.explanation import Symbol
from models.routing import RoutingProblem
from solvers.routing.rich_constraints import rich_constraints


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One condition: what it is called, and its formula for people and for printing."""

    name: str
    text: str
    latex: str
    meaning: str


ROWS = {
    "breaks": Row(
        name="breaks",
        text="T_i + s_i <= beta_b, T_j >= max(T_i + s_i + t_ij, alpha_b) + d_b where break b is taken on arc (i, j)",
        latex=r"T_i + s_i \le \beta_b,\ T_j \ge \max(T_i + s_i + t_{ij}, \alpha_b) + d_b",
        meaning="every break starts within its window",
    ),
    "lateness costs": Row(
        name="lateness",
        text="c_r += sum_i lambda_i max(0, T_i - delta_i)",
        latex=r"c_r \mathrel{+}= \sum_{i \in r} \lambda_i \max(0, T_i - \delta_i)",
        meaning="service after its due time costs money",
    ),
    "overtime": Row(
        name="overtime",
        text="c_r += o_k O_r, O_r >= return - end of shift, O_r >= duration - longest duration, O_r <= most overtime",
        latex=r"c_r \mathrel{+}= o_k O_r,\ O_r \le \bar{O}_k",
        meaning="time beyond shift or longest duration costs money",
    ),
    "waiting costs": Row(
        name="waiting",
        text="c_r += omega_k (return - departure - travel - service - breaks)",
        latex=r"c_r \mathrel{+}= \omega_k W_r",
        meaning="waiting costs money",
    ),
    "setup durations": Row(
        name="setup",
        text="s_j includes setup_j when the stop before j is at another location",
        latex=r"s_j = \sigma_j + \eta_j [\ell_i \ne \ell_j]",
        meaning="setup is spent once at a shared place",
    ),
    "groups": Row(
        name="groups",
        text="sum_k sum_r sum_{i in G} a_ir x_r + u_G = 1 for each group G",
        latex=r"\sum_{k} \sum_{r \in R_k} \sum_{i \in G} a_{ir} x_r + u_G = 1",
        meaning="exactly one client of a group is served",
    ),
    "relations": Row(
        name="relations",
        text="orders of a relation are on one route, on different routes, or on one route in their order",
        latex=r"a_{ir} = a_{jr}\ \text{or}\ a_{ir} + a_{jr} \le 1\ \text{or}\ T_i \le T_j",
        meaning="orders belong together, apart or in sequence",
    ),
    "locks": Row(
        name="locks",
        text="a_ir x_r = 0 unless r is the route of the vehicle to which i is locked; that route begins with its prefix",
        latex=r"a_{ir} x_r = 0 \quad \forall r \ne r(i)",
        meaning="what is fixed stays",
    ),
    "fewest vehicles first": Row(
        name="fewest_vehicles",
        text="first minimise sum_r x_r, then money",
        latex=r"\operatorname{lexmin}\ \Big(\sum_r x_r,\ z\Big)",
        meaning="vehicles count before money",
    ),
    "balance": Row(
        name="balance",
        text="z += gamma (max_r m_r - min_r m_r), or gamma max_r m_r, over routes driven",
        latex=r"z \mathrel{+}= \gamma \left(\max_r m_r - \min_r m_r\right)",
        meaning="unequal routes cost money",
    ),
}
"""Several windows and numbers of stops are part of the conditions that every request has."""


def constraint_rows(problem: RoutingProblem) -> list[Symbol]:
    """Return the conditions of a request that not every request has."""
    return [
        Symbol(symbol=row.name, latex=row.latex, text=row.text, meaning=row.meaning, unit=None, pointer=pointer, count=None)
        for row, pointer in _used(problem)
    ]


def constraint_text(problem: RoutingProblem) -> str:
    """Return the same as lines below the text of the formulation."""
    return "".join(f"\n           {row.text}  [{row.name}]" for row, _ in _used(problem))


def _used(problem: RoutingProblem) -> list[tuple[Row, str]]:
    return [(ROWS[name], pointer) for name, pointer in rich_constraints(problem).items() if name in ROWS]
