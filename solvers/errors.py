"""
Exceptions of the solver side.

SolverError                 an engine broke off: the run is recorded as failed
├── UnsupportedProblemError the chosen solver cannot solve this problem
├── EngineError             the library behind a solver reported an error of its own
└── VerificationError       the independent check disagrees with the engine: the answer is withheld
UnforceableError            an alternative that a request cannot express: the question is refused, there is no run
"""

from collections.abc import Sequence

from models.errors import Issue


class SolverError(Exception):
    """An engine broke off; `code` is what the client sees in `error.code`."""

    code = "SOLVER_ERROR"
    title = "The solver broke off"


class UnsupportedProblemError(SolverError):
    """Raised when the solver named in the options cannot solve this problem."""

    code = "UNSUPPORTED_BY_SOLVER"
    title = "The chosen solver cannot solve this problem"


class EngineError(SolverError):
    """Raised when the library behind a solver reports an error of its own."""

    code = "ENGINE_ERROR"
    title = "The engine reported an error"


class VerificationError(SolverError):
    """Raised when an answer fails the independent check."""

    code = "VERIFICATION_FAILED"
    title = "The answer failed the independent check and is withheld"


class UnforceableError(Exception):
    """Raised when a forced alternative names what is not there, or asks for what cannot be forced."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__(issues[0].message)
        self.issues = list(issues)
