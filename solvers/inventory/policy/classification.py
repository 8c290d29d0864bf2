"""
ABC classes by value and XYZ classes by regularity of demand.

Items are ranked by the worth of their demand. An item is A while all more valuable items together are below the first share, B
while they are below the second, else C: the item that crosses a limit still belongs to the higher class. X, Y, Z follow the
coefficient of variation of demand. Dickie (1951), Factory Management and Maintenance 109 (7), 92-94.
"""

import statistics

from models.inventory_policy.solution import ItemClass
from models.inventory_policy.stochastic import Classification, ClassifiedItem
from solvers.inventory.policy.result import PolicyResult, figure
from solvers.inventory.policy.working import Working, number


def classify(given: Classification) -> PolicyResult:
    """Return the classes of all items, in the order of the request."""
    values = [item.unit_value * sum(item.demand) for item in given.items]
    total = sum(values)
    ranked = sorted(range(len(values)), key=lambda place: (-values[place], place))
    classes: dict[int, ItemClass] = {}
    above = 0.0
    for place in ranked:
        share = above / total if total else 1.0
        above += values[place]
        variation = _variation(given.items[place])
        classes[place] = ItemClass.model_validate(
            {
                "id": given.items[place].id,
                "abc": "A" if share < given.value_shares[0] else "B" if share < given.value_shares[1] else "C",
                "xyz": _regularity(variation, given.variations),
                "value": values[place],
                "cumulative_share": min(1.0, above / total) if total else 1.0,
                "variation": variation,
            }
        )
    found = [classes[place] for place in range(len(values))]
    counts = {letter: sum(one.abc == letter for one in found) for letter in "ABC"}
    work = Working(
        "ABC and XYZ classes",
        objective=(r"v_i = w_i \sum_t d_{it}", "v[i] = w[i] · sum over t: d[i,t]"),
        unit="money",
        meaning="worth of the demand of an item; nothing is optimised",
    )
    work.given("A", "a", given.value_shares[0], "share of value at which A ends", unit=None, field="value_shares/0")
    work.given("B", "b", given.value_shares[1], "share of value at which B ends", unit=None, field="value_shares/1")
    top = sum(one.value for one in found if one.abc == "A")
    return PolicyResult(
        method="exact",
        numbers={"classes": found},
        terms=[],
        working=work,
        detail="ranked by value, then by variation",
        reason="optimal",
        figures=[
            figure("total_value", total, "money", "Worth of all demand."),
            figure("value_of_A", top, "money", "Worth of class A."),
        ],
        narrative=[
            (
                f"{counts['A']} of {len(found)} items are A: {number(100 * top / total if total else 0.0)} % of the value; "
                f"{counts['B']} are B and {counts['C']} C."
            ),
            (
                f"{sum(one.xyz == 'X' for one in found)} items have regular demand (X), {sum(one.xyz == 'Z' for one in found)} "
                "irregular demand (Z)."
            ),
        ],
    )


def _variation(item: ClassifiedItem) -> float | None:
    mean = statistics.fmean(item.demand)
    return statistics.pstdev(item.demand) / mean if mean > 0 else None


def _regularity(variation: float | None, limits: list[float]) -> str:
    if variation is None or variation > limits[1]:
        return "Z"
    return "X" if variation <= limits[0] else "Y"
