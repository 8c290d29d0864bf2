"""A real server in a process of its own, for the tests that talk HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 20.0


class Server:
    """A running server: its address, its process, its data folder, and a client for it."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, data_dir: Path) -> None:
        self.process = process
        self.url = url
        self.data_dir = data_dir
        self.client = httpx.Client(base_url=url, timeout=60.0)

    def post(self, kind: str, body: object, **headers: str) -> httpx.Response:
        """Post a problem and return the answer."""
        return self.client.post(f"/v1/{kind}", json=body, headers=headers)

    def finished(self, run_id: str, seconds: float = 30.0) -> dict:
        """Return a run once it is final."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            run = self.client.get(f"/v1/runs/{run_id}").json()
            if run["status"] not in ("queued", "running"):
                return run
            time.sleep(0.05)
        raise TimeoutError(f"{run_id} is still {run['status']}")

    def until_running(self, run_id: str, seconds: float = 20.0) -> None:
        """Wait until a run has left the queue."""
        deadline = time.monotonic() + seconds
        while self.client.get(f"/v1/runs/{run_id}").json()["status"] == "queued":
            if time.monotonic() > deadline:
                raise TimeoutError(run_id)
            time.sleep(0.02)


@contextmanager
def running_server(data_dir: Path, **settings: str) -> Iterator[Server]:
    """Start a server on a free port, wait until it is ready, and end it with its whole process group."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHADOWPRICE_")}
    environment |= {"SHADOWPRICE_PORT": str(port), "SHADOWPRICE_DATA_DIR": str(data_dir)}
    environment |= {f"SHADOWPRICE_{name.upper()}": value for name, value in settings.items()}
    log = (data_dir / "server.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    server = Server(process, f"http://127.0.0.1:{port}", data_dir)
    try:
        _until_ready(server, data_dir)
        yield server
    finally:
        server.client.close()
        stop(process)
        log.close()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server politely, and by force when it does not obey."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until_ready(server: Server, data_dir: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if server.client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError((data_dir / "server.log").read_text())


def children_of(process_id: int) -> set[int]:
    """Return the ids of all living descendants of a process."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
    found = {process_id}
    while True:
        more = {child for child, parent in parents.items() if parent in found} - found
        if not more:
            return found - {process_id}
        found |= more
