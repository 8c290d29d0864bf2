"""How the sets, variables and constraints of the parts of a plan (transfers...) are written, and what they mean."""

from solvers.linear.model import Family

TRANSFERS = Family(
    symbol="M",
    latex=r"m \in M",
    text="m in M",
    meaning="ways on which an item moves between two sites",
    unit=None,
    pointer="/transfers",
)
TRANSFER = Family(
    symbol="f_{m,t}",
    latex=r"f_{mt} \ge 0",
    text="transfer[m,t] >= 0",
    meaning="units sent on way m in period t",
    unit="units",
    pointer="/transfers",
)
DISPATCH = Family(
    symbol="w_{m,t}",
    latex=r"w_{mt} \in \{0, 1\}",
    text="dispatch[m,t] in {0, 1}",
    meaning="1 when anything is sent on way m in period t",
    unit=None,
    pointer="/transfers",
)
TRANSFER_CAPACITY = Family(
    symbol="transfer_capacity",
    latex=r"f_{mt} \le k_{mt} \quad \forall m, t : k_{mt} < \infty",
    text="transfer[m,t] <= k[m,t] for all m, t with a capacity",
    meaning="what is sent on a way in a period fits into its capacity",
    unit="units",
    pointer="/transfers",
)
TRANSFER_CAPACITY_DISPATCH = Family(
    symbol="transfer_capacity",
    latex=r"f_{mt} \le k_{mt} w_{mt} \quad \forall m, t : k_{mt} < N_{mt}",
    text="transfer[m,t] <= k[m,t] dispatch[m,t] for all m, t with a capacity below N[m,t]",
    meaning="what is sent on a way in a period fits into its capacity, and its dispatch is paid for",
    unit="units",
    pointer="/transfers",
)
DISPATCH_LIMIT = Family(
    symbol="dispatch_limit",
    latex=r"f_{mt} \le N_{mt} w_{mt} \quad \forall m, t",
    text="transfer[m,t] <= N[m,t] dispatch[m,t] for all m, t, N the most that can still be needed from the arrival on",
    meaning="nothing is sent without paying for the dispatch",
    unit="units",
    pointer="/transfers",
)
DISPOSAL = Family(
    symbol="g_{i,t}",
    latex=r"g_{it} \ge 0",
    text="disposal[i,t] >= 0",
    meaning="units of item i disposed of at the end of period t",
    unit="units",
    pointer="/items",
)
SHELF_LIFE = Family(
    symbol="shelf_life",
    latex=r"s_{it} \le \sum_{\tau = t - e_i + 2}^{t} x_{i,\tau - L_i} + \bar{s}_{it} \quad \forall i, t : e_i < \infty",
    text="stock[i,t] <= sum over the last e[i] - 1 periods of what arrived + what keeps of the initial stock, for all i, t",
    meaning="stock at the end of a period is within its shelf life when the oldest units leave first",
    unit="units",
    pointer="/items",
)
SAFETY_SHORT = Family(
    symbol="e_{i,t}",
    latex=r"e_{it} \ge 0",
    text="safety_short[i,t] >= 0",
    meaning="units that the stock of item i at the end of period t lacks of its safety stock",
    unit="units",
    pointer="/items",
)
SAFETY_STOCK_OR_PAID = Family(
    symbol="safety_stock",
    latex=r"s_{it} + e_{it} \ge z_{it} \quad \forall i, t : z_{it} > 0",
    text="stock[i,t] + safety_short[i,t] >= z[i,t] for all i, t with z > 0, where it may be missed at a price",
    meaning="stock at the end of a period is at least the safety stock, or what it lacks is paid for",
    unit="units",
    pointer="/items",
)
BACKORDER_TIME = Family(
    symbol="backorder_time",
    latex=r"b_{it} \le \sum_{\tau = t - k_i + 1}^{t} d_{i\tau} \quad \forall i, t : k_i < \infty",
    text="backorder[i,t] <= sum over the last k[i] periods of d[i,tau] for all i, t with a limit",
    meaning="no demand waits longer than allowed",
    unit="units",
    pointer="/items",
)
VALUED_STOCK = Family(
    symbol="v_i",
    latex=r"0 \le v_i \le \bar{v}_i",
    text="valued_stock[i,T] from 0 to its limit",
    meaning="units of item i on hand after the last period that have their terminal value",
    unit="units",
    pointer="/items",
)
TERMINAL_STOCK = Family(
    symbol="terminal_stock",
    latex=r"v_i \le s_{i,|T|} \quad \forall i",
    text="valued_stock[i,T] <= stock[i,T] for all i with a terminal value",
    meaning="no more stock is valued than is there",
    unit="units",
    pointer="/items",
)
FILL_RATE = Family(
    symbol="fill_rate",
    latex=r"\sum_{t} (b_{it} + l_{it}) \le (1 - \beta_i) \sum_{t} d_{it} \quad \forall i",
    text="sum over t of (backorder[i,t] + lost[i,t]) <= (1 - beta[i]) sum over t of d[i,t] for all i with a fill rate",
    meaning="at least the asked share of the demand is served on time",
    unit="units",
    pointer="/items",
)
SUBSTITUTE = Family(
    symbol="r_{i,k,t}",
    latex=r"r_{ikt} \ge 0",
    text="substitute[i<-k,t] >= 0",
    meaning="units of item k that serve the demand of item i in period t",
    unit="units",
    pointer="/items",
)
SUBSTITUTION = Family(
    symbol="substitution",
    latex=r"\sum_{k} r_{ikt} \le d_{it} + b_{i,t-1} - b_{it} - l_{it} \quad \forall i, t",
    text="sum over k of substitute[i<-k,t] <= d[i,t] + backorder[i,t-1] - backorder[i,t] - lost[i,t] for all i, t",
    meaning="other items serve demand and fill no stock",
    unit="units",
    pointer="/items",
)
