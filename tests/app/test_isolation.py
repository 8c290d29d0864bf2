"""What harms one solve harms nothing else."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.runs.store import RunStore
from tests.problems import facility_location, linear, routing
from tests.server import ROOT, Server, children_of, running_server

ASYNC = {"prefer": "respond-async"}


@pytest.fixture(scope="module")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One worker, a short queue and little memory; shared, because none of these tests leaves anything behind."""
    folder = tmp_path_factory.mktemp("small")
    with running_server(folder, workers="1", queue_limit="2", memory_mb="64") as running:
        yield running


def solver_process(server: Server, before: set[int]) -> int:
    """Return the id of the process that appeared for a running solve."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        new = children_of(server.process.pid) - before
        if new:
            return new.pop()
        time.sleep(0.02)
    raise TimeoutError("no solver process appeared")


def test_killing_a_solver_fails_only_its_run(small_server: Server) -> None:
    """After kill -9 of a solver in mid-solve its run is failed, the next succeeds, and the server stays up."""
    before = children_of(small_server.process.pid)
    run_id = small_server.post("routing", routing(40, time_limit=60), **ASYNC).json()["id"]
    small_server.until_running(run_id)
    os.kill(solver_process(small_server, before), signal.SIGKILL)
    run = small_server.finished(run_id)
    assert (run["status"], run["error"]["code"]) == ("failed", "SOLVER_CRASHED")
    assert small_server.post("linear", linear()).json()["status"] == "succeeded"
    assert small_server.process.poll() is None


def command_of(pid: int) -> bytes:
    """Return the command line of a process; empty for one that has ended, as those of a killed fork server do."""
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_a_killed_fork_server_is_replaced(small_server: Server) -> None:
    """Without the process that solvers are forked from, the next run still succeeds."""
    processes = children_of(small_server.process.pid)
    for pid in processes:
        if b"forkserver" in command_of(pid):
            os.kill(pid, signal.SIGKILL)
    run = small_server.post("linear", linear(), prefer="wait=30").json()
    assert run["status"] == "succeeded", run["error"]
    assert children_of(small_server.process.pid) != processes


def test_what_was_accepted_survives_a_killed_server(tmp_path: Path) -> None:
    """Runs that were queued or running when the server was killed are finished by the next one."""
    with running_server(tmp_path, workers="1") as server:
        ids = [server.post("routing", routing(10, time_limit=0.5), **ASYNC).json()["id"] for _ in range(3)]
        server.process.kill()
        server.process.wait()
    with running_server(tmp_path, workers="1") as server:
        assert [server.finished(run_id)["status"] for run_id in ids] == ["succeeded"] * 3


def test_nothing_survives_a_killed_server(tmp_path: Path) -> None:
    """When the server is killed, its fork server and solvers end within a second."""
    with running_server(tmp_path) as server:
        before = children_of(server.process.pid)
        run_id = server.post("routing", routing(40, time_limit=60), **ASYNC).json()["id"]
        server.until_running(run_id)
        family = before | {solver_process(server, before)}
        server.process.kill()
        server.process.wait()
        deadline = time.monotonic() + 3
        while any(alive(pid) for pid in family) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not [pid for pid in family if alive(pid)]


def alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_terminated_server_lets_its_solves_finish(tmp_path: Path) -> None:
    """SIGTERM drains: the running solve is recorded before the server ends."""
    with running_server(tmp_path, workers="1") as server:
        run_id = server.post("routing", routing(10, time_limit=1.5), **ASYNC).json()["id"]
        server.until_running(run_id)
        os.killpg(server.process.pid, signal.SIGTERM)
        server.process.wait(15)
        assert server.process.returncode in (0, -signal.SIGTERM)
    store = RunStore(tmp_path / "shadowprice.db")
    record = store.get(run_id)
    store.close()
    assert record is not None
    assert record.status == "succeeded"


def test_too_little_memory_fails_only_its_run(small_server: Server) -> None:
    """A solve that needs more memory than it may take is failed with its own code or as a crash."""
    run = small_server.post("network/facility-location", facility_location(200), prefer="wait=20").json()
    assert run["status"] == "failed"
    assert run["error"]["code"] in ("MEMORY_LIMIT_EXCEEDED", "SOLVER_CRASHED")
    assert small_server.client.get("/livez").status_code == 200


def test_a_full_queue_is_answered_with_503(small_server: Server) -> None:
    """Beyond the limit of waiting runs the answer is 503 with Retry-After, and what was accepted is finished."""
    answers = [small_server.post("routing", routing(20, time_limit=0.3), **ASYNC) for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert refused[0].json()["code"] == "QUEUE_FULL"
    assert "retry-after" in refused[0].headers
    accepted = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    assert {small_server.finished(run_id)["status"] for run_id in accepted} == {"succeeded"}


def test_a_second_server_keeps_out_of_the_data_folder(small_server: Server) -> None:
    """A data folder in use is refused with a message that says what to do."""
    environment = os.environ | {"SHADOWPRICE_PORT": "0", "SHADOWPRICE_DATA_DIR": str(small_server.data_dir)}
    second = subprocess.run(
        [small_server.process.args[0], "-m", "app.cli", "serve"],  # type: ignore[index]
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert second.returncode != 0
    assert b"SHADOWPRICE_DATA_DIR" in second.stderr


def test_the_server_answers_while_all_cores_solve(server: Server) -> None:
    """/livez stays quick while every worker is busy."""
    ids = [server.post("routing", routing(60, time_limit=3), **ASYNC).json()["id"] for _ in range(2)]
    server.until_running(ids[-1])
    times = []
    for _ in range(60):
        started = time.monotonic()
        assert server.client.get("/livez").status_code == 200
        times.append(time.monotonic() - started)
        time.sleep(0.01)
    assert sorted(times)[len(times) // 2] < 0.05
    for run_id in ids:
        server.finished(run_id)
