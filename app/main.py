"""The application: wiring only."""

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from app.endpoints import (
    examples,
    forecasting,
    health,
    inventory,
    linear,
    model_files,
    network,
    pages,
    routing,
    runs,
    what_if,
    why_not,
)
from app.execution import Job, Stop, start_fork_server, supervise
from app.middleware import RequestContext
from app.openapi import install_openapi
from app.pages import install_pages
from app.problems import install_problem_handlers
from app.runs.local import LocalRunEngine
from app.runs.store import RunStore
from app.secret_key import install_secret_key
from app.settings import Settings

WARM_UP = b'{"sense":"min","variables":[{"name":"x","lower":1,"objective":1}],"constraints":[]}'
"""A problem of one variable: solving it loads the libraries and shows that the way through a child process works."""

WARM_UP_PAUSE = 1.0
"""Seconds until a first solve that failed is tried again."""

logger = logging.getLogger("shadowprice.start")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application for these settings; without any, they come from the environment."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        lock = lock_data_dir(chosen.data_dir)
        install_secret_key(chosen)
        store = RunStore(chosen.database_path)
        engine = LocalRunEngine(chosen, store)
        app.state.settings, app.state.engine = chosen, engine
        await engine.recover()
        warm_up = Stop()
        starting = asyncio.create_task(_start(engine, warm_up))
        try:
            yield
        finally:
            warm_up.request("kill")
            await starting
            await engine.shut_down()
            store.close()
            os.close(lock)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, telemetry={"tracing": False, "metrics": False})
    app.add_middleware(RequestContext)
    install_problem_handlers(app)
    for module in (
        forecasting,
        inventory,
        routing,
        network,
        linear,
        runs,
        what_if,
        why_not,
        model_files,
        examples,
        health,
        pages,
    ):
        app.include_router(module.router)
    install_pages(app)
    install_openapi(app)
    return app


async def _start(engine: LocalRunEngine, stop: Stop) -> None:
    """Warm the fork server with a first solve, again until one succeeds, then take up work."""
    start_fork_server()
    job = Job(kind="linear", body=WARM_UP, time_limit=60.0, memory_mb=4096)
    while not stop.level:
        result = await asyncio.to_thread(supervise, job, stop=stop)
        if result.answer is not None:
            await engine.start()
            return
        if not stop.level:
            logger.error("the first solve failed, so that this server is not ready: %s", result.detail)
            await asyncio.sleep(WARM_UP_PAUSE)


def lock_data_dir(folder: Path) -> int:
    """
    Return the descriptor of a lock that keeps a second server out of the data folder; closing it frees the lock.

    Raises
    ------
    RuntimeError
        When another server holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise RuntimeError(f"Another server uses the data folder {folder}; set SHADOWPRICE_DATA_DIR to another one.") from None
    return descriptor
