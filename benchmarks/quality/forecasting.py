"""
Forecasting accuracy: ours beside models of statsforecast, scored the way the M-competitions do by the data folder's `score.py`.

`python -m benchmarks.quality.forecasting` runs ours on six sets (oj also without its covariates); `--peers` names models
(`AutoETS`, `DynamicOptimizedTheta`, `AutoCES`, `MedianOfThree`; `TSB`, `IMAPA` for carparts), `default` the usual ones of every
set. They take minutes.
"""

import csv
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import contenders, report
from benchmarks.contenders import OURS, Terms
from benchmarks.data import require
from benchmarks.readers import series_table

SETS = ("m3", "m1", "m4_weekly", "hospital", "carparts", "oj")
WITHOUT = "ours, without covariates"
PEERS = dict.fromkeys(SETS, ("DynamicOptimizedTheta", "AutoETS", "AutoCES", "MedianOfThree")) | {"carparts": ("TSB", "IMAPA")}
QUANTILE = 0.9
"""Asked for besides the levels: the upper end of the 80 % interval, so that every contender has it."""


def forecast(name: str, requests: dict[str, dict[str, Any]], terms: Terms) -> tuple[list[dict[str, Any]], float, list[str]]:
    """Return everybody's series answers over all frequencies, the seconds they took together, and the errors."""
    answers: list[dict[str, Any]] = []
    seconds, errors = 0.0, []
    for frequency, request in requests.items():
        if name in (OURS, WITHOUT):
            attempt = contenders.ours("forecasting", request, terms)
        else:
            attempt = contenders.peer("forecasting_statsforecast", {"request": request, "model": name}, terms)
        seconds += attempt.seconds
        if attempt.error:
            errors.append(f"{frequency}: {attempt.error}")
        answers += attempt.answer.get("series", [])
        print(f"  {name} {frequency}: {len(request['series'])} series in {attempt.seconds:.1f} s {attempt.error or ''}")
    return answers, seconds, errors


def write_table(answers: list[dict[str, Any]], path: Path, *, quantile: bool = False) -> None:
    """Write forecasts in the form that `score.py` reads: unique_id, h, yhat, lo-80, hi-80, ...; or the 0.9 quantile alone."""
    levels = list(answers[0]["intervals"])
    columns = [f"q-{QUANTILE:g}"] if quantile else [f"{end}-{float(level):g}" for level in levels for end in ("lo", "hi")]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["unique_id", "h", "yhat", *columns])
        for answer in answers:
            bands = [answer["intervals"][level][end] for level in levels for end in ("lower", "upper")]
            bands = [answer["intervals"]["80"]["upper"]] if quantile else bands
            for step, mean in enumerate(answer["mean"]):
                table.writerow([answer["id"], step + 1, mean, *(band[step] for band in bands)])


def score(name: str, answers: list[dict[str, Any]], *, quantile: bool = False) -> list[dict[str, Any]]:
    """Return the rows of `score.py` by frequency and of all, run in the peers' environment (it needs pandas)."""
    script = require("forecasting", "score.py")
    with tempfile.TemporaryDirectory() as folder:
        table, result = Path(folder) / "forecasts.csv", Path(folder) / "scores.json"
        write_table(answers, table, quantile=quantile)
        command = [str(contenders.peers_python()), str(script), name, str(table), "--json", str(result)]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            raise SystemExit(f"score.py failed: {done.stderr[-500:]}")
        rows: list[dict[str, Any]] = json.loads(result.read_text(encoding="utf-8"))
    return rows


def contender(name: str, given: str, requests: dict[str, dict[str, Any]], terms: Terms) -> dict[str, Any]:
    """Return the scores of one contender on one set."""
    answers, seconds, errors = forecast(name, requests, terms)
    if not answers:
        return {"contender": name, "seconds": seconds, "errors": errors}
    rows = score(given, answers)
    total = next(row for row in rows if row["freq"] == "all")
    high = next(row for row in score(given, answers, quantile=True) if row["freq"] == "all")
    groups = {row["freq"]: row["OWA"] for row in rows if row["freq"] != "all"}
    return {
        "contender": name,
        **total,
        "pinball-0.9": high["pinball"],
        "OWA_by_group": groups,
        "seconds": seconds,
        "errors": errors,
    }


def run(given: str, peers: Sequence[str], terms: Terms, limit: int | None) -> dict[str, Any]:
    """Run everybody on one set and print the table."""
    requests = series_table.read_requests(require("forecasting"), given, limit=limit)
    rows = [contender(name, given, requests, terms) for name in (OURS, *peers)]
    if given in series_table.COVARIATES:
        plain = series_table.read_requests(require("forecasting"), given, limit=limit, covariates=False)
        rows.append(contender(WITHOUT, given, plain, terms))
    columns = ["contender", "n_series", "sMAPE", "sMAPE_pts", "MASE", "OWA", "RMSSE", "bias"]
    columns += ["cover-80", "cover-95", "msis-95", "pinball-0.9", "seconds"]
    print(given)
    print(report.table(columns, [[row.get(column) for column in columns] for row in rows]))
    return {"set": given, "summary": {row["contender"]: _ratios(rows[0], row) for row in rows[1:]}, "rows": rows}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    line = report.parser("Forecasting accuracy.", peers="none", seconds=900)
    line.add_argument("--set", choices=SETS, action="append", help="one set; may be repeated; all six by default")
    given = line.parse_args(arguments)
    named = [] if given.peers == "none" else report.names(given.peers)
    contenders.require_peers([OURS, *named])
    contenders.warm_up()
    terms = Terms(seconds=given.time, threads=given.threads)
    sets = [run(name, PEERS[name] if named == ["default"] else named, terms, given.limit) for name in given.set or SETS]
    report.finish(
        {"benchmark": "quality.forecasting", "time": given.time, "threads": given.threads, "limit": given.limit, "sets": sets},
        given.out,
    )
    return 1 if any(part["rows"][0]["errors"] for part in sets) else 0


def _ratios(mine: dict[str, Any], other: dict[str, Any]) -> dict[str, float | None]:
    """Return ours divided by the peer's for every score; below 1 is better for ours."""
    names = ("sMAPE", "MASE", "OWA", "RMSSE", "msis-95", "pinball-0.9", "seconds")
    return {
        f"{name}_ratio_ours_to_peer": mine[name] / other[name] if mine.get(name) and other.get(name) else None for name in names
    }


if __name__ == "__main__":
    raise SystemExit(main())
