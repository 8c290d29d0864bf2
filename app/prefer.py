"""The Prefer header (RFC 7240): how long a client is willing to wait for the answer."""

import re
from dataclasses import dataclass

DEFAULT_WAIT = 10.0
LONGEST_WAIT = 300.0


@dataclass(frozen=True, slots=True)
class Preference:
    """Seconds to wait, and the value of Preference-Applied (None when nothing was asked for)."""

    wait: float
    applied: str | None


def preference(header: str | None) -> Preference:
    """
    Read `respond-async` and `wait=N`; what cannot be understood is ignored, as the RFC asks.

    With both, the answer is asynchronous only after the wait.
    """
    tokens = [token.strip().lower() for token in (header or "").split(",")]
    for token in tokens:
        found = re.fullmatch(r"wait\s*=\s*\"?(\d{1,9})\"?", token)
        if found:
            seconds = min(float(found[1]), LONGEST_WAIT)
            return Preference(seconds, f"wait={seconds:g}")
    if "respond-async" in tokens:
        return Preference(0.0, "respond-async")
    return Preference(DEFAULT_WAIT, None)
