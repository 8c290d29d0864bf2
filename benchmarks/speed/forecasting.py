"""
How many monthly series a second the full ensemble forecasts with intervals, and how long one series takes through HTTP.

`python -m benchmarks.speed.forecasting` (5,000 series); `--series 100000` for the large batch; `--peers MedianOfThree` measures
statsforecast's median of three on a few of the same series, one core, times the threads of ours. Alternates ours and the peer.
"""

import argparse
import json
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import contenders, report, service
from benchmarks.contenders import Terms

PEER_SERIES = 40
REPEATS = 3
SINGLE_REPEATS = 30
SEASON, HORIZON = 12, 18


def made_up(count: int, *, seed: int = 0) -> dict[str, Any]:
    """Return a request of monthly series of 60 to 140 observations with trend, season and noise."""
    draw = np.random.default_rng(seed)
    series = []
    for k in range(count):
        n = int(draw.integers(60, 141))
        time_ = np.arange(n)
        wave = 1 + draw.uniform(0, 0.4) * np.sin(2 * np.pi * (time_ + draw.integers(12)) / SEASON)
        level = 500 * np.exp(np.cumsum(draw.normal(draw.normal(0.002, 0.003), draw.uniform(0.005, 0.05), n)))
        values = np.round(level * wave * np.exp(draw.normal(0, 0.05, n)), 1)
        series.append({"id": str(k), "start": "2012-01-01", "values": values.tolist()})
    return {"frequency": "MS", "season_length": SEASON, "horizon": HORIZON, "levels": [80, 95], "series": series}


def descendants() -> list[int]:
    """Return the processes that descend from this one."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
    found, queue = [], [os.getpid()]
    while queue:
        parent = queue.pop()
        children = [pid for pid, above in parents.items() if above == parent]
        found += children
        queue += children
    return found


class PeakMemory:
    """Largest resident memory of any descendant while the block runs, in MiB, looked at four times a second."""

    def __init__(self) -> None:
        self.mebibytes = 0.0
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> "PeakMemory":
        """Start watching."""
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._done.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._done.wait(0.25):
            for pid in descendants():
                try:
                    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                except (OSError, IndexError):
                    continue
                self.mebibytes = max(self.mebibytes, pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def peer_rate(model: str, request: dict[str, Any]) -> float:
    """Return the peer's series a second on one core, start of the process and imports left out."""
    seconds = []
    for count in (1, PEER_SERIES):
        part = {**request, "series": request["series"][:count]}
        attempt = contenders.peer("forecasting_statsforecast", {"request": part, "model": model}, Terms(seconds=600))
        if attempt.error:
            raise SystemExit(attempt.error)
        seconds.append(attempt.seconds)
    return (PEER_SERIES - 1) / max(seconds[1] - seconds[0], 1e-3)


def single_times(repeats: int) -> list[float]:
    """Return milliseconds of one series through HTTP, the first one left out."""
    request = {**made_up(1), "options": {"time_limit_s": 10}}
    times = []
    with service.started() as address:
        for k in range(repeats + 1):
            begun = time.perf_counter()
            answer = service.solve(address, "forecasting", request)
            if answer["status"] != "succeeded":
                raise SystemExit(f"the single series did not succeed: {json.dumps(answer)[:300]}")
            if k:
                times.append(1_000 * (time.perf_counter() - begun))
    return times


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement from the command line."""
    line = argparse.ArgumentParser(description="Speed of forecasting.")
    line.add_argument("--series", type=int, default=5_000)
    line.add_argument("--threads", type=int, default=2)
    line.add_argument("--peers", default="none", help="MedianOfThree, or none")
    line.add_argument("--repeats", type=int, default=REPEATS)
    line.add_argument("--out", type=Path, help="also write the JSON to this file")
    given = line.parse_args(arguments)
    contenders.warm_up()
    terms = Terms(seconds=600, threads=given.threads)
    request, few = made_up(given.series), made_up(PEER_SERIES)
    ours: list[float] = []
    theirs: list[float] = []
    with PeakMemory() as memory:
        for _ in range(given.repeats):
            attempt = contenders.ours("forecasting", request, terms)
            if attempt.error:
                raise SystemExit(attempt.error)
            ours.append(given.series / attempt.seconds)
            if given.peers != "none":
                theirs.append(given.threads * peer_rate(given.peers, few))
    single = single_times(SINGLE_REPEATS)
    mine, other = report.median(ours) or 0.0, report.median(theirs)
    summary = {
        "series": given.series,
        "series_per_second": mine,
        "seconds": given.series / mine,
        "peak_memory_mib": memory.mebibytes,
        "peer_series_per_second": other,
        "ratio_ours_to_peer": mine / other if other else None,
        "single_median_ms": report.median(single),
        "single_largest_ms": max(single),
    }
    print(report.table(["measure", "value"], [[name, value] for name, value in summary.items()]))
    report.finish({"benchmark": "speed.forecasting", "threads": given.threads, "summary": summary}, given.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
