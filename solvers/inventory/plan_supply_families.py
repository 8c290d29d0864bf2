"""How the variables and constraints of suppliers are written, and what they mean."""

from solvers.linear.model import Family

POINTER = "/items"


def _family(symbol: str, text: str, meaning: str, unit: str | None, *, latex: str, pointer: str = POINTER) -> Family:
    return Family(symbol=symbol, latex=latex, text=text, meaning=meaning, unit=unit, pointer=pointer)


SUPPLY = _family(
    "x_{o,t,k}",
    "supply[o:k,t] >= 0",
    "units ordered from a supplier in period t, in range k of its price list",
    "units",
    latex=r"x_{otk} \ge 0",
)
PACKS = _family(
    "n_{o,t,k}",
    "packs[o:k,t] >= 0 and whole, supply[o:k,t] = q[o] packs[o:k,t]",
    "whole order multiples ordered from a supplier in period t, in range k of its price list",
    "multiples",
    latex=r"n_{otk} \in \mathbb{Z}_{\ge 0},\ x_{otk} = q_o n_{otk}",
)
RANGE = _family(
    "z_{o,t,k}",
    "range[o:k,t] in {0, 1}",
    "1 when the order lies in range k of the price list",
    None,
    latex=r"z_{otk} \in \{0, 1\}",
)
SUPPLY_SETUP = _family(
    "y_{o,t}",
    "supply_setup[o,t] in {0, 1}",
    "1 when anything is ordered from the supplier in period t",
    None,
    latex=r"y_{ot} \in \{0, 1\}",
)
PRICE_RANGE = _family(
    "price_range",
    "supply[o:k,t] <= min(b[o,k+1], M[o,t]) range[o:k,t] for all o, k, t (with one price: supply_setup[o,t])",
    "an order has the price of its range only up to the end of the range",
    "units",
    latex=r"x_{otk} \le \min(b_{o,k+1}, M_{ot}) z_{otk} \quad \forall o, t, k",
)
RANGE_START = _family(
    "range_start",
    "supply[o:k,t] >= max(b[o,k], m[o]) range[o:k,t] for all o, k, t (with one price: supply_setup[o,t])",
    "an order has the price of a range from its breakpoint on, and at least the smallest order",
    "units",
    latex=r"x_{otk} \ge \max(b_{ok}, m_o) z_{otk} \quad \forall o, t, k",
)
ONE_RANGE_SETUP = _family(
    "one_range",
    "sum over k of range[o:k,t] = supply_setup[o,t] for all o, t with a setup",
    "an order lies in one range of the price list and is paid for",
    None,
    latex=r"\sum_{k} z_{otk} = y_{ot} \quad \forall o, t",
)
ONE_RANGE = _family(
    "one_range",
    "sum over k of range[o:k,t] <= 1 for all o, t",
    "an order lies in one range of the price list",
    None,
    latex=r"\sum_{k} z_{otk} \le 1 \quad \forall o, t",
)
SUPPLY_LIMIT = _family(
    "supply_limit",
    "sum over k of supply[o:k,t] <= u[o] for all o, t with a largest order",
    "a supplier delivers at most so much of the item for an order",
    "units",
    latex=r"\sum_{k} x_{otk} \le u_o \quad \forall o, t : u_o < \infty",
)
SUPPLIER_CAPACITY = _family(
    "supplier_capacity",
    "sum over the offers of v and k of supply[o:k,t] <= C[v,t] for all v, t with a capacity",
    "a supplier delivers at most so much of all items together for the orders of a period",
    "units",
    latex=r"\sum_{o \in O_v, k} x_{otk} \le C_{vt} \quad \forall v, t : C_{vt} < \infty",
    pointer="/suppliers",
)
