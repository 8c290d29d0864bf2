"""
The feasible region of a linear program of two variables, exactly: vertices, endless directions and the simplex path.

The plane is cut by one half-plane after the other (Sutherland and Hodgman, Reentrant polygon clipping, Communications of the
ACM 17, 1974) in homogeneous coordinates (x, y, w), so that a region without end is a polygon too, with some corners at infinity
(w = 0). With exact numbers a point, a segment and an empty region need no tolerance.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from models.explanation import Geometry, Point
from solvers.linear.half_plane import HalfPlane, exact, half_planes
from solvers.linear.model import LinearModel
from solvers.linear.simplex_path import Vertex, simplex_path

MOST_ROWS = 100
"""Models with more constraints are not drawn."""

Corner = tuple[Fraction, Fraction, Fraction]

ZERO, ONE = Fraction(0), Fraction(1)
PLANE: list[Corner] = [(ONE, ZERO, ZERO), (ZERO, ONE, ZERO), (-ONE, ZERO, ZERO), (ZERO, -ONE, ZERO)]


def geometry_of(model: LinearModel) -> tuple[Geometry | None, dict[str, str]]:
    """
    Return the drawing of a linear program of two variables, and for what is missing the reason by its place.

    Vertices are counter-clockwise, from the leftmost of the lowest or from the one behind the last ray. A region that is empty
    has none, and neither has one that holds a whole line. The path starts at the origin where that is a vertex, else at a
    vertex with as many bounds as any, as a first phase would find it.
    """
    if model.is_mip:
        return None, {"geometry": "a polygon shows a linear program; this model has integer variables"}
    if model.columns != 2:
        return None, {"geometry": f"a polygon needs exactly two variables; this model has {model.columns}"}
    if model.rows > MOST_ROWS:
        return None, {"geometry": f"polygons are drawn up to {MOST_ROWS} constraints; this model has {model.rows}"}
    planes = half_planes(model)
    corners = _region(planes)
    vertices = _vertices(planes, corners)
    reasons: dict[str, str] = {}
    path: list[Vertex] = []
    if vertices:
        cost = (exact(model.objective[0]), exact(model.objective[1]))
        gain = (-cost[0], -cost[1]) if model.sense == "min" else cost
        path = simplex_path(planes, gain, _start(planes, vertices, bounds=_bounds(model)))
    else:
        reasons["geometry.simplex_path"] = "the region has no vertex: it is empty or holds a whole line"
    return (
        Geometry(
            x=model.column_names[0],
            y=model.column_names[1],
            bounded=all(w for _, _, w in corners),
            vertices=[_point(model, planes, vertex) for vertex in vertices],
            rays=[[float(x), float(y)] for x, y in _rays(corners)],
            simplex_path=[_point(model, planes, vertex) for vertex in path],
        ),
        reasons,
    )


def _bounds(model: LinearModel) -> int:
    """Return how many of the half-planes are bounds of variables; they come first."""
    return int(np.isfinite(model.column_lower).sum() + np.isfinite(model.column_upper).sum())


def _region(planes: Sequence[HalfPlane]) -> list[Corner]:
    """Return the corners of the intersection, counter-clockwise; those with w = 0 are directions. Empty: no corner."""
    corners = PLANE
    for index, plane in enumerate(planes):
        if not plane.a and not plane.b:
            if plane.c < 0:
                return []
            continue
        corners = _cut(corners, plane, planes[:index])
        if all(w == 0 for _, _, w in corners):
            return []
    return corners


def _cut(corners: list[Corner], plane: HalfPlane, before: Sequence[HalfPlane]) -> list[Corner]:
    """Return what a half-plane leaves of a region that `before` has cut."""
    inside: list[Corner] = []
    outsides = [plane.a * x + plane.b * y - plane.c * w for x, y, w in corners]
    for index, (corner, outside) in enumerate(zip(corners, outsides, strict=True)):
        previous, previous_outside = corners[index - 1], outsides[index - 1]
        if outside * previous_outside < 0:
            inside.append(_between(previous, abs(outside), corner, abs(previous_outside)))
        if outside <= 0:
            inside.append(corner)
    return _with_foot(_without_repetition(inside), plane, before)


def _between(first: Corner, weight: Fraction, second: Corner, other: Fraction) -> Corner:
    return _normal(
        (
            first[0] * weight + second[0] * other,
            first[1] * weight + second[1] * other,
            first[2] * weight + second[2] * other,
        )
    )


def _normal(corner: Corner) -> Corner:
    """Return the same corner with w = 1, or as a direction whose larger part is 1 in size."""
    size = corner[2] or max(abs(corner[0]), abs(corner[1]))
    return corner[0] / size, corner[1] / size, corner[2] / size


def _without_repetition(corners: list[Corner]) -> list[Corner]:
    kept = [corner for index, corner in enumerate(corners) if corner != corners[index - 1]]
    return kept or corners[:1]


def _with_foot(corners: list[Corner], plane: HalfPlane, before: Sequence[HalfPlane]) -> list[Corner]:
    """
    Return the corners with the point of the line that is nearest to the origin between directions opposite to each other.

    Between them lies the whole line, or nothing when the half-planes before leave nothing of it.
    """
    size = plane.a * plane.a + plane.b * plane.b
    x, y = plane.a * plane.c / size, plane.b * plane.c / size
    if any(other.slack(x, y) < 0 for other in before):
        return corners
    closed = [*corners, corners[0]] if corners else []
    filled: list[Corner] = []
    for first, second in pairwise(closed):
        filled.append(first)
        if first[2] == second[2] == 0 and first[:2] == (-second[0], -second[1]):
            filled.append((x, y, ONE))
    return filled


def _vertices(planes: Sequence[HalfPlane], corners: list[Corner]) -> list[Vertex]:
    """Return the finite corners in which two lines cross, counter-clockwise."""
    points = [(x, y) if w and _is_vertex(planes, x, y) else None for x, y, w in corners]
    found = [point for point in points if point is not None]
    if not found:
        return []
    ends = [index for index, corner in enumerate(corners) if corner[2] == 0 and corners[(index + 1) % len(corners)][2]]
    first = points.index(min(found, key=lambda point: (point[1], point[0]))) if not ends else ends[0]
    turned = [*points[first:], *points[:first]]
    return list(dict.fromkeys(point for point in turned if point is not None))


def _is_vertex(planes: Sequence[HalfPlane], x: Fraction, y: Fraction) -> bool:
    tight = [plane for plane in planes if (plane.a or plane.b) and plane.slack(x, y) == 0]
    return any(tight[0].a * other.b != tight[0].b * other.a for other in tight[1:])


def _rays(corners: list[Corner]) -> list[Vertex]:
    """Return directions that span all endless ones: the outermost two where they do, else all corners at infinity."""
    endless = [(x, y) for x, y, w in corners if w == 0]
    finite = [w != 0 for _, _, w in corners]
    size = len(corners)
    outer = [(x, y) for index, (x, y, w) in enumerate(corners) if w == 0 and (finite[index - 1] or finite[(index + 1) % size])]
    opposite = len(outer) == 2 and outer[0] == (-outer[1][0], -outer[1][1])
    return outer if outer and not opposite else list(dict.fromkeys(endless))


def _start(planes: Sequence[HalfPlane], vertices: Sequence[Vertex], *, bounds: int) -> Vertex:
    """Return the vertex at which the path begins."""
    origin = (ZERO, ZERO)
    if origin in vertices:
        return origin
    return max(vertices, key=lambda vertex: sum(plane.slack(*vertex) == 0 for plane in planes[:bounds]))


def _point(model: LinearModel, planes: Sequence[HalfPlane], vertex: Vertex) -> Point:
    x, y = vertex
    objective = exact(model.objective[0]) * x + exact(model.objective[1]) * y + exact(model.offset)
    binding = dict.fromkeys(plane.name for plane in planes if (plane.a or plane.b) and plane.slack(x, y) == 0)
    return Point(x=float(x), y=float(y), objective=float(objective), binding=list(binding))
