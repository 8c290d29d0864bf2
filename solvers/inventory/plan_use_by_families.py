"""How the variables and rows of items that spoil and move are written, and what they mean."""

from solvers.linear.model import Family

LAST_PERIODS = Family(
    symbol="U",
    latex=r"u \in U",
    text="u in U",
    meaning="last periods in which units can be used, the one after the horizon for any later one",
    unit=None,
    pointer="/items",
)
KEPT = Family(
    symbol="s_{i,t,u}",
    latex=r"s_{itu} \ge 0",
    text="kept[i,t,u] >= 0",
    meaning="units of item i on hand at the end of period t that can be used until period u",
    unit="units",
    pointer="/items",
)
SENT = Family(
    symbol="f_{m,t,u}",
    latex=r"f_{mtu} \ge 0",
    text="sent[m,t,u] >= 0",
    meaning="units sent on way m in period t that can be used until period u",
    unit="units",
    pointer="/transfers",
)
STOCK_BY_USE = Family(
    symbol="stock_by_use",
    latex=r"s_{it} = \sum_{u > t} s_{itu} \quad \forall i, t : e_i < \infty",
    text="stock[i,t] = sum over u > t of kept[i,t,u] for all i that spoil and move, all t",
    meaning="what is on hand at the end of a period can be used in a later one",
    unit="units",
    pointer="/items",
)
TRANSFER_BY_USE = Family(
    symbol="transfer_by_use",
    latex=r"f_{mt} = \sum_{u \ge t + L_m} f_{mtu} \quad \forall m, t",
    text="transfer[m,t] = sum over u >= t + L[m] of sent[m,t,u] for all m from where items spoil, all t",
    meaning="what is sent can be used when it arrives",
    unit="units",
    pointer="/transfers",
)
USE_BY = Family(
    symbol="use_by",
    latex=r"s_{itu} + \sum_{m : i \to} f_{mtu} \le s_{i,t-1,u} + \sum_{m : \to i} f_{m,t-L_m,u} + x_{i,t-L_i} [u = t + e_i - 1]"
    r" + \bar{s}_{itu} \quad \forall i, t, u",
    text="kept[i,t,u] + sum of sent[m,t,u] from i <= kept[i,t-1,u] + sum of sent[m,t-L[m],u] to i + order[i,t-L[i]] where fresh"
    " + what is known to come, for all i that spoil and move, all t, u",
    meaning="no more of an age is kept and sent than is there; the rest serves demand or is disposed of",
    unit="units",
    pointer="/items",
)
