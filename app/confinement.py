"""
Limits that a solver process puts on itself before it reads a request.

Belts and braces, each for a case that the others miss: the memory limit (relative to what the libraries have mapped already),
a timer that ends the process when native code never returns, a signal at the closing of the life pipe that works while
native code keeps the interpreter lock, and a mark that lets the kernel prefer this process when memory runs out.
"""

import contextlib
import fcntl
import os
import resource
import signal
from multiprocessing.connection import Connection
from pathlib import Path

MIB = 1024 * 1024

NICENESS = 10
"""How far a solve steps back for the process that answers requests, when all cores are busy."""


def confine(life: Connection, *, memory_mb: int, seconds: float) -> None:
    """
    Put memory, time and lifetime limits on this process.

    Parameters
    ----------
    life
        Reading end of a pipe; the process is ended by SIGIO when the writing end closes.
    memory_mb
        MiB of address space beyond what is mapped now.
    seconds
        Wall seconds after which SIGALRM ends the process.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    _die_with(life)
    _silence_output()
    os.nice(NICENESS)
    _limit_memory(memory_mb)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _die_with(life: Connection) -> None:
    """Let the closing of the pipe raise SIGIO, whose default action ends the process."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    descriptor = life.fileno()
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    if life.poll(0):
        os._exit(0)


def _silence_output() -> None:
    """Send standard output to nowhere: solver libraries print diagnostics there, and the service's log is standard error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _limit_memory(memory_mb: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + memory_mb * MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
