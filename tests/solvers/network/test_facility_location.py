"""Facility location: cost by brute force, capacities, sharing, and conflicts."""

import random
from typing import Any

import pytest

from tests.oracles.network import cheapest_facilities
from tests.solvers.network.features import proved, solve


def random_body(seed: int) -> dict[str, Any]:
    """Return a small problem with some limited facilities and forbidden pairs."""
    stream = random.Random(seed)
    sites, people = stream.randint(1, 3), stream.randint(1, 4)
    return {
        "facilities": [
            {"id": f"f{j}", "fixed_cost": stream.randint(0, 9), "capacity": stream.choice([None, stream.randint(3, 12)])}
            for j in range(sites)
        ],
        "clients": [{"id": f"c{i}", "demand": stream.randint(1, 4)} for i in range(people)],
        "costs": [[None if stream.random() < 0.1 else stream.randint(0, 9) for _ in range(sites)] for _ in range(people)],
    }


@pytest.mark.parametrize("seed", range(15))
def test_single_source_cost_equals_brute_force(seed: int) -> None:
    """The best of all sets of facilities with one facility per client is found; sharing is never dearer."""
    body = random_body(seed)
    best = cheapest_facilities(
        [site["fixed_cost"] for site in body["facilities"]],
        [site["capacity"] for site in body["facilities"]],
        [client["demand"] for client in body["clients"]],
        body["costs"],
    )
    answer = solve("facility-location", single_source=True, **body)
    assert (None if answer.objective is None else answer.objective.value) == pytest.approx(best)
    if best is not None:
        assert proved(answer)
        shared = solve("facility-location", **body)
        assert shared.objective is not None
        assert shared.objective.value <= best + 1e-6


def test_cost_is_split_into_opening_and_serving() -> None:
    """The two parts of the cost are named and add up."""
    body = {"facilities": [{"id": "f", "fixed_cost": 7}], "clients": [{"id": "c"}], "costs": [[3]]}
    answer = solve("facility-location", level="full", **body)
    assert answer.objective is not None
    assert {term.name: term.value for term in answer.objective.terms} == {"opening": 7.0, "serving": 3.0}


def test_a_client_is_shared_when_no_facility_is_large_enough() -> None:
    """Without single sourcing two small facilities share a client; with it there is no plan."""
    body = {
        "facilities": [{"id": "f", "capacity": 3}, {"id": "g", "capacity": 3}],
        "clients": [{"id": "c", "demand": 5}],
        "costs": [[1, 2]],
    }
    shares = [service.share for service in solve("facility-location", **body).solution.services]
    assert shares == pytest.approx([0.6, 0.4])
    assert solve("facility-location", single_source=True, **body).status == "infeasible"


def test_too_little_capacity_is_explained() -> None:
    """The narrative compares what is needed with what all facilities can serve."""
    body = {"facilities": [{"id": "f", "capacity": 3}], "clients": [{"id": "c", "demand": 5}], "costs": [[1]]}
    answer = solve("facility-location", level="full", **body)
    assert answer.status == "infeasible"
    assert answer.explanation.infeasibility is not None
    assert any("too little" in sentence for sentence in answer.explanation.narrative)


def test_conditions_are_told_in_the_words_of_sites_and_clients() -> None:
    """No sentence names a row of the matrix."""
    facilities = [{"id": "near", "fixed_cost": 10, "capacity": 8}, {"id": "far", "fixed_cost": 50, "capacity": 9}]
    clients = [{"id": "shop", "demand": 5}]
    answer = solve("facility-location", level="full", facilities=facilities, clients=clients, costs=[[1, 2]])
    assert answer.explanation is not None
    assert answer.explanation.constraints is not None
    said = {report.name: report.sentence for report in answer.explanation.constraints}
    assert said["serve[shop]"] == "shop is served completely."
    assert said["capacity[near]"] == "near has 3 to spare."
    assert said["capacity[far]"] == "far has nothing to spare: it is closed or full."
