"""Three to six sentences with numbers about a plan for many demand scenarios."""

from models.inventory import PlanProblem, PlanSolution
from models.inventory_uncertainty import UncertaintyReport
from solvers.inventory.plan_arrays import labels
from solvers.inventory.plan_words import amount


def narrate_uncertain(problem: PlanProblem, solution: PlanSolution, report: UncertaintyReport) -> list[str]:
    """Return what the plan costs, what knowing more would be worth, and which service is promised and achieved."""
    weight = problem.uncertainty.risk_weight
    risk = f", of which the risk has the weight {amount(weight)}" if weight else ""
    mean, tail, worst = (amount(cost) for cost in (report.expected_cost, report.conditional_value_at_risk, report.worst_cost))
    beyond = f"in the worst of them beyond the level {amount(problem.uncertainty.risk_level)}{risk}"
    told = f"Over {report.scenarios} demand scenarios the plan costs {mean} on average, {tail} {beyond}, and {worst} at worst."
    sentences = [told]
    if report.value_of_perfect_information is not None:
        sentences.append(
            f"Knowing the demand beforehand would save {amount(report.value_of_perfect_information)} on average: "
            "no forecast is worth more than that."
        )
    if report.value_of_stochastic_solution is not None:
        saved = amount(report.value_of_stochastic_solution)
        sentences.append(f"Planning for all scenarios and not for the mean demand alone saves {saved}.")
    elif report.perfect_information_cost is not None:
        sentences.append("The plan for the mean demand alone breaks a limit or a service in some scenario.")
    rates = [(one.achieved_fill_rate, index) for index, one in enumerate(report.services) if one.achieved_fill_rate is not None]
    if rates:
        achieved, index = min(rates)
        promised = report.services[index].promised_fill_rate or 0.0
        sentences.append(
            f"On {report.simulations} fresh demand paths {labels(problem.items)[index]} has the lowest fill rate, "
            f"{achieved:.1%}; the scenarios promised {promised:.1%}."
        )
    if report.simulated_cost is not None and report.simulated_cost_error is not None:
        error = amount(report.simulated_cost_error)
        sentences.append(f"There the plan costs {amount(report.simulated_cost)} on average, give or take {error}.")
    return sentences
