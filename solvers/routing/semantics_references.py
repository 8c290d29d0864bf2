"""Checks that several parts of a routing request share: names that must exist, and windows."""

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from models.errors import Issue, issue

MAX_CANDIDATES = 2_000
"""Names beyond these are not searched for a similar one."""


def unknown(pointer: str, name: str, known: Collection[str], what: str) -> Iterator[Issue]:
    """Yield an issue when `name` is not among the known names of a kind of thing, with the most similar one."""
    if name in known:
        return
    similar = get_close_matches(name, list(known)[:MAX_CANDIDATES], n=1)
    hint = f' Did you mean "{similar[0]}"?' if similar else f" {_known(known, what)}"
    yield issue(pointer, f"UNKNOWN_{what.upper().replace(' ', '_')}", f"No {what} has this id.{hint}")


def window_issues(pointer: str, window: Sequence[float] | None) -> Iterator[Issue]:
    """Yield an issue when a window ends before it starts."""
    if window is not None and window[0] > window[1]:
        yield issue(
            pointer,
            "WINDOW_START_AFTER_END",
            f"The window starts at {window[0]:g} and ends at {window[1]:g}; swap the two or correct one of them.",
            limit=window[1],
            got=window[0],
        )


def _known(known: Collection[str], what: str) -> str:
    if not known:
        return f"The request has no {what}."
    shown = ", ".join(f'"{name}"' for name in list(known)[:5])
    return f"Known: {shown}{' and more' if len(known) > 5 else ''}."
