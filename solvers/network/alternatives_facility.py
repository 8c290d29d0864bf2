"""Forced alternatives of a facility plan: what is open or closed, and who serves whom; light enough for the front door."""

from collections.abc import Mapping
from typing import Any

from models.errors import issue
from models.force import FacilityForce
from models.network.facility_location import FacilityLocationProblem
from solvers.errors import UnforceableError

Changes = list[tuple[str, Any]]


def forced_changes(problem: FacilityLocationProblem, force: FacilityForce) -> Changes:
    """
    Return the changes that force an alternative: `fixed` of facilities, and pairs that are forbidden beside a forced one.

    Raises
    ------
    UnforceableError
        When a name is unknown, nothing is forced, or a facility is to be open and closed.
    """
    place = {site.id: index for index, site in enumerate(problem.facilities)}
    issues = []
    for field in ("open", "closed"):
        for index, name in enumerate(getattr(force, field)):
            if name not in place:
                issues.append(
                    issue(f"/force/{field}/{index}", "UNKNOWN_FACILITY", "No facility has this id; correct the name.")
                )
            elif field == "closed" and name in force.open:
                message = "The facility cannot be open and closed; remove it from one of them."
                issues.append(issue(f"/force/closed/{index}", "OPEN_AND_CLOSED", message))
    if not (force.open or force.closed or force.serve):
        issues.append(issue("/force", "NOTHING_FORCED", "Give at least one of `open`, `closed` and `serve`."))
    if issues:
        raise UnforceableError(issues)
    changes: Changes = [(f"/facilities/{place[name]}/fixed", "open") for name in dict.fromkeys(force.open)]
    changes += [(f"/facilities/{place[name]}/fixed", "closed") for name in dict.fromkeys(force.closed)]
    return changes + (_service(problem, place, force.serve.client, force.serve.facility) if force.serve else [])


def decisions(solution: Mapping[str, Any]) -> dict[str, float | str]:
    """Return what is open, and the share of every service."""
    opened: dict[str, float | str] = {f"open[{site['id']}]": 1.0 for site in solution["open"]}
    return opened | {f"serve[{part['client']},{part['facility']}]": part["share"] for part in solution["services"]}


def _service(problem: FacilityLocationProblem, place: Mapping[str, int], client: str, facility: str) -> Changes:
    row = next((index for index, person in enumerate(problem.clients) if person.id == client), None)
    if row is None:
        raise UnforceableError([issue("/force/serve/client", "UNKNOWN_CLIENT", "No client has this id; correct the name.")])
    if facility not in place:
        message = "No facility has this id; correct the name."
        raise UnforceableError([issue("/force/serve/facility", "UNKNOWN_FACILITY", message)])
    column = place[facility]
    if problem.costs[row][column] is None:
        message = "The request forbids this pair: its cost is null. Give it a cost in a what-if first."
        raise UnforceableError([issue("/force/serve", "FORBIDDEN_PAIR", message)])
    return [(f"/costs/{row}", [cost if index == column else None for index, cost in enumerate(problem.costs[row])])]
