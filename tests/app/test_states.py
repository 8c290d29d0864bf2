"""Signed states over HTTP, and the key that signs them."""

import stat
from pathlib import Path

from app.secret_key import kept_key
from app.settings import Settings
from tests.server import Server

SERIES = {"id": "oat-milk", "start": "2024-01-01", "values": [112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118]}


def test_a_forecast_is_moved_on(server: Server) -> None:
    """A state goes out, comes back with a new value, and the answer carries the next one."""
    body = {"frequency": "MS", "horizon": 3, "series": [SERIES]}
    fitted = server.post("forecasting", body, prefer="wait=30").json()["solution"]["series"][0]
    request = {"series": [{"state": fitted["state"], "values": [130]}], "horizon": 2}
    run = server.post("forecasting/update", request, prefer="wait=30").json()
    assert run["status"] == "succeeded", run
    assert run["certificate"]["verified"]
    moved = run["solution"]["series"][0]
    assert moved["timestamps"] == ["2025-02-01", "2025-03-01"]
    assert moved["state"] != fitted["state"]


def test_a_changed_state_is_an_error_of_the_request(server: Server) -> None:
    """422 with the pointer of the state; nothing is recorded."""
    answer = server.post("forecasting/update", {"series": [{"state": "e30.AAAA", "values": [1]}], "horizon": 1})
    assert answer.status_code == 422
    assert [(issue["code"], issue["pointer"]) for issue in answer.json()["errors"]] == [("INVALID_STATE", "/series/0/state")]


def test_the_key_is_drawn_once(tmp_path: Path) -> None:
    """The data folder keeps its key, for its owner only."""
    first = kept_key(tmp_path / "data")
    assert first == kept_key(tmp_path / "data")
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600


def test_the_key_can_be_set() -> None:
    """Several servers may share one key."""
    assert Settings(secret_key="sixteen or more bytes").secret_key == "sixteen or more bytes"
