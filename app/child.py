"""
What runs inside a solver process: read the request, solve, check, explain, send the answer.

Messages to the supervisor are one byte of kind and a JSON payload. The answer comes in two messages: its head (status and
summary) and the rest of the envelope, which the service passes through without reading it.
"""

import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import orjson

from app.alteration import Parent, alter
from app.comparison import Quiet, asked_of
from app.confinement import confine
from app.errors import ERRORS, ProblemError
from app.execution import LEAST_TIME
from app.intake import read_problem, report
from app.parquet import parquet_request
from app.tables import PARQUET, csv_request
from models.routing import EvaluationProblem
from models.run import Answer
from solvers.comparison import compare
from solvers.errors import SolverError
from solvers.linear.write_lp import write_lp
from solvers.linear.write_mps import write_mps
from solvers.linear_forms import LINEAR_FORMS
from solvers.pipeline import answer_with_outcome, failed
from solvers.registry import FEATURES
from solvers.routing.geojson import feature_collection

INCUMBENT = b"I"
LOG = b"L"
HEAD = b"H"
ANSWER = b"A"
TEXT = b"T"
VALID = b"V"
REFUSED = b"R"

INCUMBENT_INTERVAL = 0.25
"""Shortest time between two reported incumbents, in seconds; the last one is always sent."""

STOP_INTERVAL = 0.02
"""Shortest time between two looks for a request to stop, in seconds."""

PIECE = 1 << 20
"""Bytes of a text that are sent at once."""

COMPARISON_SHARE = 0.2
"""Share of the time limit that is kept for the prediction of a what-if or why-not."""

NO_MEMORY_FOR_A_THREAD = "can't start new thread"
"""What Python says, in a plain RuntimeError, when there is no memory for the stack of a thread."""

HEAD_FIELDS = {"status", "termination", "objective", "error"}


class Reporter:
    """The `Progress` of a solver process: thins out incumbents and listens for a request to stop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._last_sent = float("-inf")
        self._pending: dict[str, Any] | None = None
        self._looked = float("-inf")
        self._stopped = False

    def incumbent(self, *, objective: float | None, bound: float | None, unassigned: int | None = None) -> None:
        """Report a better solution or bound; at most four a second leave the process, and always the last."""
        now = time.monotonic()
        gap = None if objective is None or bound is None else abs(objective - bound) / max(abs(objective), 1e-10)
        event = {"objective": objective, "bound": bound, "relative_gap": gap, "seconds": round(now - self._started, 3)}
        if unassigned is not None:
            event["unassigned"] = unassigned
        if now - self._last_sent < INCUMBENT_INTERVAL:
            self._pending = event
            return
        self._last_sent = now
        self._pending = None
        self.send(INCUMBENT, orjson.dumps(event))

    def log(self, message: str) -> None:
        """Report one line for people."""
        self.send(LOG, orjson.dumps({"message": message}))

    def stop_requested(self) -> bool:
        """Look at most every 20 ms whether the supervisor has asked to stop."""
        now = time.monotonic()
        if not self._stopped and now - self._looked >= STOP_INTERVAL:
            self._looked = now
            with self._lock:
                self._stopped = self._connection.poll(0)
        return self._stopped

    def send(self, kind: bytes, payload: bytes) -> None:
        """Send one message."""
        with self._lock:
            self._connection.send_bytes(kind + payload)

    def flush(self) -> None:
        """Send the incumbent that was held back, if any."""
        if self._pending is not None:
            self.send(INCUMBENT, orjson.dumps(self._pending))
            self._pending = None


def main(connection: Connection, life: Connection) -> None:
    """
    Serve one job and end.

    Parameters
    ----------
    connection
        Two-way: the job comes in as a header, the body of the request and what else the job needs; messages go out.
    life
        Reading end of a pipe whose writing end only the supervisor holds; its closing ends this process.
    """
    header = orjson.loads(connection.recv_bytes())
    confine(life, memory_mb=header["memory_mb"], seconds=header["hard_limit_s"])
    messages = [connection.recv_bytes() for _ in range(1 + header["further"])]
    reporter = Reporter(connection)
    jobs: dict[str, Callable[[dict[str, Any], list[bytes], Reporter], None]] = {
        "solve": _solve,
        "validate": _validate,
        "table": _table,
        "alter": _alter,
        "model": _model,
        "drawing": _drawing,
    }
    jobs[header["job"]](header, messages, reporter)


def _validate(header: dict[str, Any], messages: list[bytes], reporter: Reporter) -> None:
    """Read the request and say whether it is valid."""
    try:
        problem, warnings, _ = read_problem(header["kind"], messages[0], explain=header["explain"])
    except ProblemError as refused:
        reporter.send(REFUSED, refusal(refused))
        return
    reporter.send(VALID, orjson.dumps(report(problem, warnings)))


def _table(header: dict[str, Any], messages: list[bytes], reporter: Reporter) -> None:
    """Read a table and send the request that it stands for."""
    body, text = messages
    asked = orjson.loads(text)
    try:
        if asked["media_type"] == PARQUET:
            request = parquet_request(body, asked["query"], max_bytes=asked["max_bytes"])
        else:
            request = csv_request(body, asked["query"])
    except MemoryError:
        reporter.send(REFUSED, refusal(ProblemError("BODY_TOO_LARGE", f"The table needs more than {header['memory_mb']} MiB.")))
    except ProblemError as refused:
        reporter.send(REFUSED, refusal(refused))
    else:
        send_in_pieces(request, reporter)


def _alter(header: dict[str, Any], messages: list[bytes], reporter: Reporter) -> None:
    """Put a question to the request and send the altered request with what differs."""
    try:
        body, question, parent = messages
        altered = alter(header["kind"], body, question, parent=Parent.read(parent), explain=header["explain"])
    except ProblemError as refused:
        reporter.send(REFUSED, refusal(refused))
        return
    reporter.send(TEXT, altered.body)
    reporter.send(VALID, orjson.dumps({"report": altered.report, "alteration": altered.alteration.decode()}))


def _model(header: dict[str, Any], messages: list[bytes], reporter: Reporter) -> None:
    """Write the linear model of the request and send it in pieces."""
    body, form = messages
    problem, _, _ = read_problem(header["kind"], body)
    model = LINEAR_FORMS[header["kind"]](problem)
    send_in_pieces((write_mps if form == b"mps" else write_lp)(model).encode(), reporter)


def _drawing(header: dict[str, Any], messages: list[bytes], reporter: Reporter) -> None:
    """Draw the plan of an answer and send it in pieces."""
    body, plan = messages
    problem, _, _ = read_problem(header["kind"], body)
    routing = problem.as_routing() if isinstance(problem, EvaluationProblem) else problem
    send_in_pieces(orjson.dumps(feature_collection(routing, orjson.loads(plan)["solution"])), reporter)


def send_in_pieces(text: bytes, reporter: Reporter) -> None:
    """Send a text, and then that it is whole."""
    for place in range(0, len(text), PIECE):
        reporter.send(TEXT, text[place : place + PIECE])
    reporter.send(VALID, orjson.dumps({"bytes": len(text)}))


def _solve(header: dict[str, Any], messages: list[bytes], reporter: Reporter) -> None:
    """Solve the request and send the answer, or the reason why there is none."""
    result = _answer(header, messages, reporter)
    reporter.flush()
    reporter.send(HEAD, result.model_dump_json(include=HEAD_FIELDS).encode())
    reporter.send(ANSWER, result.model_dump_json(exclude={"status"}).encode())


def _answer(header: dict[str, Any], messages: list[bytes], reporter: Reporter) -> Answer[Any, Any]:
    """Solve the request; its text, which may be large, is let go of once it is read, unless a comparison reads it again."""
    further = messages[1:]
    started = time.monotonic()
    kind = header["kind"]
    try:
        problem, warnings, digest = read_problem(kind, messages[0], explain=header["explain"])
        if not further:
            messages.clear()
        limit = problem.options.time_limit_s
        before = min(header["spent"], max(limit - LEAST_TIME, 0.0)) + time.monotonic() - started
        kept = COMPARISON_SHARE * (limit - before) if further and kind in LINEAR_FORMS else 0.0
        result, outcome = answer_with_outcome(
            FEATURES[kind],
            problem,
            reporter,
            input_sha256=digest,
            warnings=warnings,
            default_threads=header["threads"],
            elapsed=before + kept,
            model_path=f"/v1/runs/{header['run_id']}/model" if header["run_id"] and kind in LINEAR_FORMS else None,
            diagnose=bool(further),
        )
        if not further:
            return result
        asked = asked_of(kind, messages[0], problem, result, outcome, further)
        deadline = started + max(limit - before, LEAST_TIME)
        return result.model_copy(update={"comparison": compare(asked, deadline=deadline, progress=Quiet(reporter))})
    except SolverError as error:
        return failed(error.code, error.title, str(error))
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and str(error) != NO_MEMORY_FOR_A_THREAD:
            raise
        code = "MEMORY_LIMIT_EXCEEDED"
        return failed(code, ERRORS[code].title, f"The solve needed more than {header['memory_mb']} MiB.")


def refusal(problem: ProblemError) -> bytes:
    """Pack a refused request, so that the serving process can raise it again."""
    return orjson.dumps(
        {
            "code": problem.code,
            "detail": problem.detail,
            "issues": [item.model_dump() for item in problem.issues[:100]],
            "issues_total": problem.issues_total,
            "lower_bound": problem.lower_bound,
        }
    )
