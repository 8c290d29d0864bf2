"""
Forecasting sets (`NAME_train.csv.gz`, `NAME_meta.csv.gz`) to requests for `/v1/forecasting`, one a frequency.

Series of one frequency share season and horizon. Where the file has dates they are kept; where it has none, or the frequency is
not a calendar one, series are dated by integers.
"""

import csv
import gzip
from collections import defaultdict
from pathlib import Path
from typing import Any

ALIASES = {"Y": "YS", "Q": "QS", "M": "MS"}
"""Frequencies that go in as calendar dates; every other one goes in as integers."""

SEASONS = {"W": 52}
"""Where the file scores with a season of 1, the season that the calendar has."""

LEVELS = [80, 95]

COVARIATES = {"oj": ("price", "deal", "feat")}
"""Columns of known drivers; of the test part only these are read, for their values over the horizon."""

WITHOUT_SEASON = ("oj",)
"""Sets of less than two years, whose missing weeks are left out: no season can be told."""


def read_requests(folder: Path, name: str, *, limit: int | None = None, covariates: bool = True) -> dict[str, dict[str, Any]]:
    """
    Return the request of every frequency of a set, by frequency.

    Parameters
    ----------
    folder
        Folder of the forecasting data.
    name
        Name of the set, such as `m3`.
    limit
        Most series in all, spread evenly over the file; None takes all.
    covariates
        False leaves the drivers of a set out.
    """
    meta = _rows(folder / f"{name}_meta.csv.gz")
    if limit is not None and limit < len(meta):
        meta = [meta[k * len(meta) // limit] for k in range(limit)]
    wanted = {row["unique_id"] for row in meta}
    if name in WITHOUT_SEASON:
        meta = [row | {"freq": "undated"} for row in meta]
    past = [row for row in _rows(folder / f"{name}_train.csv.gz") if row["unique_id"] in wanted]
    requests = build_requests(meta, past)
    if covariates and name in COVARIATES:
        future = [row for row in _rows(folder / f"{name}_test.csv.gz") if row["unique_id"] in wanted]
        for request in requests.values():
            add_covariates(request, past, future, COVARIATES[name])
    return requests


def add_covariates(
    request: dict[str, Any], past: list[dict[str, str]], future: list[dict[str, str]], names: tuple[str, ...]
) -> None:
    """Add drivers to every series of a request, from the rows of the training and the test table."""
    for field, rows in (("covariates", past), ("future_covariates", future)):
        columns: dict[str, dict[str, list[float]]] = defaultdict(lambda: {name: [] for name in names})
        for row in rows:
            for name in names:
                columns[row["unique_id"]][name].append(float(row[name]))
        for series in request["series"]:
            series[field] = columns[series["id"]]


def build_requests(meta: list[dict[str, str]], observations: list[dict[str, str]]) -> dict[str, dict[str, Any]]:
    """Return the request of every frequency from the rows of the meta and the training table."""
    values: dict[str, list[float]] = defaultdict(list)
    first: dict[str, dict[str, str]] = {}
    for row in observations:
        values[row["unique_id"]].append(float(row["y"]))
        first.setdefault(row["unique_id"], row)
    requests: dict[str, dict[str, Any]] = {}
    for row in meta:
        name, frequency = row["unique_id"], row["freq"]
        dated = frequency in ALIASES and bool(first[name].get("ds"))
        request = requests.setdefault(
            frequency,
            {
                "frequency": ALIASES[frequency] if dated else 1,
                "season_length": SEASONS.get(frequency, int(row["season"])),
                "horizon": int(row["horizon"]),
                "levels": LEVELS,
                "series": [],
            },
        )
        start = first[name]["ds"] if dated else int(first[name]["t"])
        request["series"].append({"id": name, "start": start, "values": values[name]})
    return requests


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
