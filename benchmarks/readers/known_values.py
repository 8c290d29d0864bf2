"""Published optima and best-known values that are not part of an instance's own file."""

import csv
from pathlib import Path

MINIMUM_COST_FLOW = {
    "netgen_8_08a": 142274536.0,
    "netgen_8_10a": 369269289.0,
    "transport_40x30": 42667.0,
    "assignment_50x50": 50.0,
    "circulation_100_0_10": -352582.0,
    "pynetgen_8_09": 227680372.0,
    "pynetgen_8_12": 752344374.0,
}
"""Optimal costs of the DIMACS instances."""


def netlib(path: Path) -> dict[str, float]:
    """Return the optimal values of `optimal_values.tsv`, by instance name."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        column = next(name for name in rows.fieldnames or () if name.endswith("objective"))
        return {row["name"]: float(row[column]) for row in rows}


def or_library(path: Path) -> dict[str, float]:
    """Return the values of `orlib_values.tsv`, by instance name."""
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {line[0]: float(line[1]) for line in lines if len(line) > 1}


def lot_sizing(path: Path) -> dict[str, tuple[float, float]]:
    """Return the best value and the lower bound of `values.tsv`, by instance name."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["instance"].removesuffix(".DAT"): (float(row["best_ub"]), float(row["lower_bound"])) for row in rows}
