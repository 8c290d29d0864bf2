"""HiGHS through highspy, fed with the MPS text."""

import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peers.task import run

highspy: Any = import_module("highspy")


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the values of the variables by name."""
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("time_limit", float(task["time_limit"]))
    solver.setOptionValue("threads", task["threads"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.mps"
        path.write_text(task["request"]["mps"], encoding="latin-1")
        solver.readModel(str(path))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return {}, str(solver.getModelStatus())
    values = solver.getSolution().col_value
    return {"values": dict(zip(solver.getLp().col_names_, values, strict=True))}, None


if __name__ == "__main__":
    run(solve, "highspy")
