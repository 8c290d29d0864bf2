"""Readiness, without a server: the engine is what the test says it is."""

import asyncio
from types import SimpleNamespace

import httpx

from app.main import create_app
from app.settings import Settings


def get_readyz(*, ready: bool) -> httpx.Response:
    """Return what /readyz answers for an engine that is ready or not."""
    application = create_app(Settings())
    application.state.engine = SimpleNamespace(ready=ready)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://service") as client:
            return await client.get("/readyz")

    return asyncio.run(ask())


def test_a_service_that_is_not_ready_says_so_as_a_problem() -> None:
    """Before the workers are warm the answer is 503, in the one shape of every error, with Retry-After."""
    answer = get_readyz(ready=False)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["code"] == "NOT_READY"


def test_a_ready_service_says_so() -> None:
    """With warm workers the answer is 200."""
    answer = get_readyz(ready=True)
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
