"""
Li and Lim's pickup-and-delivery instances (text) to requests for `/v1/routing`.

Line 1 is `vehicles capacity speed`; every other line is `id x y demand ready due service pickup delivery`, where a task with a
positive demand names its delivery and a task with a negative one its pickup (Li and Lim 2001, ICTAI). Distances are exact in
the literature; here they are scaled by 1,000 and rounded to nearest, so costs divided by 1,000 compare to three decimals.
Published records minimise vehicles first, so they are a reference for size only, not a best-known distance.
"""

from pathlib import Path
from typing import Any

SCALE = 1_000


def read_request(path: Path) -> dict[str, Any]:
    """Return the routing request (distance is the cost; options left out)."""
    return build_request(path.read_text(encoding="utf-8"))


def build_request(text: str) -> dict[str, Any]:
    """Return the routing request of the text of one instance."""
    lines = [[float(part) for part in line.split()] for line in text.splitlines() if line.strip()]
    vehicles, capacity = int(lines[0][0]), int(lines[0][1])
    depot, tasks = lines[1], {int(line[0]): line for line in lines[2:]}
    return {
        "locations": [{"id": str(int(line[0])), "x": line[1], "y": line[2]} for line in lines[1:]],
        "travel": {"metric": "euclidean", "rounding": "nearest", "scale": SCALE},
        "depots": [{"id": "d0", "location": "0", "time_window": _window(depot)}],
        "clients": [],
        "shipments": [
            {
                "id": str(number),
                "amount": {"load": int(task[3])},
                "pickup": _stop(task),
                "delivery": _stop(tasks[int(task[8])]),
            }
            for number, task in tasks.items()
            if task[3] > 0
        ],
        "vehicle_types": [
            {"id": "v0", "count": vehicles, "capacity": {"load": capacity}, "start_depot": "d0", "end_depot": "d0"}
        ],
    }


def _window(task: list[float]) -> list[int]:
    return [round(task[4] * SCALE), round(task[5] * SCALE)]


def _stop(task: list[float]) -> dict[str, Any]:
    return {"location": str(int(task[0])), "service_duration": round(task[6] * SCALE), "time_windows": [_window(task)]}
