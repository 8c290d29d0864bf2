"""Lengths of single ways agree with the matrices."""

import numpy as np
import pytest

from models.routing import Location, Profile, Travel
from solvers.travel.lengths import FEW_LOCATIONS, TravelLengths
from solvers.travel.matrices import travel_matrices

COUNT = FEW_LOCATIONS + 20


def _places(metric: str) -> list[Location]:
    drawn = np.random.default_rng(3).uniform(0, 80, (COUNT, 2)).tolist()
    names = ("x", "y") if metric == "euclidean" else ("lat", "lon")
    return [Location.model_validate({"id": f"l{i}", names[0]: a, names[1]: b}) for i, (a, b) in enumerate(drawn)]


@pytest.mark.parametrize("metric", ["euclidean", "haversine"])
@pytest.mark.parametrize("rounding", ["none", "nearest", "down"])
def test_lengths_on_demand_are_those_of_the_matrices(metric: str, rounding: str) -> None:
    """Scale, detour and speed apply in the same order."""
    profile = Profile(speed=0.7, detour_factor=1.3)
    travel = Travel.model_validate({"metric": metric, "rounding": rounding, "scale": 10, "profiles": {"van": profile}})
    lengths = TravelLengths(_places(metric), travel, ["van"])
    whole = travel_matrices(_places(metric), travel, ["van"])["van"]
    every = np.arange(COUNT)
    assert np.allclose(lengths.distances("van", every[:, None], every), whole.distances, rtol=1e-12, atol=0)
    assert np.allclose(lengths.durations("van", every[:, None], every), whole.durations, rtol=1e-12, atol=0)
    assert "matrices" not in vars(lengths)


def test_a_part_has_the_given_lengths_of_its_rows() -> None:
    """Rows and columns of a given matrix are picked in the order asked for."""
    given = [[0.0, 1.0, 2.0], [3.0, 0.0, 4.0], [5.0, 6.0, 0.0]]
    travel = Travel(metric="matrix", profiles={"van": Profile(distances=given)})
    lengths = TravelLengths([Location(id=name) for name in "abc"], travel, ["van"]).part([2, 0])
    assert lengths.matrices["van"].distances.tolist() == [[0, 5], [2, 0]]


def test_near_places_have_near_points_without_coordinates() -> None:
    """Landmarks stand in for coordinates: two clusters stay apart."""
    x = np.array([0.0, 1.0, 100.0, 101.0])
    given = np.abs(np.subtract.outer(x, x)).tolist()
    travel = Travel(metric="matrix", profiles={"van": Profile(distances=given)})
    points = TravelLengths([Location(id=name) for name in "abcd"], travel, ["van"]).points()
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    assert max(apart[0, 1], apart[2, 3]) < min(apart[0, 2], apart[0, 3], apart[1, 2], apart[1, 3])
