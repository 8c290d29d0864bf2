"""
How fast `/livez` answers while every core solves.

`python -m benchmarks.speed.livez` starts the service, gives it routing runs of 120 clients, and asks `/livez` again and again;
prints the seconds to `/readyz` and the percentiles, in milliseconds, with JSON as the last line.
"""

import argparse
import http.client
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import report, service

CLIENTS = 120
TARGET_P99_MS = 50.0
PAUSE = 0.01
"""Seconds between two questions."""


def made_up_request(*, seed: int, seconds: float) -> dict[str, Any]:
    """Return a routing request with clients scattered over a square of side 1,000."""
    draw = random.Random(seed)
    places = [{"id": str(k), "x": draw.randrange(1000), "y": draw.randrange(1000)} for k in range(CLIENTS + 1)]
    return {
        "locations": places,
        "travel": {"metric": "euclidean", "rounding": "nearest", "scale": 1},
        "depots": [{"id": "d0", "location": "0"}],
        "clients": [
            {"id": str(k), "location": str(k), "delivery": {"load": draw.randint(1, 20)}} for k in range(1, CLIENTS + 1)
        ],
        "vehicle_types": [{"id": "van", "count": CLIENTS, "capacity": {"load": 100}, "start_depot": "d0", "end_depot": "d0"}],
        "options": {"time_limit_s": seconds},
    }


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which the given share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ask(address: str, *, seconds: float) -> list[float]:
    """Return the milliseconds of every answer of `/livez`, asked one after the other for some seconds."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    times, deadline = [], time.monotonic() + seconds
    while time.monotonic() < deadline:
        begun = time.perf_counter()
        connection.request("GET", "/livez")
        reply = connection.getresponse()
        reply.read()
        if reply.status != 200:
            raise SystemExit(f"/livez answered {reply.status}")
        times.append(1_000 * (time.perf_counter() - begun))
        time.sleep(PAUSE)
    return times


def post(address: str, request: dict[str, Any]) -> str:
    """Post a request without waiting; return the path of its run."""
    body = json.dumps(request).encode()
    status, headers, answer = service.call(f"{address}/v1/routing", body, {"Prefer": "respond-async"})
    if status != 202:
        raise SystemExit(f"expected 202, got {status}: {answer[:300]!r}")
    return headers["location"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement from the command line; 1 when the 99th percentile under load is above 50 ms."""
    line = argparse.ArgumentParser(description="Latency of /livez while every core solves.")
    line.add_argument("--seconds", type=float, default=10, help="seconds of asking under load")
    line.add_argument("--runs", type=int, default=2, help="routing runs at the same time")
    line.add_argument("--out", type=Path, help="also write the JSON to this file")
    given = line.parse_args(arguments)
    begun = time.monotonic()
    with service.started() as address:
        ready = time.monotonic() - begun
        idle = ask(address, seconds=2)
        runs = [post(address, made_up_request(seed=k, seconds=given.seconds + 3)) for k in range(given.runs)]
        time.sleep(1.0)
        loaded = ask(address, seconds=given.seconds)
        states = [json.loads(service.call(f"{address}{path}")[2])["status"] for path in runs]
    rows: list[list[Any]] = [
        [name, len(times), percentile(times, 0.5), percentile(times, 0.99), max(times)]
        for name, times in (("idle", idle), (f"{given.runs} runs solving", loaded))
    ]
    print(report.table(["load", "answers", "p50 ms", "p99 ms", "largest ms"], rows))
    columns = ("answers", "p50_ms", "p99_ms", "max_ms")
    summary: dict[str, Any] = {"seconds_to_ready": ready, "runs_at_the_end": states}
    for name, row in zip(("idle", "loaded"), rows, strict=True):
        summary[name] = dict(zip(columns, row[1:], strict=True))
    report.finish({"benchmark": "speed.livez", "clients": CLIENTS, "summary": summary}, given.out)
    return 0 if rows[1][3] <= TARGET_P99_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
