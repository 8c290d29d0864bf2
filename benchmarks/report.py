"""How a benchmark reports: a table for people, and one JSON object as the last line of standard output."""

import argparse
import json
import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

LIBRARIES = ("shadowprice", "ortools", "pyvrp", "networkx", "numpy", "scipy")


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as aligned text; numbers to six significant digits, None as a dash."""
    cells = [list(columns), *[[_cell(value) for value in row] for row in rows]]
    widths = [max(len(line[k]) for line in cells) for k in range(len(columns))]
    lines = ["  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if isinstance(value, float):
        return f"{value:.10g}" if abs(value) >= 1e6 else f"{value:.6g}"
    return str(value)


def machine() -> dict[str, Any]:
    """Return what the numbers depend on: processor, cores, load at the end, Python, library versions."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in information.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "source"


def median(values: Sequence[float]) -> float | None:
    """Return the median, or None of nothing."""
    return statistics.median(values) if values else None


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, or None of nothing."""
    return statistics.fmean(values) if values else None


def finish(summary: dict[str, Any], out: Path | None) -> None:
    """Print the summary as the last line, and write it to a file when one is named."""
    full = {**summary, "date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(full, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(full))


def parser(description: str, *, peers: str, seconds: float) -> argparse.ArgumentParser:
    """Return the command line that all quality benchmarks share."""
    line = argparse.ArgumentParser(description=description)
    line.add_argument("--time", type=float, default=seconds, help="seconds for every contender on every instance")
    line.add_argument("--peers", default=peers, help="comma-separated; empty for ours alone")
    line.add_argument("--limit", type=int, help="only the first N instances of the set")
    line.add_argument("--instances", default="", help="comma-separated names instead of the whole set")
    line.add_argument("--seeds", type=int, default=1, help="seeds 0..N-1; medians are taken over them")
    line.add_argument("--threads", type=int, default=1, help="threads for every contender")
    line.add_argument("--out", type=Path, help="also write the JSON to this file")
    return line


def names(text: str) -> list[str]:
    """Return the parts of a comma-separated list."""
    return [part.strip() for part in text.split(",") if part.strip()]
