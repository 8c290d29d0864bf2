"""
The one table of errors, and the exception that carries one to the client.

Every 4xx and 5xx answer is problem details (RFC 9457) made here; `type` is the path of a page that this service serves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.errors import MAX_ERRORS_SHOWN, Issue, ProblemDetails


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One row of the table: HTTP status (0 for errors of a recorded run), title, and what the page of the code says."""

    status: int
    title: str
    help: str


ERRORS: Mapping[str, ErrorKind] = {
    "INVALID_JSON": ErrorKind(
        400, "The body is not JSON", "Send one JSON object. The detail names line and column. NaN and Infinity are not JSON."
    ),
    "NUMBER_TOO_LARGE": ErrorKind(
        400, "A number does not fit a 64-bit float", "Numbers must stay below 1e308; most fields allow far less."
    ),
    "TOO_DEEP": ErrorKind(400, "The body is nested too deeply", "No request needs more than 10 levels; 200 are read."),
    "NOT_UTF8": ErrorKind(400, "The body is not UTF-8", "Encode the body as UTF-8 without a byte order mark."),
    "DUPLICATE_KEY": ErrorKind(
        400, "An object has the same key twice", "JSON readers disagree on which one counts, so neither is used."
    ),
    "INVALID_COMPRESSION": ErrorKind(
        400, "The body cannot be decompressed", "Content-Encoding names gzip or zstd, and the bytes are not that."
    ),
    "INVALID_HEADER": ErrorKind(
        400, "A request header cannot be understood", "The detail names the header and what it accepts."
    ),
    "NOT_FOUND": ErrorKind(404, "There is nothing at this path", "See /docs for every path."),
    "RUN_NOT_FOUND": ErrorKind(
        404, "There is no run with this id", "Runs are deleted when they expire; `expires_at` says when."
    ),
    "EXAMPLE_NOT_FOUND": ErrorKind(404, "There is no example with this name", "GET /v1/examples lists them all."),
    "NO_LINEAR_MODEL": ErrorKind(
        404,
        "There is no linear model behind this run",
        "Model files exist for runs of linear, inventory/plan and network endpoints; routing and forecasting have no model of "
        "rows and columns.",
    ),
    "NOT_ACCEPTABLE": ErrorKind(
        406,
        "The run cannot be had in this form",
        "Runs of routing and routing/evaluate that have a plan are drawn as GeoJSON for Accept: application/geo+json; every "
        "run is JSON.",
    ),
    "RUN_NOT_FINAL": ErrorKind(
        409,
        "The run is not finished",
        "What-if and why-not compare with a finished run. Wait for it at GET /v1/runs/{id}, or stop it, and ask again.",
    ),
    "METHOD_NOT_ALLOWED": ErrorKind(405, "This path does not take this method", "The Allow header lists the methods."),
    "BODY_TOO_LARGE": ErrorKind(413, "The body is too large", "GET /v1/limits tells the limit; it counts after decompression."),
    "INVALID_TABLE": ErrorKind(400, "The table cannot be read", "A table has the columns unique_id, ds and y; see /docs."),
    "UNSUPPORTED_MEDIA_TYPE": ErrorKind(415, "The body has the wrong media type", "Send Content-Type: application/json."),
    "UNSUPPORTED_ENCODING": ErrorKind(415, "The body is compressed in an unknown way", "Content-Encoding may be gzip or zstd."),
    "INVALID_REQUEST": ErrorKind(
        422, "The problem is not valid", "`errors` lists what is wrong, each with a JSON pointer into the request."
    ),
    "INVALID_PARAMETER": ErrorKind(422, "A path or query parameter is not valid", "`errors` lists which."),
    "IDEMPOTENCY_KEY_REUSED": ErrorKind(
        422,
        "The Idempotency-Key was used with another body",
        "A key stands for one request; choose a new key for a new request.",
    ),
    "INTERNAL_ERROR": ErrorKind(500, "The service made a mistake", "Nothing is wrong with the request. Report the request id."),
    "DRAWING_NOT_WRITTEN": ErrorKind(
        500,
        "The plan could not be drawn",
        "Reading the request and finding the ways between its stops took more than the limits of time and memory.",
    ),
    "MODEL_NOT_WRITTEN": ErrorKind(
        500, "The model file could not be written", "The model does not fit the limits of time and memory for writing it."
    ),
    "NOT_READY": ErrorKind(
        503, "The service is not ready", "It is starting or stopping; ask again after the seconds in Retry-After."
    ),
    "QUEUE_FULL": ErrorKind(503, "Too many runs are waiting", "Try again after the seconds in Retry-After."),
    "STORE_UNAVAILABLE": ErrorKind(
        503, "The run could not be stored", "Nothing was accepted. The operator should look at the disk of the data folder."
    ),
    "SHUTTING_DOWN": ErrorKind(503, "The service is stopping", "Try again after the seconds in Retry-After."),
    "SOLVER_CRASHED": ErrorKind(0, "The solver process died", "Only this run is lost. The same request may be posted again."),
    "MEMORY_LIMIT_EXCEEDED": ErrorKind(
        0, "The solve needed more memory than it may take", "Make the problem smaller, or raise SHADOWPRICE_MEMORY_MB."
    ),
    "DEADLINE_EXCEEDED": ErrorKind(0, "The solver did not stop in time and was ended", "Give a longer time limit."),
    "NO_SOLUTION_WITHIN_LIMIT": ErrorKind(
        0, "No solution was found within the limits", "Give a longer time limit, or relax the problem."
    ),
    "VERIFICATION_FAILED": ErrorKind(
        0,
        "The answer failed the independent check and is withheld",
        "This is a defect of the service; please report the request.",
    ),
    "UNSUPPORTED_BY_SOLVER": ErrorKind(0, "The chosen solver cannot solve this problem", "Use options.solver: auto."),
    "ENGINE_ERROR": ErrorKind(0, "The engine reported an error", "The detail repeats what the engine said."),
    "SOLVER_ERROR": ErrorKind(0, "The solver broke off", "The detail says why."),
}


class ProblemError(Exception):
    """Raised to end a request with one row of the table."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        issues: Sequence[Issue] = (),
        issues_total: int | None = None,
        lower_bound: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.issues = list(issues)
        self.issues_total = len(self.issues) if issues_total is None else issues_total
        self.lower_bound = lower_bound
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        return ERRORS[self.code].status

    def details(self, request_id: str) -> ProblemDetails:
        """Return the body of the answer, with at most 100 issues."""
        return ProblemDetails(
            type=f"/problems/{self.code}",
            title=ERRORS[self.code].title,
            status=self.status,
            detail=self.detail,
            code=self.code,
            errors=self.issues[:MAX_ERRORS_SHOWN],
            errors_total=self.issues_total,
            errors_total_is_lower_bound=self.lower_bound,
            request_id=request_id,
        )
