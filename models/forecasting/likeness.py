"""New items: series forecast by their likeness to others, with every number of the calculation."""

from typing import Annotated

from pydantic import Field

from models.base import Output

MAX_LIKES = 20
LARGEST_SCALE = 1e6


class LikeShare(Output):
    """One series that a new item is like."""

    id: Annotated[str, Field(description="Name of the series.")]
    level: Annotated[float, Field(description="Mean of its latest `level_observations` observations (all 0: of the history).")]
    factor: Annotated[
        float, Field(description="Level of the new item / (number of likes x this level); 0 for a like without demand.")
    ]


class LikenessFit(Output):
    """
    How the forecast of a new item follows from others of the same answer: mean = sum over its likes of factor x their mean.

    scale = (1 - own_weight) x prior_scale + own_weight x own_scale; level = scale x mean level of the likes.
    """

    likes: Annotated[list[LikeShare], Field(description="The series that it is like, in the order of the request.")]
    level_observations: Annotated[
        int, Field(description="Latest observations in each level: one season, at least 6, no more than the shortest like has.")
    ]
    prior_scale: Annotated[float, Field(description="`scale` of the request; 1 without one.")]
    own_scale: Annotated[
        float | None,
        Field(description="Sum of its own observations / sum of the likes' mean at the same times; null if none or that is 0."),
    ]
    own_weight: Annotated[
        float,
        Field(description="0 without own observations; k / (k + 4) with k of them and a `scale`, or when all are 0; else 1."),
    ]
    scale: Annotated[float, Field(description="Level of the new item / mean level of the likes.")]
    level: Annotated[float, Field(description="Level that is expected of the new item, in its unit.")]
    level_error: Annotated[
        float,
        Field(
            description="Relative standard deviation of the level: 0.25 x sqrt(4 / (k + 4)), a convention; without `scale` and "
            "own observations joined by the spread of the likes' levels."
        ),
    ]
    dispersion: Annotated[
        list[float], Field(description="Per step: standard deviation between the likes' forecasts, each scaled to the level.")
    ]
