"""Issues of a road network: its form, its coordinates, the ends of its arcs, and speeds that are missing."""

from collections.abc import Iterator

from models.errors import Issue, issue
from models.routing import Road, RoadArcColumns, RoadNodeColumns, RoutingProblem
from models.routing.road_table import RoadTable, road_table
from models.routing.travel import MAX_MATRIX_LOCATIONS

LARGEST_TOTAL = 1e12
"""Most that all lengths, or all durations, may sum to, so that every way can be measured exactly."""


def road_issues(problem: RoutingProblem, *, is_timed: bool) -> Iterator[Issue]:
    """Yield issues of the road network and of what goes with it; none when metric and network do not ask for each other."""
    road = problem.travel.road
    if problem.travel.metric != "road":
        if road is not None:
            message = f"A network goes with metric road only; the metric is {problem.travel.metric}."
            yield issue("/travel/road", "CONFLICTING_FIELDS", message)
        return
    if road is None:
        yield issue("/travel/road", "MISSING_ROAD", "Metric road needs the network: `road` with `nodes` and `arcs`.")
        return
    form = list(_form(road))
    yield from form
    if form:
        return
    table = road_table(road)
    yield from _nodes(table)
    yield from _arcs(table)
    yield from _locations(problem, table)
    yield from _profiles(problem, table, is_timed=is_timed)


def longest_ways(road: Road) -> tuple[float, float]:
    """Return a length and a duration that no shortest way exceeds."""
    table = road_table(road)
    durations = [duration for duration in table.duration if duration is not None]
    hops = len(table.ids) - 1
    first, second = (min(sum(values), hops * max(values, default=0.0)) for values in (table.length, durations))
    return first, second


def _form(road: Road) -> Iterator[Issue]:
    """Yield issues of columns that differ in length and of arcs that are given twice or not at all."""
    given = [name for name in ("arcs", "links", "edges") if getattr(road, name) is not None]
    if len(given) != 1:
        message = "Give the arcs once: as `arcs`, or in NetworkX's words as `links` or `edges`."
        yield issue("/travel/road", "CONFLICTING_FIELDS" if given else "MISSING_ARCS", message)
    for name, columns in (("nodes", road.nodes), ("arcs", road.arcs)):
        if not isinstance(columns, RoadNodeColumns | RoadArcColumns):
            continue
        count = len(columns.id if isinstance(columns, RoadNodeColumns) else columns.tail)
        for field in type(columns).model_fields:
            column = getattr(columns, field)
            if column is not None and len(column) != count:
                message = f"The column has {len(column)} of {count} values; all columns need the same length."
                yield issue(f"/travel/road/{name}/{field}", "RAGGED_COLUMNS", message, limit=count, got=len(column))


def _nodes(table: RoadTable) -> Iterator[Issue]:
    if len(set(table.ids)) < len(table.ids):
        first: dict[str, int] = {}
        for i, name in enumerate(table.ids):
            if first.setdefault(name, i) != i:
                message = f"This id already stands at {table.node_pointer(first[name], 'id')}; give each its own."
                yield issue(table.node_pointer(i, "id"), "DUPLICATE_ID", message)
    for name in table.names:
        for i, value in enumerate(getattr(table, name)):
            if value is None:
                message = "All nodes need the same two coordinates: lat and lon, or x and y."
                yield issue(table.node_pointer(i, name), "MISSING_COORDINATE", message)


def _arcs(table: RoadTable) -> Iterator[Issue]:
    known = set(table.ids)
    for field, ends in (("tail", table.tail), ("head", table.head)):
        for i, end in enumerate(ends[: table.given]):
            if end not in known:
                yield issue(table.arc_pointer(i, field), "UNKNOWN_NODE", "No node of the network has this id.")
    durations = [duration for duration in table.duration if duration is not None]
    for field, total in (("length", sum(table.length)), ("duration", sum(durations))):
        if total > LARGEST_TOTAL:
            message = f"All together are more than {LARGEST_TOTAL:g}, too much to be measured exactly; use larger units."
            yield issue(
                f"/travel/road/{table.form}", "VALUE_OUT_OF_RANGE", f"{field}: {message}", limit=LARGEST_TOTAL, got=total
            )


def _locations(problem: RoutingProblem, table: RoadTable) -> Iterator[Issue]:
    count = len(problem.locations)
    if count > MAX_MATRIX_LOCATIONS:
        message = f"With a road network at most {MAX_MATRIX_LOCATIONS} locations are accepted."
        yield issue("/locations", "TOO_MANY_LOCATIONS", message, limit=MAX_MATRIX_LOCATIONS, got=count)
    for i, location in enumerate(problem.locations):
        for name in table.names:
            if getattr(location, name) is None:
                message = f"The nodes of the road network have {table.names[0]} and {table.names[1]}; so must every location."
                yield issue(f"/locations/{i}/{name}", "MISSING_COORDINATE", message)


def _profiles(problem: RoutingProblem, table: RoadTable, *, is_timed: bool) -> Iterator[Issue]:
    """Yield profiles without a speed where arcs without durations need one."""
    lacking = next((i for i, duration in enumerate(table.duration) if duration is None), None)
    if lacking is None:
        return
    for name, profile in problem.travel.profiles.items():
        if profile.speed is None and (is_timed or profile.route_by == "duration"):
            yield issue(
                f"/travel/profiles/{name.replace('~', '~0').replace('/', '~1')}/speed",
                "MISSING_SPEED",
                f"Times matter and {table.arc_pointer(lacking, 'duration')} is not given: the profile needs a `speed`, "
                "or every arc a duration.",
            )
