"""Facilities that are open or closed beforehand."""

from typing import Any

import pytest

from tests.solvers.network.features import proved, solve
from tests.solvers.network.test_facility_location import random_body


def fixed(body: dict[str, Any], decision: str) -> dict[str, Any]:
    """Return the problem with its first facility decided."""
    first, *others = body["facilities"]
    return {**body, "facilities": [{**first, "fixed": decision}, *others]}


@pytest.mark.parametrize("seed", range(8))
def test_the_better_of_open_and_closed_is_the_free_optimum(seed: int) -> None:
    """Deciding one facility both ways covers every plan."""
    body = random_body(seed)
    free = solve("facility-location", **body)
    answers = [solve("facility-location", **fixed(body, decision)) for decision in ("open", "closed")]
    values = [
        answer.objective.value for answer in answers if answer.objective is not None and answer.objective.value is not None
    ]
    assert (free.objective.value if free.objective else None) == pytest.approx(min(values, default=None))
    for answer, is_open in zip(answers, (True, False), strict=True):
        if answer.solution is not None:
            assert proved(answer)
            assert ("f0" in {site.id for site in answer.solution.open}) is is_open
