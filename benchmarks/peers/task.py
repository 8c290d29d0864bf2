"""What every peer's script does first and last: read the task, hand back the answer with its seconds and version."""

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any


def run(solve: Callable[[dict[str, Any]], tuple[dict[str, Any], str | None]], distribution: str) -> None:
    """
    Read the task, call `solve`, print the answer.

    Parameters
    ----------
    solve
        Takes the task; returns the answer and an error (None when there is an answer).
    distribution
        The package whose version is reported.
    """
    task = json.load(sys.stdin)
    started = time.monotonic()
    answer, error = solve(task)
    seconds = time.monotonic() - started
    print(json.dumps({"answer": answer, "seconds": seconds, "version": version(distribution), "error": error}))


def depot_window(request: dict[str, Any], depot: str, *, latest: int) -> tuple[int, int]:
    """Return the window of a depot in whole units, open ends replaced by 0 and `latest`."""
    window = next(item for item in request["depots"] if item["id"] == depot).get("time_window")
    return (int(window[0]), int(window[1])) if window else (0, latest)


def window(stop: dict[str, Any], *, latest: int) -> tuple[int, int]:
    """Return the only window of a stop in whole units."""
    windows = stop.get("time_windows")
    return (int(windows[0][0]), int(windows[0][1])) if windows else (0, latest)


def load(amount: dict[str, Any] | None) -> int:
    """Return the only dimension of a load."""
    return int(sum((amount or {}).values()))


def is_timed(request: dict[str, Any]) -> bool:
    """Tell whether a request has anything to do with time."""
    stops = [*request["clients"], *(end for item in request.get("shipments", []) for end in (item["pickup"], item["delivery"]))]
    return any("time_windows" in stop for stop in stops) or any("max_duration" in kind for kind in request["vehicle_types"])


def fleet(request: dict[str, Any]) -> list[dict[str, Any]]:
    """
    Return the vehicle types with counts cut to what a plan can use.

    An untimed instance without fixed costs may offer one vehicle a client; libraries whose effort grows with the number of
    vehicles get a fifth more than the total demand needs, plus five. The published plans stay within that.
    """
    kinds = [dict(kind) for kind in request["vehicle_types"]]
    if is_timed(request) or len(kinds) > 1 or request.get("shipments") or "capacity" not in kinds[0]:
        return kinds
    demand = sum(load(client.get("delivery")) for client in request["clients"])
    needed = -(-demand // load(kinds[0]["capacity"]))
    kinds[0]["count"] = min(kinds[0]["count"], int(needed * 1.2) + 5)
    return kinds
