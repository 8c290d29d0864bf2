"""The service as its users see it: started on a free port with a data folder of its own, spoken to over HTTP only."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.data import PROJECT

READY_WITHIN = 60.0
"""Seconds until `/readyz` must answer 200."""

FINAL = {"succeeded", "infeasible", "unbounded", "cancelled", "failed"}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(**settings: str) -> Iterator[str]:
    """
    Start the service, wait until it is ready, yield its address, and end it.

    Parameters
    ----------
    settings
        Further SHADOWPRICE_ variables, by their name without the prefix.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        given = {"PORT": str(port), "HOST": "127.0.0.1", "DATA_DIR": folder, **settings}
        environment = {**os.environ, **{f"SHADOWPRICE_{name}": value for name, value in given.items()}}
        with tempfile.TemporaryFile() as log:
            command = [sys.executable, "-m", "app.cli", "serve"]
            server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT)
            try:
                address = f"http://127.0.0.1:{port}"
                _wait_until_ready(address, server, log)
                yield address
            finally:
                server.terminate()
                try:
                    server.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()


def _wait_until_ready(address: str, server: subprocess.Popen[bytes], log: Any) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if call(f"{address}/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    log.seek(0)
    raise SystemExit(f"the service did not become ready:\n{log.read().decode(errors='replace')[-2000:]}")


def call(
    address: str, body: bytes | None = None, headers: dict[str, str] | None = None, *, timeout: float = 320
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (names in lower case) and body of a GET, or of a POST when there is a body."""
    request = urllib.request.Request(address, data=body, headers={"Content-Type": "application/json", **(headers or {})})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=timeout) as reply:  # noqa: S310 - only ever http on this machine
            return reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def solve(address: str, kind: str, request: dict[str, Any], *, wait: int = 5) -> dict[str, Any]:
    """
    Post a problem and return its finished run; a 202 is followed by polling at its Location.

    Returns
    -------
    dict
        The run; for a refused request `{"status": "refused", "error": ...}`.
    """
    body = json.dumps(request).encode()
    status, headers, answer = call(f"{address}/v1/{kind}", body, {"Prefer": f"wait={wait}"})
    deadline = time.monotonic() + request.get("options", {}).get("time_limit_s", 10) + 60
    while status == 202:
        if time.monotonic() > deadline:
            return {"status": "late", "error": {"detail": "no answer within the time limit and a minute"}}
        time.sleep(0.2)
        location = headers.get("location", location_of(answer))
        status, new, answer = call(f"{address}{location}")
        headers = {"location": location, **new}
        if status == 200 and json.loads(answer)["status"] not in FINAL:
            status = 202
    run: dict[str, Any] = json.loads(answer)
    return run if status == 200 else {"status": "refused", "error": run}


def location_of(answer: bytes) -> str:
    """Return the path of the run in an answer."""
    return f"/v1/runs/{json.loads(answer)['id']}"
