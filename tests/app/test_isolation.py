"""What harms one solve harms nothing else."""

import os
import signal
import subprocess
import time
from pathlib import Path

from tests.problems import facility_location, linear, routing
from tests.server import ROOT, Server, children_of, running_server

ASYNC = {"prefer": "respond-async"}


def solver_process(server: Server, before: set[int]) -> int:
    """Return the id of the process that appeared for a running solve."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        new = children_of(server.process.pid) - before
        if new:
            return new.pop()
        time.sleep(0.02)
    raise TimeoutError("no solver process appeared")


def test_killing_a_solver_fails_only_its_run(tmp_path: Path) -> None:
    """After kill -9 of a solver in mid-solve its run is failed, the next succeeds, and the server stays up."""
    with running_server(tmp_path, workers="1") as server:
        before = children_of(server.process.pid)
        run_id = server.post("routing", routing(40, time_limit=60), **ASYNC).json()["id"]
        server.until_running(run_id)
        os.kill(solver_process(server, before), signal.SIGKILL)
        run = server.finished(run_id)
        assert (run["status"], run["error"]["code"]) == ("failed", "SOLVER_CRASHED")
        assert server.post("linear", linear()).json()["status"] == "succeeded"
        assert server.process.poll() is None


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
    with running_server(tmp_path, workers="1") as server:
        assert server.client.get(f"/v1/runs/{run_id}").json()["status"] == "succeeded"


def test_too_little_memory_fails_only_its_run(tmp_path: Path) -> None:
    """A solve that needs more memory than it may take is failed with its own code or as a crash."""
    with running_server(tmp_path, memory_mb="64") as server:
        run = server.post("network/facility-location", facility_location(200), prefer="wait=20").json()
        assert run["status"] == "failed"
        assert run["error"]["code"] in ("MEMORY_LIMIT_EXCEEDED", "SOLVER_CRASHED")
        assert server.client.get("/livez").status_code == 200


def test_a_full_queue_is_answered_with_503(tmp_path: Path) -> None:
    """Beyond the limit of waiting runs the answer is 503 with Retry-After, and what was accepted is finished."""
    with running_server(tmp_path, workers="1", queue_limit="2") as server:
        answers = [server.post("routing", routing(8, time_limit=0.3), **ASYNC) for _ in range(8)]
        refused = [answer for answer in answers if answer.status_code == 503]
        assert refused
        assert refused[0].json()["code"] == "QUEUE_FULL"
        assert "retry-after" in refused[0].headers
        accepted = [answer.json()["id"] for answer in answers if answer.status_code == 202]
        assert {server.finished(run_id)["status"] for run_id in accepted} == {"succeeded"}


def test_a_second_server_keeps_out_of_the_data_folder(tmp_path: Path) -> None:
    """A data folder in use is refused with a message that says what to do."""
    with running_server(tmp_path) as server:
        environment = os.environ | {"SHADOWPRICE_PORT": "0", "SHADOWPRICE_DATA_DIR": str(tmp_path)}
        second = subprocess.run(
            [server.process.args[0], "-m", "app.cli", "serve"],  # type: ignore[index]
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
