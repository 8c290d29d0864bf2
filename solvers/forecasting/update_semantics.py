"""
What an update must satisfy beyond its types: states that this service signed, each series once, times within the calendar.

Light: imported by the process that answers HTTP.
"""

from collections.abc import Iterator
from itertools import islice

from models.errors import Issue, issue
from models.forecasting.update import UpdateProblem
from models.run import RunWarning
from solvers.forecasting.semantics import MOST_ISSUES, MOST_NUMBERS
from solvers.forecasting.state import State, read_state


def issues(problem: UpdateProblem) -> list[Issue]:
    """Return at most 1,000 issues, in the order of the request."""
    return list(islice(_issues(problem), MOST_ISSUES))


def warnings(problem: UpdateProblem) -> list[RunWarning]:
    """Return nothing: what an update shows, such as a bias, stands in its answer."""
    del problem
    return []


def _issues(problem: UpdateProblem) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    numbers = 0
    for index, update in enumerate(problem.series):
        state = read_state(update.state)
        if state is None:
            text = (
                "This state was changed or signed with another key: take `state` unchanged from the last answer, or fit anew."
            )
            yield issue(f"/series/{index}/state", "INVALID_STATE", text)
            continue
        first = seen.setdefault(state.id, index)
        if first != index:
            text = f"Series {first} holds a state of the same series: give all its new values there."
            yield issue(f"/series/{index}/state", "DUPLICATE_ID", text, limit=first, got=index)
        if not _reaches(state, len(update.values) + problem.horizon):
            text = "The forecast would run beyond the year 9999: shorten the horizon."
            yield issue("/horizon", "CALENDAR_EXCEEDED", text)
        numbers += problem.horizon * (3 + 2 * len(state.lower) + len(state.quantiles))
    if numbers > MOST_NUMBERS:
        text = "Series x horizon x (levels and quantiles) exceeds the largest answer: split the request."
        yield issue("/horizon", "ANSWER_TOO_LARGE", text, limit=MOST_NUMBERS, got=numbers)


def _reaches(state: State, steps: int) -> bool:
    try:
        state.grid.step(state.origin, state.position + state.seen + steps)
    except (OverflowError, ValueError):
        return False
    return True
