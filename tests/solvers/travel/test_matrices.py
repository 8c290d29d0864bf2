"""Distances and durations against numbers computed by hand or from the literature."""

import numpy as np
import pytest

from models.routing import Location, Profile, Travel
from solvers.travel.great_circle import EARTH_RADIUS, haversine
from solvers.travel.matrices import rounded, travel_matrices
from solvers.travel.planar import euclidean


def test_a_pythagorean_triangle_is_exact() -> None:
    """Sides 3 and 4 give 5 without a trace of rounding."""
    distances = euclidean(x=np.array([0.0, 3.0]), y=np.array([0.0, 4.0]))
    assert distances.tolist() == [[0.0, 5.0], [5.0, 0.0]]


def test_a_quarter_of_the_equator_is_a_quarter_of_the_circumference() -> None:
    """90 degrees are pi / 2 radii."""
    distances = haversine(lat=np.array([0.0, 0.0]), lon=np.array([0.0, 90.0]))
    assert distances[0, 1] == pytest.approx(np.pi / 2 * EARTH_RADIUS, rel=1e-12)


def test_antipodes_are_half_a_circumference_apart() -> None:
    """The worst case of the formula stays finite."""
    distances = haversine(lat=np.array([90.0, -90.0]), lon=np.array([0.0, 0.0]))
    assert distances[0, 1] == pytest.approx(np.pi * EARTH_RADIUS, rel=1e-9)


def test_nearest_rounds_halves_up() -> None:
    """TSPLIB's nint, not banker's rounding."""
    assert rounded(np.array([0.5, 1.5, 2.4]), "nearest").tolist() == [1.0, 2.0, 2.0]


def test_scale_detour_and_speed_act_before_rounding() -> None:
    """10 x 1.5 x 5 = 75; at speed 2 it takes 37.5, rounded down 37."""
    places = [Location(id="a", x=0.0, y=0.0), Location(id="b", x=3.0, y=4.0)]
    travel = Travel(rounding="down", scale=10.0, profiles={"van": Profile(speed=2.0, detour_factor=1.5)})
    matrices = travel_matrices(places, travel, ["van"])["van"]
    assert (matrices.distances[0, 1], matrices.durations[0, 1]) == (75, 37)


def test_given_durations_are_scaled_and_keep_a_zero_diagonal() -> None:
    """Matrices are taken in order of the locations; staying takes no time."""
    places = [Location(id="a"), Location(id="b")]
    profile = Profile(distances=[[9.0, 2.0], [3.0, 9.0]], durations=[[9.0, 20.0], [30.0, 9.0]])
    travel = Travel(metric="matrix", scale=2.0, profiles={"van": profile})
    matrices = travel_matrices(places, travel, ["van"])["van"]
    assert matrices.distances.tolist() == [[0, 4], [6, 0]]
    assert matrices.durations.tolist() == [[0, 40], [60, 0]]


def test_durations_equal_distances_at_speed_one() -> None:
    """The same array serves for both, so that large problems need half the memory."""
    places = [Location(id="a", x=0.0, y=0.0), Location(id="b", x=1.0, y=1.0)]
    matrices = travel_matrices(places, Travel(), ["default"])["default"]
    assert matrices.distances is matrices.durations
