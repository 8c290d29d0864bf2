"""The sets of routing instances: which files belong to them, and what each file says."""

from pathlib import Path
from typing import Any

from benchmarks.data import require
from benchmarks.evaluate import RoutingReferee
from benchmarks.readers import li_lim, vrplib_text

PARTS = {"cvrp_small": "cvrp", "cvrp_large": "cvrp", "pdptw_small": "pdptw"}
"""Parts of a folder that are sets of their own: up to 303 locations of the X set, the large ones, the tasks of 100."""

SETS = (*vrplib_text.CONVENTIONS, "pdptw", *PARTS)

CANNOT = {
    "vroom": {"pcvrptw", "mdvrptw", "sdvrptw", "hfvrp", "mtvrptwr"},
    "ortools": {"sdvrptw", "vrpb", "mtvrptwr"},
}
"""Sets that a peer's script does not express (VROOM: no prizes, no largest duration, no reloads)."""


def paths(name: str) -> list[Path]:
    """Return the instance files of a set, smallest first."""
    folder = require("routing", PARTS.get(name, name))
    tasks = name.startswith("pdptw")
    # A point in the name of a Li-Lim file marks a published plan.
    files = (path for path in folder.glob("*.txt") if "." not in path.stem) if tasks else folder.glob("*.vrp")
    chosen = [path for path in files if belongs(path.stem, name)]
    return sorted(chosen, key=lambda path: (path.stat().st_size, path.name))


def belongs(instance: str, name: str) -> bool:
    """Tell whether an instance of a folder belongs to a set."""
    if name.startswith("pdptw"):
        return instance.islower() == (name == "pdptw_small")
    if name.startswith("cvrp"):
        locations = int(instance.split("-")[1][1:]) if instance.startswith("X-") else None
        return (name == "cvrp_large") if locations is None else (name == "cvrp" or (name == "cvrp_small" and locations <= 303))
    return True


def read(name: str, path: Path) -> tuple[dict[str, Any], float | None]:
    """Return the request and the best-known cost (None for Li-Lim, whose records minimise vehicles first)."""
    if name.startswith("pdptw"):
        return li_lim.read_request(path), None
    request = vrplib_text.read_request(path, vrplib_text.CONVENTIONS[PARTS.get(name, name)])
    published = path.with_suffix(".sol")
    if not published.exists():
        return request, None
    plan = vrplib_text.published_plan(path, vrplib_text.read_solution(published))
    return request, RoutingReferee(request).verdict(plan).cost
