"""Polygons of two variables agree with brute force over all pairs of lines, and paths of the simplex method with the engine."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from models.explanation import Geometry
from solvers.base import Silent
from solvers.linear.geometry import geometry_of
from solvers.linear.half_plane import half_planes
from solvers.linear.model import LinearModel
from solvers.linear.solve import solve_linear
from tests.solvers.linear.cases import BUDGET, REDDY_MIKKS, integer, model, run, with_constraint
from tests.solvers.linear.random_models import random_models


def drawn(primal: LinearModel) -> Geometry:
    """Return the drawing of a model that has one."""
    geometry, _ = geometry_of(primal)
    assert geometry is not None
    return geometry


def body(*constraints: dict[str, object], **changes: object) -> dict[str, object]:
    """Return max x + y over the first quadrant with constraints."""
    variables = [{"name": "x", "objective": 1, **changes}, {"name": "y", "objective": 1, **changes}]
    rows = [{"name": f"r{index}", **constraint} for index, constraint in enumerate(constraints)]
    return {"sense": "max", "variables": variables, "constraints": rows}


def corners(geometry: Geometry) -> list[tuple[float, float]]:
    """Return the coordinates of the vertices."""
    return [(vertex.x, vertex.y) for vertex in geometry.vertices]


def crossings(primal: LinearModel) -> set[tuple[float, float]]:
    """Return the points where two lines cross and every side holds, by trying all pairs."""
    planes = half_planes(primal)
    found = set()
    for first, second in combinations(planes, 2):
        determinant = first.a * second.b - second.a * first.b
        if determinant:
            x = (first.c * second.b - second.c * first.b) / determinant
            y = (first.a * second.c - second.a * first.c) / determinant
            if all(plane.a * x + plane.b * y <= plane.c for plane in planes):
                found.add((float(x), float(y)))
    return found


def test_the_polygon_of_the_textbook() -> None:
    """Reddy Mikks (Taha, figure 2.1): six corners counter-clockwise, and the way from the origin over (4, 0)."""
    geometry = run(REDDY_MIKKS, explain="full").explanation.geometry
    assert corners(geometry) == [(0, 0), (4, 0), (3, 1.5), (2, 2), (1, 2), (0, 1)]
    assert geometry.vertices[2].binding == ["M1", "M2"]
    assert [(point.x, point.y, point.objective) for point in geometry.simplex_path] == [(0, 0, 0), (4, 0, 20), (3, 1.5, 21)]
    assert (geometry.bounded, geometry.rays) == (True, [])


def test_random_polygons_have_the_corners_of_all_pairs_of_lines() -> None:
    """Each corner once, none missing, turning left."""
    for primal in random_models(120, seed=7, columns=2):
        geometry = drawn(primal)
        assert set(corners(geometry)) == crossings(primal)
        assert len(geometry.vertices) == len(crossings(primal))
        turning = corners(geometry) if not geometry.bounded else [*corners(geometry), *corners(geometry)[:2]]
        if len(geometry.vertices) >= 3:
            for (ax, ay), (bx, by), (cx, cy) in zip(turning, turning[1:], turning[2:], strict=False):
                assert (bx - ax) * (cy - by) > (by - ay) * (cx - bx)


def test_random_regions_are_endless_exactly_along_their_rays() -> None:
    """A region is bounded when no direction keeps all sides, and empty when the engine finds no point."""
    directions = [(np.cos(angle), np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, 721)]
    for primal in random_models(120, seed=8, columns=2):
        geometry, planes = drawn(primal), half_planes(primal)
        for x, y in geometry.rays:
            assert all(float(plane.a) * x + float(plane.b) * y <= 1e-9 for plane in planes)
        if solve_linear(primal, BUDGET, Silent()).status == "infeasible":
            assert (geometry.vertices, geometry.rays, geometry.bounded) == ([], [], True)
        elif geometry.bounded:
            assert not any(all(float(p.a) * x + float(p.b) * y < -1e-6 for p in planes) for x, y in directions)
        else:
            assert geometry.rays


def test_random_paths_end_at_the_optimum() -> None:
    """Every step improves or keeps the objective, no vertex comes twice, and the last one has the engine's value."""
    for primal in random_models(120, seed=9, columns=2):
        path = drawn(primal).simplex_path
        result = solve_linear(primal, BUDGET, Silent())
        assert len({(point.x, point.y) for point in path}) == len(path)
        assert all(primal.sign * (after.objective - before.objective) <= 1e-12 for before, after in pairwise(path))
        if path and result.value is not None:
            assert path[-1].objective == pytest.approx(result.value, abs=1e-9)


def test_a_degenerate_corner_appears_once_with_all_its_names() -> None:
    """Three lines through (2, 2)."""
    primal = model(
        body({"terms": {"x": 1}, "upper": 2}, {"terms": {"y": 1}, "upper": 2}, {"terms": {"x": 1, "y": 1}, "upper": 4})
    )
    geometry = drawn(primal)
    assert corners(geometry) == [(0, 0), (2, 0), (2, 2), (0, 2)]
    assert geometry.vertices[2].binding == ["r0", "r1", "r2"]
    assert [(point.x, point.y) for point in geometry.simplex_path] == [(0, 0), (2, 0), (2, 2)]


def test_a_region_without_end_has_rays() -> None:
    """The quadrant above x + y = 1: two corners, counter-clockwise behind the upper ray, and two directions."""
    geometry = drawn(model(body({"terms": {"x": 1, "y": 1}, "lower": 1})))
    assert corners(geometry) == [(0, 1), (1, 0)]
    assert geometry.bounded is False
    assert sorted(geometry.rays) == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ([{"terms": {"x": 1, "y": 1}, "lower": 2, "upper": 2}], [(0, 2), (2, 0)]),
        ([{"terms": {"x": 1}, "lower": 1, "upper": 1}, {"terms": {"y": 1}, "upper": 0}], [(1, 0)]),
        ([{"terms": {"x": 1, "y": 1}, "upper": -1}], []),
        ([{"terms": {"x": 0}, "lower": 1}], []),
    ],
)
def test_flat_and_empty_regions(constraints: list[dict[str, object]], expected: list[tuple[float, float]]) -> None:
    """A segment has two corners, a point one, and what nothing satisfies none."""
    geometry = drawn(model(body(*constraints)))
    assert sorted(corners(geometry)) == expected
    assert geometry.bounded


def test_a_strip_has_no_vertex_and_says_why_there_is_no_path() -> None:
    """Two free variables between parallel lines."""
    explanation = run(body({"terms": {"x": 1, "y": -1}, "lower": 0, "upper": 1}, lower=None), explain="full").explanation
    assert explanation.geometry.vertices == []
    assert sorted(explanation.geometry.rays) == [[-1, -1], [1, 1]]
    assert "no vertex" in explanation.unavailable["geometry.simplex_path"]


def test_decimals_are_exact() -> None:
    """0.1 + 0.2 = 0.3, so these three lines meet in one point."""
    primal = model(
        body({"terms": {"x": 1}, "upper": 0.1}, {"terms": {"y": 1}, "upper": 0.2}, {"terms": {"x": 1, "y": 1}, "upper": 0.3})
    )
    assert drawn(primal).vertices[2].binding == ["r0", "r1", "r2"]


def test_an_infeasible_problem_shows_its_empty_polygon() -> None:
    """The sides conflict, so there are no vertices."""
    geometry = run(with_constraint(REDDY_MIKKS, name="more", terms={"x": 1}, lower=5), explain="full").explanation.geometry
    assert (geometry.vertices, geometry.simplex_path) == ([], [])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [(integer(REDDY_MIKKS), "integer"), ({**REDDY_MIKKS, "variables": [*REDDY_MIKKS["variables"], {"name": "z"}]}, "has 3")],
)
def test_other_models_are_not_drawn_and_say_why(changed: dict[str, object], reason: str) -> None:
    """Integer models and those with more or fewer than two variables."""
    explanation = run(changed, explain="full").explanation
    assert explanation.geometry is None
    assert reason in explanation.unavailable["geometry"]
