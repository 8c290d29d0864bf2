"""Issues of locations, travel profiles and matrices, and of magnitudes that would not add up exactly."""

from collections.abc import Iterator, Sequence

from models.errors import Issue, issue
from models.routing import Location, Profile, RoutingProblem
from models.routing.travel import MAX_MATRIX_LOCATIONS, MatrixRow
from solvers.routing.semantics_road import longest_ways, road_issues

EXACT = 2.0**53
"""Integers up to here are exact in a 64-bit float."""


def travel_issues(problem: RoutingProblem) -> Iterator[Issue]:
    """Yield issues of coordinates and travel profiles."""
    metric = problem.travel.metric
    if metric == "euclidean":
        yield from _coordinates(problem.locations, names=("x", "y"), metric=metric)
    elif metric == "haversine":
        yield from _coordinates(problem.locations, names=("lat", "lon"), metric=metric)
    yield from road_issues(problem, is_timed=timed(problem))
    for name, profile in problem.travel.profiles.items():
        yield from _profile(f"/travel/profiles/{_escaped(name)}", profile, problem)


def magnitude_issues(problem: RoutingProblem) -> Iterator[Issue]:
    """Yield an issue when distances times costs could exceed what adds up exactly."""
    reach = largest_distance(problem)
    stops = len(problem.clients) + 2 * len(problem.shipments)
    for i, vehicle_type in enumerate(problem.vehicle_types):
        for field, rate in (
            ("cost_per_distance", vehicle_type.cost_per_distance),
            ("cost_per_duration", vehicle_type.cost_per_duration),
            ("fixed_cost", vehicle_type.fixed_cost),
        ):
            amount = stops * (1.0 if field == "fixed_cost" else 3 * max(reach, 1.0))
            if rate * amount > EXACT:
                yield issue(
                    f"/vehicle_types/{i}/{field}",
                    "VALUE_OUT_OF_RANGE",
                    f"With distances up to {reach:g} the cost of a plan could exceed 2^53; use larger units.",
                    limit=EXACT / amount,
                    got=rate,
                )


def largest_distance(problem: RoutingProblem) -> float:
    """Return a number that no distance or travel time of the request exceeds, without computing them all."""
    travel = problem.travel
    raw = 0.0
    if travel.metric == "haversine":
        raw = 20_015_115.0
    elif travel.metric == "euclidean" and problem.locations:
        across = [location.x or 0.0 for location in problem.locations]
        up = [location.y or 0.0 for location in problem.locations]
        raw = (max(across) - min(across)) + (max(up) - min(up))
    lasting = 0.0
    if travel.metric == "road" and travel.road is not None:
        raw, lasting = longest_ways(travel.road)
    reaches = [0.0]
    for profile in travel.profiles.values():
        own = raw if profile.distances is None else largest_entry(profile.distances)
        given = lasting if profile.durations is None else largest_entry(profile.durations)
        pace = (profile.speed or 1.0) * profile.speed_factor
        reaches.append(travel.scale * profile.detour_factor * own / min(1.0, pace))
        reaches.append(travel.scale * given / profile.speed_factor)
    return max(reaches)


def largest_entry(matrix: Sequence[MatrixRow]) -> float:
    """Return the largest number of a matrix of numbers >= 0 and nulls, 0 when it has none."""
    return max((max(filter(None, row), default=0.0) for row in matrix), default=0.0)


def has_nulls(matrix: Sequence[MatrixRow] | None) -> bool:
    """Tell whether a matrix has an entry that is null."""
    return matrix is not None and any(None in row for row in matrix)


def _coordinates(locations: Sequence[Location], *, names: tuple[str, str], metric: str) -> Iterator[Issue]:
    for i, location in enumerate(locations):
        on_globe = location.lat is not None and location.lon is not None
        hint = " For lat and lon set travel.metric to haversine." if metric == "euclidean" and on_globe else ""
        for name in names:
            if getattr(location, name) is None:
                message = f"Metric {metric} needs {name} for every location.{hint}"
                yield issue(f"/locations/{i}/{name}", "MISSING_COORDINATE", message)


def _profile(pointer: str, profile: Profile, problem: RoutingProblem) -> Iterator[Issue]:
    count = len(problem.locations)
    metric = problem.travel.metric
    if metric == "matrix" and profile.distances is None:
        yield issue(f"{pointer}/distances", "MISSING_MATRIX", "Metric matrix needs `distances` in every profile.")
    if metric == "road" and profile.durations is not None:
        yield issue(f"{pointer}/durations", "CONFLICTING_FIELDS", "With metric road the arcs have the durations.")
    if metric != "road" and profile.route_by is not None:
        yield issue(f"{pointer}/route_by", "CONFLICTING_FIELDS", f"It goes with metric road only; the metric is {metric}.")
    if metric != "matrix" and profile.distances is not None:
        yield issue(
            f"{pointer}/distances", "CONFLICTING_FIELDS", f"`distances` go with metric matrix only; the metric is {metric}."
        )
    if profile.durations is not None and profile.speed is not None:
        yield issue(f"{pointer}/speed", "CONFLICTING_FIELDS", "Give either `speed` or `durations`: travel times come from one.")
    if metric == "haversine" and profile.speed is None and profile.durations is None and timed(problem):
        yield issue(
            f"{pointer}/speed",
            "MISSING_SPEED",
            "Something in the request depends on time: haversine needs `speed` or `durations`.",
        )
    for name, matrix in (("distances", profile.distances), ("durations", profile.durations)):
        if matrix is not None:
            yield from _matrix(f"{pointer}/{name}", matrix, count)


def _matrix(pointer: str, matrix: Sequence[MatrixRow], count: int) -> Iterator[Issue]:
    if count > MAX_MATRIX_LOCATIONS:
        yield issue(
            "/locations",
            "TOO_MANY_LOCATIONS",
            f"With matrices at most {MAX_MATRIX_LOCATIONS} locations are accepted.",
            limit=MAX_MATRIX_LOCATIONS,
            got=count,
        )
    if len(matrix) != count:
        yield issue(
            pointer,
            "WRONG_MATRIX_SIZE",
            f"The matrix has {len(matrix)} rows for {count} locations; it needs one row per location.",
            limit=count,
            got=len(matrix),
        )
    for i, row in enumerate(matrix):
        if len(row) != count:
            yield issue(
                f"{pointer}/{i}",
                "RAGGED_MATRIX",
                f"Row {i} has {len(row)} of {count} values; each row needs one value per location.",
                limit=count,
                got=len(row),
            )


def timed(problem: RoutingProblem) -> bool:
    """Tell whether anything in the request depends on time."""
    return (
        any(depot.time_window is not None for depot in problem.depots)
        or any(
            client.time_windows
            or client.release_time
            or client.service_duration
            or client.setup_duration
            or client.due_time is not None
            for client in problem.clients
        )
        or any(
            step.time_windows or step.service_duration or step.setup_duration or step.due_time is not None
            for shipment in problem.shipments
            for step in (shipment.pickup, shipment.delivery)
        )
        or any(
            vehicle_type.shift is not None
            or vehicle_type.max_duration is not None
            or vehicle_type.cost_per_duration > 0
            or vehicle_type.breaks
            for vehicle_type in problem.vehicle_types
        )
        or (problem.objective.balance is not None and problem.objective.balance.measure == "duration")
    )


def _escaped(name: str) -> str:
    """Return a name as part of a JSON pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")
