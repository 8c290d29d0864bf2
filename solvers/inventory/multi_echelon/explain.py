"""The explanation of a placement of stock: formulation, what a day of promise costs, and why stock is where it is."""

from models.explanation import Duals, Formulation, ModelSize, Symbol, TermShare
from models.inventory_multi_echelon import MultiEchelonExplanation, MultiEchelonProblem, MultiEchelonSolution
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.inventory.multi_echelon.arguments import Comparison
from solvers.inventory.multi_echelon.tree import is_forest
from solvers.inventory.policy.working import number

MOST_COMPARED = {(False, "summary"): 5, (False, "full"): 40, (True, "summary"): 1, (True, "full"): 3}
"""Stages whose alternatives are solved, with demand of their own and without: few where a table cannot solve them."""

SERIAL = "the serial model has no promised times; its levels and their bounds stand in the solution"
NO_ROWS = "the placement is found by dynamic or constraint programming, not as a linear model with rows and columns"


def explain_multi_echelon(
    problem: MultiEchelonProblem, outcome: Outcome[MultiEchelonSolution], ask: Ask
) -> MultiEchelonExplanation:
    """Return formulation, verified finite differences and narrative; the dearest stages are compared."""
    solution, value = outcome.solution, None if outcome.objective is None else outcome.objective.value
    unavailable = dict.fromkeys(("constraints", "variables"), NO_ROWS)
    unavailable["infeasibility"] = "serving every customer from stock is always possible"
    prices, placement = None, None
    if problem.model == "guaranteed_service" and solution is not None and value is not None:
        slow = not is_forest(outcome.evidence)
        most = MOST_COMPARED[slow, ask.level]
        ranked = sorted(range(len(solution.stages)), key=lambda k: (-(solution.stages[k].cost or 0.0), k))
        outer = [k for k in ranked if problem.stages[k].demand is not None]
        comparison = Comparison(problem, value, deadline=ask.deadline, seed=ask.reproduce.seed)
        chosen = [*outer[:most], *[k for k in ranked if k not in outer][:most]]
        prices = list(comparison.prices(chosen))
        placement = list(comparison.placement(ranked[:most], solution))
    else:
        unavailable |= dict.fromkeys(("service_prices", "placement"), SERIAL)
    terms = [] if outcome.objective is None else outcome.objective.terms
    reason = "prices are finite differences, each from a second solve: see `service_prices`"
    if problem.model != "guaranteed_service":
        reason = SERIAL
    return MultiEchelonExplanation(
        level=ask.level,
        formulation=_guaranteed(problem) if problem.model == "guaranteed_service" else _serial(problem),
        constraints=None,
        variables=None,
        duals=Duals(available=False, kind="none", degenerate=None, alternative_optima=None, reason=reason),
        objective_terms=[
            TermShare(name=term.name, value=term.value, share=term.value / value if value else None, pointer="/stages")
            for term in terms
        ],
        infeasibility=None,
        narrative=_narrative(problem, outcome, prices),
        reproduce=ask.reproduce,
        unavailable=unavailable,
        service_prices=prices,
        placement=placement,
    )


def _narrative(problem: MultiEchelonProblem, outcome: Outcome[MultiEchelonSolution], prices: object) -> list[str]:
    if outcome.solution is None or outcome.objective is None:
        return [f"{outcome.termination.detail.capitalize()}: there is no placement to explain."]
    plan, objective = outcome.solution, outcome.objective
    holders = [stage for stage in plan.stages if stage.holds_stock]
    top = sorted(holders, key=lambda stage: -stage.safety_stock * stage.unit_value)[:3]
    names = ", ".join(f"{stage.id} ({number(stage.safety_stock)} units)" for stage in top)
    lines = [
        f"{len(holders)} of {len(plan.stages)} stages hold safety stock, worth {number(plan.stock_value)} in all, most of it "
        f"at {names}."
        if holders
        else "No stage holds safety stock.",
        (
            f"Cost per unit of time: {number(objective.value or 0.0)}; no placement can cost less than "
            f"{number(objective.bound or 0.0)}."
        ),
    ]
    if problem.model == "guaranteed_service":
        lines += [one.sentence for one in (prices if isinstance(prices, list) else [])[:2]]
    else:
        inside = sum(
            stage.lower_bound - 1e-6 <= stage.echelon_base_stock_level <= stage.upper_bound + 1e-6
            for stage in plan.stages
            if stage.lower_bound is not None and stage.upper_bound is not None and stage.echelon_base_stock_level is not None
        )
        lines.append(f"{inside} of {len(plan.stages)} levels lie between Shang and Song's newsvendor bounds.")
    if plan.simulation is not None:
        cost = plan.simulation.figures[0]
        lines.append(f"A simulation achieved a cost of {number(cost.achieved)}, {number(cost.promised or 0.0)} were promised.")
    return lines


def _symbol(symbol: str, latex: str, text: str, meaning: str, unit: str | None, pointer: str | None, count: int) -> Symbol:
    return Symbol(symbol=symbol, latex=latex, text=text, meaning=meaning, unit=unit, pointer=pointer, count=count)


def _guaranteed(problem: MultiEchelonProblem) -> Formulation:
    n, arcs = len(problem.stages), sum(len(stage.upstream) for stage in problem.stages)
    objective = _symbol(
        "cost",
        r"\sum_i h_i B_i \sqrt{SI_i + T_i - S_i}",
        "sum over i: h[i] B[i] sqrt(SI[i] + T[i] - S[i])",
        "cost of the safety stock of all stages",
        "money per unit of time",
        "/stages",
        1,
    )
    unit = "units of time"
    constraints = [
        _symbol(
            "net", r"SI_i + T_i - S_i \ge 0 \quad \forall i", "SI[i] + T[i] - S[i] >= 0", "no early promise", unit, None, n
        ),
        _symbol("limit", r"S_i \le \bar{s}_i \quad \forall i", "S[i] <= s[i]", "promises to customers", unit, "/stages", n),
        _symbol(
            "arc", r"SI_j \ge S_i \quad \forall (i, j)", "SI[j] >= S[i]", "a stage waits for all inputs", unit, "/stages", arcs
        ),
    ]
    parameters = [
        _symbol("h_i", "h_i", "h[i]", "holding rate times the value of a unit", "money per unit and time", "/stages", n),
        _symbol("B_i", "B_i", "B[i]", "pooled bound on demand above its mean: z sd", "units", "/stages", n),
        _symbol("T_i", "T_i", "T[i]", "processing time", unit, "/stages", n),
    ]
    variables = [
        _symbol("S_i", "S_i", "S[i]", "promised service time", unit, None, n),
        _symbol("SI_i", "SI_i", "SI[i]", "inbound service time", unit, None, n),
    ]
    size = ModelSize(variables=2 * n, constraints=2 * n + arcs, nonzeros=4 * n + 2 * arcs, integers=2 * n)
    return _formulation("guaranteed service", objective, parameters, variables, constraints, size)


def _serial(problem: MultiEchelonProblem) -> Formulation:
    n = len(problem.stages)
    objective = _symbol(
        "cost",
        r"g_N(S_N), \quad g_j(y) = E\left[h_j (y - D_j) + g_{j-1}(\min\{S_{j-1}, y - D_j\})\right]",
        "g[N](S[N]) with g[j](y) = E[h[j] (y - D[j]) + g[j-1](min(S[j-1], y - D[j]))]",
        "holding in all stages, and what is owed to customers: g[0](x) = (p + sum h) max(-x, 0)",
        "money per unit of time",
        "/stages",
        1,
    )
    parameters = [
        _symbol(
            "h_j", "h_j", "h[j]", "echelon holding cost: holding rate times added cost", "money per unit and time", "/stages", n
        ),
        _symbol("D_j", "D_j", "D[j]", "demand of the processing time of stage j", "units", "/stages", n),
        _symbol("p", "p", "p", "cost of a unit owed", "money per unit and time", "/stages", 1),
    ]
    variables = [_symbol("S_j", "S_j", "S[j]", "echelon base-stock level", "units", None, n)]
    return _formulation("stochastic service in a line", objective, parameters, variables, [], None)


def _formulation(
    name: str,
    objective: Symbol,
    parameters: list[Symbol],
    variables: list[Symbol],
    constraints: list[Symbol],
    size: ModelSize | None,
) -> Formulation:
    rows = [rf"\min \quad & {objective.latex}", *(rf"& {line.latex}" for line in constraints)]
    return Formulation(
        name=name,
        sense="min",
        size=size,
        sets=[],
        parameters=parameters,
        variables=variables,
        objective=objective,
        constraints=constraints,
        latex="\n".join([r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}"]),
        text="\n".join([f"min {objective.text}", *(f"  {line.text}" for line in constraints)]),
        mps=None,
        lp=None,
        dual_latex=None,
        dual_text=None,
    )
