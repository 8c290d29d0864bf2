"""How the scenarios of a plan, its risk and its service constraints are written, and what they mean."""

from dataclasses import replace

from solvers.linear.model import Family

SCENARIOS = Family(
    symbol="S", latex=r"s \in S", text="s in S", meaning="demand scenarios, equally likely", unit=None, pointer="/uncertainty"
)
RISK_LEVEL = Family(
    symbol="eta",
    latex=r"\eta",
    text="eta",
    meaning="cost of stock and shortage that the worst scenarios exceed",
    unit="cost",
    pointer="/uncertainty",
)
RISK_EXCESS = Family(
    symbol="e_s",
    latex=r"e_s \ge 0",
    text="excess[s] >= 0",
    meaning="cost of stock and shortage in scenario s beyond eta",
    unit="cost",
    pointer="/uncertainty",
)
RISK = Family(
    symbol="risk",
    latex=r"e_s \ge Q_s - \eta \quad \forall s",
    text="excess[s] >= cost of stock and shortage in s - eta for all s",
    meaning="the excess of a scenario is its cost beyond the level",
    unit="cost",
    pointer="/uncertainty",
)
CYCLE_SERVICE = Family(
    symbol="cycle_service",
    latex=r"s_{i0} + \sum_{\tau \le t} (x_{i,\tau - L_i} + \rho_{i\tau}) \ge F^{-1}_{it}(\alpha_i) \quad \forall i, t",
    text="initial stock and all that has come by the end of t >= quantile alpha[i] of the cumulative demand, for all i, t",
    meaning="in the asked share of the scenarios nothing is short at the end of the period",
    unit="units",
    pointer="/items",
)


def objective(certain: Family, *, has_risk: bool) -> Family:
    """Return the objective of the plan for many scenarios."""
    if has_risk:
        return replace(
            certain,
            text=f"(1 - w) E[{certain.text}] + w CVaR[the same]",
            latex=rf"(1 - w) \, \mathbb{{E}}_s \left[ {certain.latex} \right] + w \, \mathrm{{CVaR}}_s [\cdot]",
        )
    return replace(certain, text=f"E[{certain.text}]", latex=rf"\mathbb{{E}}_s \left[ {certain.latex} \right]")
