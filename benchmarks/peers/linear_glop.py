"""OR-Tools' GLOP, fed with the MPS text."""

from typing import Any

from ortools.linear_solver.python import model_builder

from benchmarks.peers.task import run


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the values of the variables by name."""
    model = model_builder.Model()
    if not model.import_from_mps_string(task["request"]["mps"]):
        return {}, "the MPS text was not read"
    solver = model_builder.Solver("glop")
    solver.set_time_limit_in_seconds(task["time_limit"])
    status = solver.solve(model)
    if status != model_builder.SolveStatus.OPTIMAL:
        return {}, str(status)
    return {"values": {variable.name: solver.value(variable) for variable in model.get_variables()}}, None


if __name__ == "__main__":
    run(solve, "ortools")
