"""
Trigeiro, Thomas and McClain's capacitated lot-sizing files (1989, Management Science 35:353-366) to `/v1/inventory/plan`.

`items periods`, `1`, capacity, one line an item `time_per_unit holding_cost setup_time setup_cost`, then demand by period: a
row of at most 15 items; with more items a second block of rows holds the rest. Some files end in a legend, which is ignored.
"""

from pathlib import Path
from typing import Any

import numpy as np

ITEMS_PER_ROW = 15


def read_plan(path: Path) -> dict[str, Any]:
    """Return the inventory request: no initial stock, no unmet demand, one shared resource with setup times."""
    return build_plan(path.read_text(encoding="utf-8", errors="replace"))


def build_plan(text: str) -> dict[str, Any]:
    """Return the inventory request of the text of one instance."""
    numbers = []
    for word in text.split():
        try:
            numbers.append(float(word))
        except ValueError:
            break  # the legend begins
    items, periods, capacity = int(numbers[0]), int(numbers[1]), numbers[3]
    attributes = np.array(numbers[4 : 4 + 4 * items]).reshape(items, 4).tolist()
    demand = _demand(numbers[4 + 4 * items :], items=items, periods=periods)
    return {
        "periods": periods,
        "items": [
            {
                "id": f"i{k}",
                "demand": demand[k],
                "initial_stock": 0,
                "holding_cost": holding,
                "fixed_cost": setup_cost,
                "unmet_demand": "forbidden",
                "resource_use": {"line": {"per_unit": time, "per_setup": setup_time}},
            }
            for k, (time, holding, setup_time, setup_cost) in enumerate(attributes)
        ],
        "resources": [{"id": "line", "capacity": [capacity] * periods}],
    }


def single_item_plan(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the inventory request of an uncapacitated one-item case (Wagner and Whitin 1958) of `textbook_cases.json`."""
    item = {
        "id": "i0",
        "demand": [float(amount) for amount in parameters["demand"]],
        "holding_cost": parameters["holding_cost"],
        "fixed_cost": parameters["fixed_cost"],
        "unmet_demand": "forbidden",
    }
    return {"periods": parameters["num_periods"], "items": [item]}


def _demand(numbers: list[float], *, items: int, periods: int) -> list[list[float]]:
    """Return demand as one list a period for every item, from blocks of at most 15 items a row."""
    blocks, start = [], 0
    for first in range(0, items, ITEMS_PER_ROW):
        width = min(ITEMS_PER_ROW, items - first)
        blocks.append(np.array(numbers[start : start + width * periods]).reshape(periods, width))
        start += width * periods
    rows: list[list[float]] = np.hstack(blocks).T.tolist()
    return rows
