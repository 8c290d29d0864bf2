"""
Print the answer to a linear problem as the sensitivity report of a textbook: values, prices and how far each holds.

Reads a run from standard input, explained in full:

    curl -s http://127.0.0.1:8000/v1/examples/linear_diet |
      curl -s http://127.0.0.1:8000/v1/linear -H 'Content-Type: application/json' -d @- |
      python3 scripts/sensitivity_report.py
"""

import json
import sys
from typing import Any

WIDTH = 11


def number(value: float | None, missing: str = "none") -> str:
    """Return a number with six digits, or a word for one that is missing."""
    return missing if value is None else f"{value + 0.0:.6g}"


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return lines of columns: the first to the left, the others to the right."""
    first = max(len(row[0]) for row in [head, *rows])
    return [row[0].ljust(first) + "".join(f" {cell:>{WIDTH}}" for cell in row[1:]) for row in [head, *rows]]


def ends(report: dict[str, Any], key: str) -> list[str]:
    """Return both ends of a range."""
    found = report[key] or {"lower": None, "upper": None}
    return [number(found["lower"]), number(found["upper"])]


def lines(run: dict[str, Any]) -> list[str]:
    """Return the report of a run that succeeded."""
    explanation = run["explanation"]
    variables = [
        [
            report["name"],
            *map(number, (report["value"], report["reduced_cost"], report["objective"])),
            *ends(report, "cost_range"),
        ]
        for report in explanation["variables"]
    ]
    sides = [report["upper"] if report["lower"] is None else report["lower"] for report in explanation["constraints"]]
    constraints = [
        [report["name"], *map(number, (report["activity"], report["shadow_price"], side)), *ends(report, "rhs_range")]
        for report, side in zip(explanation["constraints"], sides, strict=True)
    ]
    return [
        f"objective {number(run['objective']['value'])} {run['objective']['unit']}",
        *table(["variable", "value", "red. cost", "cost", "from", "to"], variables),
        *table(["constraint", "activity", "price", "side", "from", "to"], constraints),
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(json.load(sys.stdin))) + "\n")
