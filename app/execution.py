"""
Supervised solving: one child process for each job, with a hard deadline, a memory limit and a way to stop.

This is the only module that starts processes. Children come from a fork server that has the solver libraries loaded, so a
start costs milliseconds and a crash costs one run. `supervise` blocks: the service calls it in a thread, the command line
calls it directly.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

import orjson

from app.errors import ERRORS, ProblemError
from models.errors import Issue

GRACE = 5.0
"""Seconds after the time limit until the process is ended."""

LEAST_TIME = 1.0
"""Seconds that a run gets when it is taken up again, however little of its time limit remains."""

CANCEL_GRACE = 2.0
"""Seconds that a cancelled solve gets to hand back its best solution."""

VALIDATION_LIMIT = 60.0
"""Seconds that reading and validating a body may take."""

START_TRIES = 40
"""How often a start is tried while the fork server dies, at `POLL` seconds each."""

POLL = 0.05
"""Seconds between two looks at the stop switch."""


class Stop:
    """Switch by which another thread asks a running solve to end: `stop` keeps the best solution, `cancel` ends the run."""

    def __init__(self) -> None:
        self._level: Literal["", "stop", "cancel", "kill"] = ""
        self._lock = threading.RLock()  # a signal handler may ask while the thread that it interrupts is asking

    @property
    def level(self) -> str:
        """Strongest request so far: empty, "stop", "cancel" or "kill"."""
        return self._level

    def request(self, level: Literal["stop", "cancel", "kill"]) -> None:
        """Ask; a weaker request never replaces a stronger one."""
        order = ("", "stop", "cancel", "kill")
        with self._lock:
            if order.index(level) > order.index(self._level):
                self._level = level


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    One piece of work, as the child gets it.

    solve and validate take a request, table a table with its media type and query in `further`. alter takes a request and,
    in `further`, a question about it, and returns the altered request. model writes a request's linear model in the format
    named in `further`; drawing writes the plan in `further` as GeoJSON. A solve of an altered request has the alteration and
    the parent's answer in `further`.
    """

    kind: str
    body: bytes
    time_limit: float
    memory_mb: int
    threads: int = 1
    explain: str | None = None
    spent: float = 0.0
    """Seconds of the time limit that an earlier attempt has used."""
    task: Literal["solve", "validate", "table", "alter", "model", "drawing"] = "solve"
    run_id: str | None = None
    """The run that this is for, when its paths shall stand in the explanation."""
    further: tuple[bytes, ...] = ()

    def header(self) -> bytes:
        """Return the first message to the child."""
        hard_limit = self.left + GRACE + 5.0
        fields = {"job": self.task, "kind": self.kind, "explain": self.explain, "threads": self.threads, "spent": self.spent}
        return orjson.dumps(
            {
                **fields,
                "memory_mb": self.memory_mb,
                "hard_limit_s": hard_limit,
                "run_id": self.run_id,
                "further": len(self.further),
            }
        )

    @property
    def left(self) -> float:
        """Seconds that this attempt may take: what remains of the time limit, at least one second of it."""
        return max(self.time_limit - self.spent, min(self.time_limit, LEAST_TIME))


@dataclass(slots=True)
class Result:
    """
    What came back: `head` with status and summary, `answer` with the rest of the envelope as JSON text.

    Both are None when the process ended without an answer; `error` then names the row of the error table, `detail` the case.
    """

    head: dict[str, Any] | None = None
    answer: bytes | None = None
    error: str | None = None
    detail: str = ""
    report: dict[str, Any] = field(default_factory=dict)
    text: list[bytes] = field(default_factory=list)
    """Pieces of a model file, a drawing, or an altered or unpacked request; complete when `report` is there."""
    refusal: ProblemError | None = None


def start_fork_server() -> None:
    """Start the process that all children are forked from, with the solver libraries loaded; idempotent."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    _context().set_forkserver_preload(["app.preload"])


def supervise(
    job: Job,
    *,
    on_event: Callable[[str, bytes], None] = lambda name, data: None,
    stop: Stop | None = None,
) -> Result:
    """
    Run a job in a process of its own and wait for its end.

    Parameters
    ----------
    job
        What to do.
    on_event
        Called in this thread with "incumbent" or "log" and the JSON of the event.
    stop
        Switch that another thread may throw.

    Returns
    -------
    Result
        Never raises for what happens inside the process; a crash is a result.
    """
    start_fork_server()
    stop = stop or Stop()
    process, ours, life_writer = _start_process()
    result = Result()
    try:
        _send_job(ours, job)
        _listen(ours, process, job, stop, on_event, result)
    finally:
        process.kill()
        ours.close()
        if result.answer is not None:
            _reap_later(process, life_writer)
        else:
            exit_code = _reap(process, life_writer)
    if result.answer is None and result.error is None and result.refusal is None and job.task == "solve":
        _explain_death(result, exit_code, stop)
    return result


def _reap_later(process: Any, life_writer: Connection) -> None:
    """Wait for the end of a killed process in a thread of its own: the kernel takes milliseconds to give its memory back."""
    threading.Thread(target=_reap, args=(process, life_writer), name="reaper", daemon=True).start()


def _reap(process: Any, life_writer: Connection) -> int | None:
    """Wait for the end of a killed process, let go of what was held for it, and return its exit code."""
    process.join()
    life_writer.close()
    exit_code: int | None = process.exitcode
    process.close()
    return exit_code


def validate_in_child(job: Job) -> dict[str, Any]:
    """
    Read and validate a large body away from the serving process; return `app.intake.report` of it.

    Raises
    ------
    ProblemError
        What `app.intake.read_problem` raised in the child, or 422 when reading took too long or too much memory.
    """
    return in_child(job).report


def in_child(job: Job) -> Result:
    """
    Do a job that reads a request, and return what came of it.

    Raises
    ------
    ProblemError
        What was raised in the child, or 422 when it took too long or too much memory.
    """
    result = supervise(job)
    if result.refusal is not None:
        raise result.refusal
    if not result.report:
        raise ProblemError("INVALID_REQUEST", "The request could not be read within the limits of memory and time.")
    return result


def _start_process() -> tuple[Any, Connection, Connection]:
    """Return what `_new_process` returns; a fork server that is dying is given time to end, so that a new one is started."""
    for _ in range(START_TRIES):
        try:
            return _new_process()
        except (OSError, EOFError):
            time.sleep(POLL)
    return _new_process()


def _new_process() -> tuple[Any, Connection, Connection]:
    """Return a new process, our end of the connection to it, and the pipe that must stay open as long as it may live."""
    ours, theirs = multiprocessing.Pipe()
    life_reader, life_writer = multiprocessing.Pipe(duplex=False)
    process = _context().Process(target=_child_main, args=(theirs, life_reader), daemon=True)
    try:
        process.start()
    except BaseException:
        ours.close()
        life_writer.close()
        raise
    finally:
        theirs.close()
        life_reader.close()
    return process, ours, life_writer


def _context() -> Any:
    return multiprocessing.get_context("forkserver")


def _child_main(connection: Connection, life: Connection) -> None:
    """Enter the child's program; imported late so that the serving process loads no solver library."""
    from app.child import main

    main(connection, life)


def _send_job(connection: Connection, job: Job) -> None:
    """Send header and body; a child that died before reading shows in the exit code."""
    try:
        connection.send_bytes(job.header())
        for message in (job.body, *job.further):
            connection.send_bytes(message)
    except (BrokenPipeError, ConnectionResetError):
        return


def _listen(
    connection: Connection, process: Any, job: Job, stop: Stop, on_event: Callable[[str, bytes], None], result: Result
) -> None:
    """Read messages until the answer, the end of the process, or a deadline."""
    deadline = time.monotonic() + job.left + GRACE
    heard = ""
    while time.monotonic() < deadline and stop.level != "kill":
        if stop.level != heard:
            heard = stop.level
            _tell_to_stop(connection)
            if heard == "cancel":
                deadline = min(deadline, time.monotonic() + CANCEL_GRACE)
        ready = wait([connection, process.sentinel], timeout=POLL)
        if connection in ready:
            if not _receive(connection, on_event, result):
                return
        elif process.sentinel in ready:
            while connection.poll() and _receive(connection, on_event, result):
                pass
            return
    if stop.level in ("", "stop"):
        result.error = "DEADLINE_EXCEEDED"
        result.detail = f"The solver did not stop within {GRACE:g} s of its time limit of {job.time_limit:g} s."


def _tell_to_stop(connection: Connection) -> None:
    try:
        connection.send_bytes(b"stop")
    except (BrokenPipeError, ConnectionResetError):
        return


def _receive(connection: Connection, on_event: Callable[[str, bytes], None], result: Result) -> bool:
    """Take one message; return False when it was the last."""
    try:
        message = connection.recv_bytes()
    except (EOFError, OSError):  # the process ended, maybe in the middle of a message
        return False
    kind, payload = message[:1], message[1:]
    if kind in (b"I", b"L"):
        on_event("incumbent" if kind == b"I" else "log", payload)
        return True
    if kind == b"H":
        result.head = orjson.loads(payload)
        return True
    if kind == b"T":
        result.text.append(payload)
        return True
    if kind == b"A":
        result.answer = payload
    elif kind == b"V":
        result.report = orjson.loads(payload)
    elif kind == b"R":
        result.refusal = _refusal_of(orjson.loads(payload))
    return False


def _refusal_of(packed: dict[str, Any]) -> ProblemError:
    return ProblemError(
        packed["code"],
        packed["detail"],
        issues=[Issue(**item) for item in packed["issues"]],
        issues_total=packed["issues_total"],
        lower_bound=packed["lower_bound"],
    )


def _explain_death(result: Result, exit_code: int | None, stop: Stop) -> None:
    """Name the reason why the process ended without an answer."""
    if stop.level in ("cancel", "kill"):
        result.error, result.detail = "CANCELLED", "The run was cancelled before a solution was found."
        return
    result.error = "SOLVER_CRASHED"
    how = f"by signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"with exit code {exit_code}"
    result.detail = f"{ERRORS['SOLVER_CRASHED'].title} {how}. Nothing else was affected."
