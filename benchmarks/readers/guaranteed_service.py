"""Guaranteed-service networks: a table of stages with their suppliers, as a request."""

from pathlib import Path
from typing import Any

KNOWN: dict[str, tuple[float, float]] = {
    "bulldozer": (0.30, 632_775.0),
    "battery": (0.25, 853_077.0),
    "digital_camera": (1.0, 297_816.0),
}
"""Holding rate and best cost of the published networks; the cost is rounded to whole money."""

FIRST_SUPPLIER = 8


def read(path: Path, *, holding_rate: float = 1.0) -> dict[str, Any]:
    """
    Return a request: line 1 names the columns, then one line a stage, its suppliers and their quantities at the end.

    Parameters
    ----------
    path
        The table; missing numbers are empty.
    holding_rate
        Cost of holding goods worth 1 for a unit of time.
    """
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:] if line.strip()]
    return {"stages": [_stage(row, holding_rate) for row in rows]}


def _stage(row: list[str], holding_rate: float) -> dict[str, Any]:
    name, time, limit, cost, pooling, mean, sd, z = [*row, *[""] * FIRST_SUPPLIER][:FIRST_SUPPLIER]
    rest = [part.strip() for part in row[FIRST_SUPPLIER:] if part.strip()]
    suppliers = dict(zip(rest[::2], (float(quantity) for quantity in rest[1::2]), strict=True))
    stage: dict[str, Any] = {
        "id": name,
        "processing_time": float(time),
        "added_cost": float(cost),
        "holding_rate": holding_rate,
        "upstream": list(suppliers),
    }
    if limit.strip():
        stage["max_service_time"] = float(limit)
    if pooling.strip():
        stage["pooling_exponent"] = float(pooling)
    if mean.strip():
        stage["demand"] = {"mean": float(mean), "sd": float(sd), "z": float(z)}
    if any(quantity != 1 for quantity in suppliers.values()):
        stage["upstream_quantities"] = suppliers
    return stage
