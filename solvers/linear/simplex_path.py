"""
The vertices that a textbook simplex method passes in the plane, in exact arithmetic.

The primal simplex method with Bland's rule (New finite pivoting rules for the simplex method, Mathematics of Operations
Research 2, 1977): of the sides whose multiplier has the wrong sign the first leaves, and of those that stop the move the first
enters. It comes to an end on degenerate polygons too. Sides are in the textbook's order: bounds of the variables, then
constraints.
"""

from collections.abc import Sequence
from fractions import Fraction

from solvers.linear.half_plane import HalfPlane

Vertex = tuple[Fraction, Fraction]


def simplex_path(planes: Sequence[HalfPlane], gain: Vertex, start: Vertex) -> list[Vertex]:
    """
    Return the vertices from `start` to one that maximises gain . (x, y), or to the last one before an endless edge.

    `start` is a vertex of the region: at least two lines of `planes` that are not parallel go through it. Pivots that stay at
    a degenerate vertex do not repeat it.
    """
    x, y = start
    active = _basis_at(planes, x, y)
    path = [start]
    while True:
        weights = _multipliers(planes, active, gain)
        wrong = [side for side, weight in zip(active, weights, strict=True) if weight < 0]
        if not wrong:
            return path
        leaving = min(wrong)
        staying = active[0] if leaving == active[1] else active[1]
        move = _direction(planes[staying], planes[leaving])
        stop = _first_stop(planes, (x, y), move)
        if stop is None:
            return path
        entering, length = stop
        x, y = x + length * move[0], y + length * move[1]
        if length:
            path.append((x, y))
        active = (staying, entering) if staying < entering else (entering, staying)


def _basis_at(planes: Sequence[HalfPlane], x: Fraction, y: Fraction) -> tuple[int, int]:
    """Return the first two sides through a vertex that are not parallel."""
    tight = [side for side, plane in enumerate(planes) if plane.slack(x, y) == 0 and (plane.a or plane.b)]
    first = planes[tight[0]]
    second = next(side for side in tight if first.a * planes[side].b != first.b * planes[side].a)
    return tight[0], second


def _multipliers(planes: Sequence[HalfPlane], active: tuple[int, int], gain: Vertex) -> Vertex:
    """Return the weights with which the normals of the two sides sum to the gain."""
    p, q = planes[active[0]], planes[active[1]]
    determinant = p.a * q.b - q.a * p.b
    return (gain[0] * q.b - q.a * gain[1]) / determinant, (p.a * gain[1] - gain[0] * p.b) / determinant


def _direction(staying: HalfPlane, leaving: HalfPlane) -> Vertex:
    """Return the direction along one side on which the slack of the other grows by 1."""
    determinant = staying.a * leaving.b - leaving.a * staying.b
    return staying.b / determinant, -staying.a / determinant


def _first_stop(planes: Sequence[HalfPlane], at: Vertex, move: Vertex) -> tuple[int, Fraction] | None:
    """Return the first side that a move meets and how far it goes until then, or None when nothing stops it."""
    best: tuple[int, Fraction] | None = None
    for side, plane in enumerate(planes):
        closing = plane.a * move[0] + plane.b * move[1]
        if closing > 0:
            length = plane.slack(*at) / closing
            if best is None or length < best[1]:
                best = side, length
    return best
