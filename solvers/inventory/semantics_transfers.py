"""What pydantic cannot see in the transfers of a plan: sites and items that are not there, ways that lead nowhere."""

from collections.abc import Iterator

from models.errors import Issue, issue
from models.inventory import PlanProblem
from models.inventory_transfer import Transfer
from models.run import RunWarning
from solvers.inventory.moving_items import count_by_use
from solvers.inventory.pointers import escaped

MAX_AGES = 500_000
"""Most variables by age: shelf life x periods, summed over the items that spoil and move, and over their ways."""


def transfer_issues(problem: PlanProblem) -> Iterator[Issue]:
    """Yield what makes transfers meaningless, in the order of the request."""
    sites = {site.id for site in problem.sites}
    resources = {resource.id for resource in problem.resources}
    kept = {(item.id, item.site) for item in problem.items}
    seen: dict[tuple[str, str, str], int] = {}
    for index, way in enumerate(problem.transfers):
        pointer = f"/transfers/{index}"
        first = seen.setdefault((way.item, way.origin, way.destination), index)
        if first != index:
            message = f"Entry {first} is the same way for the same item; give one entry per item, origin and destination."
            yield issue(pointer, "DUPLICATE_TRANSFER", message)
        yield from _ends(way, pointer, sites, kept)
        for name in way.resource_use:
            if name not in resources:
                message = "No entry of `resources` has this id; add the resource or correct the name."
                yield issue(f"{pointer}/resource_use/{escaped(name)}", "UNKNOWN_RESOURCE", message)

    ages = count_by_use(problem)
    if ages > MAX_AGES:
        message = f"Ages of items that spoil and move, over all sites, ways and periods, must not exceed {MAX_AGES}; leave out "
        message += "ways that are never used, or plan fewer items or fewer, longer periods."
        yield issue("/transfers", "PROBLEM_TOO_LARGE", message, limit=MAX_AGES, got=ages)


def transfer_warnings(problem: PlanProblem) -> Iterator[RunWarning]:
    """Yield what looks odd about transfers."""
    lives = {(item.id, item.site): item.shelf_life for item in problem.items}
    for index, way in enumerate(problem.transfers):
        if way.lead_time >= problem.periods:
            message = f"Nothing sent on this way arrives within the {problem.periods} periods, so it is never used."
            yield RunWarning(code="LEAD_TIME_BEYOND_HORIZON", pointer=f"/transfers/{index}/lead_time", message=message)
            continue
        life = lives.get((way.item, way.origin))
        if life is not None and way.lead_time >= life:
            message = f"A unit keeps {life} periods where it comes from and is {way.lead_time} on the way, so nothing is sent."
            yield RunWarning(code="LEAD_TIME_BEYOND_SHELF_LIFE", pointer=f"/transfers/{index}/lead_time", message=message)


def _ends(way: Transfer, pointer: str, sites: set[str], kept: set[tuple[str, str | None]]) -> Iterator[Issue]:
    """Find ends that are no sites, do not keep the item, or are the same."""
    for field, site in (("origin", way.origin), ("destination", way.destination)):
        if site not in sites:
            message = "No entry of `sites` has this id; add the site or correct the name."
            yield issue(f"{pointer}/{field}", "UNKNOWN_SITE", message)
        elif (way.item, site) not in kept:
            message = "No entry of `items` is this item at this site; add one (its demand may be all 0) or correct the name."
            yield issue(f"{pointer}/{field}", "ITEM_NOT_AT_SITE", message)
    if way.origin == way.destination:
        message = "A way leads from one site to another; origin and destination are the same."
        yield issue(f"{pointer}/destination", "SAME_SITE", message)
