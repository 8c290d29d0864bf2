"""Which items of a plan spoil and move between sites, and what telling their ages apart takes."""

from models.inventory import PlanProblem


def moving_perishables(problem: PlanProblem) -> list[int]:
    """Return the places of the items with a shelf life that some way leads from or to."""
    ends: set[tuple[str, str | None]] = {
        (way.item, site) for way in problem.transfers for site in (way.origin, way.destination)
    }
    return [index for index, item in enumerate(problem.items) if item.shelf_life is not None and (item.id, item.site) in ends]


def count_by_use(problem: PlanProblem) -> int:
    """Return how many variables by last period of use a plan has at most."""
    place = {(item.id, item.site): item.shelf_life for item in problem.items}
    lives = [problem.items[index].shelf_life or 0 for index in moving_perishables(problem)]
    lives += [place.get((way.item, way.origin)) or 0 for way in problem.transfers]
    return sum(min(life, problem.periods) * problem.periods for life in lives)
