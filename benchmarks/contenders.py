"""
Who competes: ours, through the code that serves HTTP, and each peer, as a script of its own in the peers' environment.

Every contender gets the same request, time limit, seed and number of threads, one after the other, each in a fresh process.
"""

import json
import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from benchmarks.data import PROJECT

OURS = "ours"
GRACE = 60.0
"""Seconds over its limit after which a peer is given up."""

MEMORY_MB = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What everybody gets: seconds, seed, threads."""

    seconds: float
    seed: int = 0
    threads: int = 1


@dataclass(slots=True)
class Attempt:
    """What came back: the raw answer, seconds, and an error when there is no answer."""

    answer: dict[str, Any]
    seconds: float
    error: str | None = None
    notes: dict[str, Any] = field(default_factory=dict)


def peers_python() -> Path:
    """Return the interpreter of the peers' environment."""
    named = os.environ.get("SHADOWPRICE_PEERS_PYTHON")
    return Path(named) if named else PROJECT / ".venv-peers" / "bin" / "python"


def require_peers(names: list[str]) -> None:
    """
    Make sure that the peers' environment exists when a peer is asked for.

    Raises
    ------
    SystemExit
        With a line that says what to do.
    """
    if names and not peers_python().exists():
        raise SystemExit(
            f"the peers' environment {peers_python()} is missing: build it with `make bench-peers`, or pass --peers ''"
        )


def peer_versions(distributions: dict[str, str]) -> dict[str, str]:
    """Return the version of each peer's distribution in the peers' environment."""
    require_peers(list(distributions))
    command = "import importlib.metadata as m, json, sys; print(json.dumps([m.version(name) for name in sys.argv[1:]]))"
    done = subprocess.run(
        [str(peers_python()), "-c", command, *distributions.values()], capture_output=True, text=True, check=True
    )
    return dict(zip(distributions, json.loads(done.stdout), strict=True))


def warm_up() -> None:
    """Start the fork server that ours runs from, so that the first measurement does not pay for its imports."""
    from app.execution import Job, supervise

    supervise(Job(kind="routing", body=b"{}", time_limit=60, memory_mb=MEMORY_MB, task="validate"))


def ours(kind: str, request: dict[str, Any], terms: Terms) -> Attempt:
    """Solve a request the way the service does: in a supervised child that reads, solves, checks and packs the answer."""
    from app.execution import Job, supervise

    options = {**request.get("options", {}), "time_limit_s": terms.seconds, "seed": terms.seed, "threads": terms.threads}
    body = orjson.dumps({**request, "options": options})
    started = time.monotonic()
    result = supervise(Job(kind=kind, body=body, time_limit=terms.seconds, memory_mb=MEMORY_MB, threads=terms.threads))
    seconds = time.monotonic() - started
    if result.answer is None:
        reason = str(result.refusal.issues[:3]) if result.refusal is not None else f"{result.error}: {result.detail}"
        return Attempt({}, seconds, reason)
    answer = {**(result.head or {}), **orjson.loads(result.answer)}
    error = None if answer.get("solution") is not None else json.dumps(answer.get("error") or answer.get("termination"))
    certificate, stats = answer.get("certificate") or {}, answer.get("stats") or {}
    notes = {
        "verified": certificate.get("verified", False),
        "solver": stats.get("solver"),
        "status": answer.get("status"),
        "solve_seconds": stats.get("solve_time_s"),
        "objective": (answer.get("objective") or {}).get("value"),
        "bound": (answer.get("objective") or {}).get("bound"),
    }
    return Attempt(answer.get("solution") or {}, seconds, error, notes)


def peer(script: str, task: dict[str, Any], terms: Terms) -> Attempt:
    """
    Run a peer's script: the task goes in as JSON on standard input, the answer comes back as JSON on standard output.

    Parameters
    ----------
    script
        Name of the module in `benchmarks.peers`.
    task
        `request` and whatever else the script documents.
    terms
        Limits, added to the task.
    """
    given = {**task, "time_limit": terms.seconds, "seed": terms.seed, "threads": terms.threads}
    command = [str(peers_python()), "-m", f"benchmarks.peers.{script}"]
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            cwd=PROJECT,
            timeout=terms.seconds + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Attempt({}, time.monotonic() - started, f"did not stop within {GRACE:g} s of its limit")
    if done.returncode != 0:
        return Attempt({}, time.monotonic() - started, f"exit code {done.returncode}: {done.stderr.strip()[-300:]}")
    answer = json.loads(done.stdout.splitlines()[-1])
    return Attempt(answer["answer"], answer["seconds"], answer.get("error"), {"version": answer.get("version")})
