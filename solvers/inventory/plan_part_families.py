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
