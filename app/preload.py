"""
Imported once by the fork server, so that every solver process starts with its libraries in memory.

The command line's library is among them, because a new process imports the module that the server was started from.

The fork server must outlive a SIGTERM to the process group: running solves drain under the server's control, and the fork
server ends by itself when the server does.
"""

import signal

import typer

import app.child
from solvers import compiled

compiled.import_kernels()
compiled.warm()

signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)

__all__ = ["app", "typer"]
