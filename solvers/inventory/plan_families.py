"""How the sets, parameters, variables and constraints of an inventory plan are written, and what they mean to a planner."""

from models.inventory import PlanProblem
from solvers.linear.model import Family


def _family(symbol: str, text: str, meaning: str, unit: str | None = None, *, latex: str, pointer: str | None = None) -> Family:
    return Family(symbol=symbol, latex=latex, text=text, meaning=meaning, unit=unit, pointer=pointer)


def objective(problem: PlanProblem) -> Family:
    """Return the objective with the costs of the parts that the request asks for."""
    text = "purchase + holding + setup + backorder + lost sales + overtime"
    latex = (
        r"\sum_{i,t} \left( c_{it} x_{it} + h_{it} s_{it} + K_{it} y_{it} + p_{it} (b_{it} + l_{it}) \right)"
        r" + \sum_{r,t} e_{rt} o_{rt}"
    )
    if any(item.supplies for item in problem.items):
        latex += r" + \sum_{o,t} \left( \sum_{k} (c_{otk} x_{otk} + a_{ok} z_{otk}) + K_{ot} y_{ot} \right)"
    if problem.transfers:
        text, latex = f"{text} + transfer", rf"{latex} + \sum_{{m,t}} \left( c_{{mt}} f_{{mt}} + K_{{mt}} w_{{mt}} \right)"
    if any(item.substitutes for item in problem.items):
        text, latex = f"{text} + substitution", rf"{latex} + \sum_{{i,k,t}} c_{{ikt}} r_{{ikt}}"
    if any(item.shelf_life is not None for item in problem.items):
        text, latex = f"{text} + disposal", rf"{latex} + \sum_{{i,t}} q_{{it}} g_{{it}}"
    if any(item.safety_stock_cost is not None for item in problem.items):
        text, latex = f"{text} + safety stock", rf"{latex} + \sum_{{i,t}} q^z_{{it}} e_{{it}}"
    if any(item.terminal_value for item in problem.items):
        text, latex = f"{text} - terminal value", rf"{latex} - \sum_{{i}} u_{{i}} v_{{i}}"
    return _family("cost", text, "total cost of the plan over all items and periods", "cost", latex=latex)


ITEMS = _family("I", "i in I", "items, each at one site", latex=r"i \in I", pointer="/items")
PERIODS = _family("T", "t in T", "periods, counted from 1", latex=r"t \in T", pointer="/periods")
SITES = _family("J", "j in J", "sites that store items", latex=r"j \in J", pointer="/sites")
RESOURCES = _family("R", "r in R", "resources that items share", latex=r"r \in R", pointer="/resources")

DEMAND = _family("d_{i,t}", "d[i,t]", "demand of item i in period t", "units", latex="d_{it}", pointer="/items")
INITIAL = _family("I0_i", "I0[i]", "stock of item i before the first period", "units", latex="s_{i0}", pointer="/items")
LEAD_TIME = _family("L_i", "L[i]", "periods from order to receipt of item i", "periods", latex="L_i", pointer="/items")
UNIT_COST = _family("c_{i,t}", "c[i,t]", "purchase cost of one unit", "cost per unit", latex="c_{it}", pointer="/items")
HOLDING_COST = _family(
    "h_{i,t}", "h[i,t]", "cost of one unit on hand at the end of a period", "cost per unit", latex="h_{it}", pointer="/items"
)
FIXED_COST = _family("K_{i,t}", "K[i,t]", "cost of placing an order", "cost per order", latex="K_{it}", pointer="/items")
STOCKOUT_COST = _family(
    "p_{i,t}", "p[i,t]", "cost of one unit short in a period", "cost per unit", latex="p_{it}", pointer="/items"
)
LARGEST_USEFUL_ORDER = _family(
    "M_{i,t}",
    "M[i,t]",
    "largest order that can be useful: what later demand, net of stock that is there anyway, can still take",
    "units",
    latex="M_{it}",
)
CAPACITY_AVAILABLE = _family(
    "C_{r,t}", "C[r,t]", "capacity of resource r in period t", "resource units", latex="C_{rt}", pointer="/resources"
)
USE_PER_UNIT = _family(
    "a_{r,i}", "a[r,i]", "resource r taken by one unit of item i", "resource units per unit", latex="a_{ri}", pointer="/items"
)
USE_PER_SETUP = _family(
    "g_{r,i}", "g[r,i]", "resource r taken by one order of item i", "resource units per order", latex="g_{ri}", pointer="/items"
)

ORDER = _family(
    "x_{i,t}", "order[i,t] >= 0", "units of item i ordered in period t", "units", latex=r"x_{it} \ge 0", pointer="/items"
)
MULTIPLES = _family(
    "n_{i,t}",
    "multiples[i,t] >= 0 and whole, order[i,t] = q[i] multiples[i,t]",
    "whole order multiples of item i ordered in period t; x = q n",
    "multiples",
    latex=r"n_{it} \in \mathbb{Z}_{\ge 0},\ x_{it} = q_i n_{it}",
    pointer="/items",
)
STOCK = _family(
    "s_{i,t}",
    "stock[i,t] >= 0",
    "units of item i on hand at the end of period t",
    "units",
    latex=r"s_{it} \ge 0",
    pointer="/items",
)
SETUP = _family(
    "y_{i,t}",
    "setup[i,t] in {0, 1}",
    "1 when item i is ordered in period t",
    None,
    latex=r"y_{it} \in \{0, 1\}",
    pointer="/items",
)
BACKORDER = _family(
    "b_{i,t}",
    "backorder[i,t] >= 0",
    "demand of item i still open at the end of period t",
    "units",
    latex=r"b_{it} \ge 0",
    pointer="/items",
)
LOST = _family(
    "l_{i,t}",
    "lost[i,t] from 0 to d[i,t]",
    "demand of item i lost in period t",
    "units",
    latex=r"0 \le l_{it} \le d_{it}",
    pointer="/items",
)
OVERTIME = _family(
    "o_{r,t}",
    "overtime[r,t] from 0 to its limit",
    "overtime of resource r in period t",
    "resource units",
    latex=r"0 \le o_{rt} \le \bar{o}_{rt}",
    pointer="/resources",
)

BALANCE = _family(
    "balance",
    "stock[i,t-1] + order[i,t-L] + backorder[i,t] - backorder[i,t-1] + lost[i,t] - stock[i,t] = d[i,t] for all i, t",
    "what is there, arrives, is owed or is lost covers the demand of the period",
    "units",
    latex=r"s_{i,t-1} + x_{i,t-L_i} + b_{it} - b_{i,t-1} + l_{it} - s_{it} = d_{it} \quad \forall i, t",
    pointer="/items",
)
SAFETY_STOCK = _family(
    "safety_stock",
    "stock[i,t] >= z[i,t] for all i, t with z > 0",
    "stock at the end of a period is at least the safety stock",
    "units",
    latex=r"s_{it} \ge z_{it} \quad \forall i, t : z_{it} > 0",
    pointer="/items",
)
FINAL_BACKORDER = _family(
    "final_backorder",
    "backorder[i,T] <= v[i] for all i with a limit",
    "demand still open after the last period is within its limit",
    "units",
    latex=r"b_{i,|T|} \le v_i \quad \forall i : v_i < \infty",
    pointer="/items",
)
SETUP_LIMIT = _family(
    "setup_limit",
    "order[i,t] <= M[i,t] setup[i,t] for all i, t",
    "nothing is ordered without paying for the order",
    "units",
    latex=r"x_{it} \le M_{it} y_{it} \quad \forall i, t",
)
MINIMUM_ORDER = _family(
    "minimum_order",
    "order[i,t] >= m[i] setup[i,t] for all i, t with m > 0",
    "an order has at least the smallest order size",
    "units",
    latex=r"x_{it} \ge m_i y_{it} \quad \forall i, t : m_i > 0",
    pointer="/items",
)
MAXIMUM_ORDER = _family(
    "maximum_order",
    "order[i,t] <= u[i] for all i, t with a largest order",
    "an order has at most the largest order size",
    "units",
    latex=r"x_{it} \le u_i \quad \forall i, t : u_i < \infty",
    pointer="/items",
)
MAXIMUM_ORDER_SETUP = _family(
    "maximum_order",
    "order[i,t] <= u[i] setup[i,t] for all i, t with a largest order below M[i,t]",
    "an order has at most the largest order size and is paid for",
    "units",
    latex=r"x_{it} \le u_i y_{it} \quad \forall i, t : u_i < M_{it}",
    pointer="/items",
)


BACKORDER_GROWTH = _family(
    "backorder_growth",
    "backorder[i,t] - backorder[i,t-1] <= d[i,t] for all i, t",
    "nothing is owed but demand, so that what is not on hand cannot be sent elsewhere",
    "units",
    latex=r"b_{it} - b_{i,t-1} \le d_{it} \quad \forall i, t",
    pointer="/items",
)


def capacity_family(*, at_order: bool, at_receipt: bool, by_transfers: bool) -> Family:
    """
    Return how capacity is written.

    Items take of a resource at their order, at a later receipt, or some at each; transfers may take of it too.
    """
    at_once = ("a[r,i] order[i,t] + g[r,i] setup[i,t]", r"a_{ri} x_{it} + g_{ri} y_{it}")
    delayed = ("a[r,i] order[i,t-L[i]] + g[r,i] setup[i,t-L[i]]", r"a_{ri} x_{i,t-L_i} + g_{ri} y_{i,t-L_i}")
    if at_order and at_receipt:
        text = f"sum over i at order of ({at_once[0]}) + sum over i at receipt of ({delayed[0]})"
        latex = (
            rf"\sum_{{i \text{{ at order}}}} \left( {at_once[1]} \right)"
            rf" + \sum_{{i \text{{ at receipt}}}} \left( {delayed[1]} \right)"
        )
    else:
        taken = delayed if at_receipt else at_once
        text, latex = f"sum over i of ({taken[0]})", rf"\sum_{{i}} \left( {taken[1]} \right)"
    if by_transfers:
        text = f"{text} + sum over m of (a[r,m] transfer[m,t] + g[r,m] dispatch[m,t])"
        latex = rf"{latex} + \sum_{{m}} \left( a_{{rm}} f_{{mt}} + g_{{rm}} w_{{mt}} \right)"
    return _family(
        "capacity",
        f"{text} - overtime[r,t] <= C[r,t] for all r, t",
        "what all items take of a resource fits into its capacity and overtime",
        "resource units",
        latex=rf"{latex} - o_{{rt}} \le C_{{rt}} \quad \forall r, t",
        pointer="/resources",
    )


STORAGE = _family(
    "storage",
    "sum over i at j of stock[i,t] <= W[j,t] for all j, t",
    "all items at a site fit into its storage at the end of each period",
    "units",
    latex=r"\sum_{i \in I_j} s_{it} \le W_{jt} \quad \forall j, t",
    pointer="/sites",
)
BUDGET = _family(
    "budget",
    "sum over i of (c[i,t] order[i,t] + K[i,t] setup[i,t]) <= B[t] for all t",
    "orders placed in a period are paid from its budget",
    "cost",
    latex=r"\sum_{i} \left( c_{it} x_{it} + K_{it} y_{it} \right) \le B_t \quad \forall t",
    pointer="/budget",
)
