"""
The table of all routing sets, measured in pieces: `python -m benchmarks.quality.routing --table`.

Every set has its seconds and its aims. A contender's answer to one instance with one seed is a row; rows are written to the
results file as they come and never measured again on the same machine, so that the table can be filled in several sittings.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.contenders import OURS, Terms
from benchmarks.data import PROJECT
from benchmarks.quality.routing_sets import CANNOT, paths

Row = dict[str, Any]
Measure = Callable[[Path, str, Sequence[tuple[str, Terms]]], Iterator[Row]]

ALONE, CORES = "ours_alone", "pyvrp_cores"
CONTENDERS = (OURS, ALONE, "pyvrp", CORES, "vroom", "ortools")
SOURCES = ("solvers/routing", "solvers/travel", "models/routing")
"""Folders whose content is the version of ours."""

OUT = PROJECT / "benchmarks" / "results" / "routing.json"


@dataclass(frozen=True, slots=True)
class Aim:
    """Seconds of a set, what is compared, and the largest ratio of ours to each peer."""

    seconds: float
    compared: str
    """`gap`: mean gaps; `cost`: mean costs; `worst`: the dearest instance, ours to the peer's cost."""
    ratios: dict[str, float] = field(default_factory=dict)


TABLE = {
    "cvrp_small": Aim(2, "gap", {"pyvrp": 0.4, "vroom": 0.4, "ortools": 0.4}),
    "cvrp": Aim(20, "gap", {"pyvrp": 0.6, "vroom": 0.4, "ortools": 0.12}),
    "vrptw": Aim(60, "gap", {"pyvrp": 0.8, "vroom": 0.1, "ortools": 0.1}),
    "pdptw": Aim(30, "cost", {"pyvrp": 0.95, "vroom": 0.95, "ortools": 0.95}),
    "pdptw_small": Aim(30, "worst", {"pyvrp": 1.005}),
    "hfvrp": Aim(30, "gap", {"pyvrp": 1.0}),
    "mdvrptw": Aim(30, "gap", {"pyvrp": 1.0}),
    "pcvrptw": Aim(30, "gap", {"pyvrp": 1.0}),
    "sdvrptw": Aim(30, "gap", {"pyvrp": 1.0}),
    "vrpb": Aim(30, "gap", {"pyvrp": 1.0}),
    "mtvrptwr": Aim(30, "gap", {"pyvrp": 1.0}),
    "cvrp_large": Aim(60, "gap", {"pyvrp": 0.4}),
}
"""The sets of the table and what is wanted of them."""


def contenders_of(name: str, chosen: Sequence[str]) -> list[str]:
    """Return those of the chosen contenders that the table wants for a set: ours, PyVRP, and the peers with an aim."""
    always = (OURS, ALONE, "pyvrp", CORES)
    return [who for who in chosen if (who in always or who in TABLE[name].ratios) and name not in CANNOT.get(who, ())]


def version_of(contender: str, peers: dict[str, str]) -> str:
    """Return what a row was measured with: the version of a peer's library; of ours, with a hash of the sources."""
    if contender in peers:
        return peers[contender]
    digest = sha256()
    for folder in SOURCES:
        for file in sorted((PROJECT / folder).rglob("*.py")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{version('shadowprice')}+{digest.hexdigest()[:10]}"


class Results:
    """
    The rows measured so far, in one JSON file.

    Parameters
    ----------
    path
        The file; it need not exist.
    any_version
        Keep rows of any version of the contender.
    """

    def __init__(self, path: Path, *, any_version: bool = False) -> None:
        self.path = path
        self.any_version = any_version
        self.rows: list[Row] = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []

    def has(self, key: Row) -> bool:
        """Tell whether a row with these entries is there."""
        return any(all(row.get(name) == value for name, value in self._asked(key).items()) for row in self.rows)

    def add(self, row: Row, key: Row) -> None:
        """Add a row in place of those of other versions with the same key, and write the file."""
        asked = {name: value for name, value in key.items() if name != "version"}
        self.rows = [old for old in self.rows if any(old.get(name) != value for name, value in asked.items())]
        self.rows.append({**key, **row})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_suffix(".partial")
        content = {"benchmark": "quality.routing", "table": lines(self.rows), "rows": self.rows, "machine": report.machine()}
        partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        partial.replace(self.path)

    def _asked(self, key: Row) -> Row:
        return {name: value for name, value in key.items() if name != "version" or not self.any_version}


def lines(rows: Sequence[Row]) -> list[Row]:
    """Return one line for each set and peer: both values, their ratio, the aim, and whether it is met."""
    found = []
    for name, aim in TABLE.items():
        here = [row for row in rows if row["set"] == name]
        present = {row["contender"] for row in here}
        pairs = [(OURS, peer) for peer in CONTENDERS if peer not in (OURS, ALONE)] + [(ALONE, "pyvrp")]
        found += [_line(name, aim, here, pair) for pair in pairs if set(pair) <= present]
    return found


def _line(name: str, aim: Aim, rows: Sequence[Row], pair: tuple[str, str]) -> Row:
    mine, other = (_means(rows, who, "cost" if aim.compared != "gap" else "gap_percent") for who in pair)
    both = [instance for instance in mine if mine[instance] is not None and other.get(instance) is not None]
    ours, peers = [float(mine[i] or 0.0) for i in both], [float(other[i] or 0.0) for i in both]
    wanted = aim.ratios.get(pair[1]) if pair[0] == OURS else None
    line = {"set": name, "seconds": aim.seconds, "contender": pair[0], "peer": pair[1], "compared": aim.compared,
            "instances": len(both), "unsolved": sum(value is None for value in mine.values()),
            "peer_unsolved": sum(value is None for value in other.values()),
            "value": report.mean(ours), "peer_value": report.mean(peers), "ratio": ratio(aim.compared, ours, peers),
            "aim": wanted}  # fmt: skip
    return {**line, "met": None if wanted is None else _met(line, wanted)}


def _met(line: Row, wanted: float) -> bool:
    """Tell whether ours solved everything and the ratio is small enough; without a ratio, whether ours is no worse."""
    if line["unsolved"]:
        return False
    if line["ratio"] is not None:
        return bool(line["ratio"] <= wanted)
    return line["value"] is None or line["value"] <= line["peer_value"]


def ratio(compared: str, ours: Sequence[float], peers: Sequence[float]) -> float | None:
    """Return how ours compares with a peer on the same instances; None where the peer has no gap at all."""
    if not ours:
        return None
    if compared == "worst":
        return max(mine / other for mine, other in zip(ours, peers, strict=True))
    return sum(ours) / sum(peers) if sum(peers) > 0 else None


def _means(rows: Sequence[Row], contender: str, value: str) -> dict[str, float | None]:
    """Return the mean over the seeds by instance; None where a seed has no feasible answer."""
    found: dict[str, list[float | None]] = {}
    for row in rows:
        if row["contender"] == contender:
            found.setdefault(row["instance"], []).append(row[value])
    return {
        name: report.mean([v for v in values if v is not None]) if None not in values else None
        for name, values in found.items()
    }


def run(given: argparse.Namespace, measure: Measure, peers: dict[str, str]) -> int:
    """
    Measure what is missing, one contender at a time, and print the table.

    Parameters
    ----------
    given
        The command line: sets, peers, instances, limit, seeds, threads, out, any_version.
    measure
        Yields a row for each contender and its terms on one instance.
    peers
        Version of each peer's library.
    """
    results = Results(given.out or OUT, any_version=given.any_version)
    open_rows = list(missing(given, results, peers))
    print(f"{len(open_rows)} rows to measure, about {sum(terms.seconds + 2 for *_, terms, _ in open_rows) / 60:.0f} minutes")
    if not given.show:
        for name, path, who, terms, key in open_rows:
            for row in measure(path, name, [(who, terms)]):
                results.add({**row, "load_1min": round(os.getloadavg()[0], 2)}, key)
    found = lines(results.rows)
    columns = list(found[0]) if found else []
    print(report.table(columns, [list(line.values()) for line in found]) if found else "nothing measured yet")
    return 0 if all(line["met"] is not False for line in found) else 1


def missing(given: argparse.Namespace, results: Results, peers: dict[str, str]) -> Iterator[tuple[str, Path, str, Terms, Row]]:
    """Yield set, file, contender, terms and key of every row that is still to be measured, in the order of the table."""
    chosen = report.names(given.peers) if given.peers is not None else list(CONTENDERS)
    asked = report.names(given.set) or list(TABLE)
    processor = report.machine()["processor"]
    versions = {who: version_of(who, peers) for who in chosen}
    for name in asked:
        files = [path for path in paths(name) if not given.instances or path.stem in report.names(given.instances)]
        for path in files[: given.limit]:
            for seed in range(given.seeds):
                for who in contenders_of(name, chosen):
                    terms = Terms(seconds=TABLE[name].seconds, seed=seed, threads=given.threads)
                    key = {"set": name, "instance": path.stem, "contender": who, "seed": seed, "time": terms.seconds,
                           "threads": given.threads, "version": versions[who], "processor": processor}  # fmt: skip
                    if not results.has(key):
                        yield name, path, who, terms, key
