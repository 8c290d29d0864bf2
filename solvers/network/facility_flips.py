"""Facilities opened that were closed, and the other way round, in words."""

from models.network.facility_location import FacilityLocationProblem
from solvers.linear.regret import Phrase


def flips_of_facilities(problem: FacilityLocationProblem) -> Phrase:
    """Return how a flip is called; who serves whom follows from what is open and is not flipped."""
    sites = [site.id for site in problem.facilities]

    def phrase(column: int, value: float, other: float) -> str | None:
        if column >= len(sites):
            return None
        return f"Opening {sites[column]} as well" if other > value else f"Closing {sites[column]} instead of opening it"

    return phrase
