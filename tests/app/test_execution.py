"""How the end of a solver process is told apart, without a process."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from types import SimpleNamespace

import pytest

import app.execution as execution
from app.execution import Job, Result, Stop

JOB = Job(kind="linear", body=b"{}", time_limit=0.05, memory_mb=100)


@pytest.fixture
def ends() -> Iterator[tuple[Connection, Connection]]:
    """Return the supervisor's and the solver's end of a connection."""
    ours, theirs = multiprocessing.Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


def listen(ours: Connection, stop: Stop, *, ended: bool = False) -> Result:
    """Return what the supervisor makes of a process that is alive, or that has ended already."""
    sentinel, life = multiprocessing.Pipe(duplex=False)
    if ended:
        life.close()
    result = Result()
    execution._listen(ours, SimpleNamespace(sentinel=sentinel), JOB, stop, lambda name, data: None, result)
    sentinel.close()
    life.close()
    return result


@pytest.mark.parametrize("request_to_stop", [False, True])
def test_a_solver_that_does_not_stop_has_exceeded_its_deadline(
    ends: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch, request_to_stop: bool
) -> None:
    """Whether or not somebody asked it to stop, it is not said to have crashed."""
    monkeypatch.setattr(execution, "GRACE", 0.05)
    stop = Stop()
    if request_to_stop:
        stop.request("stop")
    assert listen(ends[0], stop).error == "DEADLINE_EXCEEDED"


def test_a_process_that_ends_in_the_middle_of_a_message_has_crashed(ends: tuple[Connection, Connection]) -> None:
    """Half an answer is no answer, and no defect of the service."""
    ours, theirs = ends
    theirs._send((1000).to_bytes(4, "big") + b"A{")  # type: ignore[attr-defined]
    theirs.close()
    result = listen(ours, Stop(), ended=True)
    execution._explain_death(result, -9, Stop())
    assert (result.answer, result.error) == (None, "SOLVER_CRASHED")


def test_an_answer_is_read_although_the_process_has_ended(ends: tuple[Connection, Connection]) -> None:
    """What was sent before the end counts."""
    ours, theirs = ends
    theirs.send_bytes(b'H{"status":"succeeded"}')
    theirs.send_bytes(b"A{}")
    theirs.close()
    assert listen(ours, Stop(), ended=True).answer == b"{}"


def test_a_cancellation_after_a_stop_is_heard(ends: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that ignores the stop has only the short grace of a cancellation left, not its whole time limit."""
    monkeypatch.setattr(execution, "GRACE", 60.0)
    monkeypatch.setattr(execution, "CANCEL_GRACE", 0.1)
    stop = Stop()
    stop.request("stop")
    cancel = threading.Timer(0.1, stop.request, args=["cancel"])
    cancel.start()
    started = time.monotonic()
    listen(ends[0], stop)
    cancel.join()
    assert time.monotonic() - started < 10.0
