"""
Forecasting: ours beside models of statsforecast, scored the way the M-competitions do by the data folder's own `score.py`.

`python -m benchmarks.quality.forecasting --set m3 --peers AutoTheta,SeasonalNaive --limit 300`
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

SETS = ("m1", "m3", "m4_weekly", "carparts", "hospital", "oj")


def forecast(name: str, requests: dict[str, dict[str, Any]], terms: Terms) -> tuple[list[dict[str, Any]], float, list[str]]:
    """Return everybody's series answers over all frequencies, the seconds they took together, and the errors."""
    answers: list[dict[str, Any]] = []
    seconds, errors = 0.0, []
    for frequency, request in requests.items():
        if name == OURS:
            attempt = contenders.ours("forecasting", request, terms)
        else:
            attempt = contenders.peer("forecasting_statsforecast", {"request": request, "model": name}, terms)
        seconds += attempt.seconds
        if attempt.error:
            errors.append(f"{frequency}: {attempt.error}")
        answers += attempt.answer.get("series", [])
        print(f"  {name} {frequency}: {len(request['series'])} series in {attempt.seconds:.1f} s {attempt.error or ''}")
    return answers, seconds, errors


def write_table(answers: list[dict[str, Any]], path: Path) -> None:
    """Write forecasts in the form that `score.py` reads: unique_id, h, yhat, lo-80, hi-80, ..."""
    levels = list(answers[0]["intervals"])
    columns = [f"{end}-{float(level):g}" for level in levels for end in ("lo", "hi")]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["unique_id", "h", "yhat", *columns])
        for answer in answers:
            bands = [answer["intervals"][level][end] for level in levels for end in ("lower", "upper")]
            for step, mean in enumerate(answer["mean"]):
                table.writerow([answer["id"], step + 1, mean, *(band[step] for band in bands)])


def score(name: str, answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the row "all" of `score.py`, run in the peers' environment (it needs pandas)."""
    script = require("forecasting", "score.py")
    with tempfile.TemporaryDirectory() as folder:
        table, result = Path(folder) / "forecasts.csv", Path(folder) / "scores.json"
        write_table(answers, table)
        command = [str(contenders.peers_python()), str(script), name, str(table), "--json", str(result)]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            raise SystemExit(f"score.py failed: {done.stderr[-500:]}")
        rows: list[dict[str, Any]] = json.loads(result.read_text(encoding="utf-8"))
    return next(row for row in rows if row["freq"] == "all")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    line = report.parser("Forecasting accuracy and speed.", peers="AutoTheta,SeasonalNaive", seconds=300)
    line.add_argument("--set", choices=SETS, default="m3")
    given = line.parse_args(arguments)
    requests = series_table.read_requests(require("forecasting"), given.set, limit=given.limit)
    peers = report.names(given.peers)
    contenders.require_peers([OURS, *peers])
    contenders.warm_up()
    terms = Terms(seconds=given.time, threads=given.threads)
    rows = []
    for name in (OURS, *peers):
        answers, seconds, errors = forecast(name, requests, terms)
        scores = score(given.set, answers) if answers else {}
        rows.append({"contender": name, **scores, "seconds": seconds, "errors": errors})
    columns = ["contender", "n_series", "sMAPE", "MASE", "OWA", "cover-80", "cover-95", "msis-95", "seconds"]
    print(report.table(columns, [[row.get(column) for column in columns] for row in rows]))
    mine = rows[0]
    ratios = {row["contender"]: _ratios(mine, row) for row in rows[1:]}
    summary = {"benchmark": "quality.forecasting", "set": given.set, "time": given.time, "threads": given.threads}
    report.finish({**summary, "summary": ratios, "rows": rows}, given.out)
    return 1 if mine["errors"] else 0


def _ratios(mine: dict[str, Any], other: dict[str, Any]) -> dict[str, float | None]:
    """Return ours divided by the peer's for every score; below 1 is better for ours."""
    names = ("sMAPE", "MASE", "OWA", "msis-95", "seconds")
    return {
        f"{name}_ratio_ours_to_peer": mine[name] / other[name] if mine.get(name) and other.get(name) else None for name in names
    }


if __name__ == "__main__":
    raise SystemExit(main())
