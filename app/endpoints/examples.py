"""Ready request bodies and published limits."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field

from app.dependencies import SettingsDep
from app.errors import ProblemError
from app.examples import examples
from app.limits import Limits, limits, limits_sample
from app.openapi_problems import problem_responses
from app.openapi_samples import example_list_sample, example_sample
from models.base import Output

router = APIRouter()


class ExampleSummary(Output):
    """An example without its body."""

    name: Annotated[str, Field(description="Name of the example.", examples=["routing_tiny"])]
    kind: Annotated[str, Field(description="The endpoint it is for, without `/v1/`.", examples=["routing"])]
    summary: Annotated[str, Field(description="What it shows, in one line.")]
    description: Annotated[str, Field(description="What to look at in the answer, as Markdown.")]
    path: Annotated[str, Field(description="Where the body is.", examples=["/v1/examples/routing_tiny"])]
    post_to: Annotated[str, Field(description="Where to post the body.", examples=["/v1/routing"])]


class ExampleList(Output):
    """Every example."""

    examples: Annotated[list[ExampleSummary], Field(description="The examples, by name.")]


@router.get(
    "/v1/examples",
    operation_id="list_examples",
    summary="List the examples",
    tags=["Examples"],
    responses={200: example_list_sample(), **problem_responses(500)},
)
async def list_examples() -> ExampleList:
    """Return name, endpoint, summary and path of every example; one company runs through all of them."""
    rows = [
        ExampleSummary(
            name=name,
            kind=example["kind"],
            summary=example["summary"],
            description=example["description"],
            path=f"/v1/examples/{name}",
            post_to=f"/v1/{example['kind']}",
        )
        for name, example in examples().items()
    ]
    return ExampleList(examples=rows)


@router.get(
    "/v1/examples/{name}",
    operation_id="get_example",
    summary="Get a ready request body",
    tags=["Examples"],
    responses={200: example_sample(), **problem_responses(404, 422, 500, codes={404: ("EXAMPLE_NOT_FOUND",)})},
)
async def get_example(
    name: Annotated[str, Path(max_length=100, description="Name of the example.", examples=["routing_tiny"])],
) -> dict[str, Any]:
    """Return a body that can be posted as it is to the endpoint that the list names."""
    if name not in examples():
        raise ProblemError("EXAMPLE_NOT_FOUND", "No example has this name; GET /v1/examples lists them.")
    request: dict[str, Any] = examples()[name]["request"]
    return request


@router.get(
    "/v1/limits",
    operation_id="get_limits",
    summary="Read the limits",
    tags=["Operations"],
    responses={200: limits_sample(), **problem_responses(500)},
)
async def get_limits(settings: SettingsDep) -> Limits:
    """Return every limit on requests of this server."""
    return limits(settings)
