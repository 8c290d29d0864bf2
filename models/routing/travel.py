"""How distances and durations between locations come about."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from models.base import FirstErrorOnly, Identifier, Input, NonNegative, Positive
from models.routing.road import Road

MAX_MATRIX_LOCATIONS = 4_000
"""Most locations when distances or durations are given as matrices, or come from a road network."""

MAX_PROFILES = 20

MatrixRow = Annotated[list[NonNegative | None], Field(max_length=MAX_MATRIX_LOCATIONS), FirstErrorOnly]
Matrix = TypeAliasType("Matrix", Annotated[list[MatrixRow], Field(max_length=MAX_MATRIX_LOCATIONS), FirstErrorOnly])
"""Square, rows and columns in the order of `locations`; null where there is no way."""

Metric = Literal["euclidean", "haversine", "matrix", "road"]
Rounding = Literal["none", "nearest", "down"]


class Profile(Input):
    """How one kind of vehicle travels."""

    speed: Annotated[
        Positive | None,
        Field(
            description="Distance per second (metres per second for haversine). null: 1 for euclidean and matrix; haversine "
            "needs a speed or `durations` as soon as anything is timed. road: on arcs without a duration of their own. "
            "Not together with `durations`.",
            examples=[11.0],
        ),
    ] = None
    speed_factor: Annotated[
        Positive, Field(description="Travel times are divided by it: 1.1 is a tenth faster.", examples=[0.9])
    ] = 1.0
    route_by: Annotated[
        Literal["duration", "distance"] | None,
        Field(
            description="Only for metric road: the way between two locations is the fastest or the shortest one; the other "
            "measure breaks ties. null: the fastest where every arc has a duration or the profile a speed, else the shortest."
        ),
    ] = None
    detour_factor: Annotated[
        Positive, Field(description="How many times longer the real way is than the raw distance.", examples=[1.3])
    ] = 1.0
    distances: Annotated[
        Matrix | None,
        Field(
            description="Only for metric `matrix`, and needed there: distance from row to column, in order of `locations`; "
            "null where there is no way."
        ),
    ] = None
    durations: Annotated[
        Matrix | None,
        Field(
            description="Seconds from row to column, in order of `locations`, null where there is no way. The whole null: "
            "distance divided by speed."
        ),
    ] = None


class Travel(Input):
    """Metric, rounding and scale of travel, and the profiles that vehicle types name."""

    metric: Annotated[
        Metric,
        Field(
            description="euclidean (x, y), haversine (lat, lon; metres on a sphere of radius 6,371,008.8 m), matrix, or road "
            "(ways on the network in `road`)."
        ),
    ] = "euclidean"
    rounding: Annotated[
        Rounding, Field(description="Applied to every distance and duration: none, nearest (halves up), or down.")
    ] = "none"
    scale: Annotated[
        Positive,
        Field(
            description="Factor applied before rounding. With a scale other than 1, every time, limit and cost in the request "
            "and in the answer is in scaled units.",
            examples=[1, 10],
        ),
    ] = 1.0
    profiles: Annotated[
        dict[Identifier, Profile],
        Field(min_length=1, max_length=MAX_PROFILES, description="Ways of travelling, by name."),
    ] = Field(default_factory=lambda: {"default": Profile()})
    road: Annotated[
        Road | None,
        Field(description="Only for metric `road`, and needed there: the network; locations lie at its nearest node."),
    ] = None
