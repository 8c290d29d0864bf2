"""Running uvicorn so that a signal first lets waiting requests go, then drains the running solves."""

import logging
from types import FrameType

import uvicorn
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings


class Server(uvicorn.Server):
    """A uvicorn server that tells the run engine of a signal at once, not when the last connection has closed."""

    def __init__(self, config: uvicorn.Config, application: FastAPI) -> None:
        super().__init__(config)
        self._application = application

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the shutdown; at a second interrupt uvicorn leaves without it, and the solves must end too."""
        super().handle_exit(sig, frame)
        engine = getattr(self._application.state, "engine", None)
        if engine is not None:
            engine.begin_shutdown()
            if self.force_exit:
                engine.abandon()


def run_server() -> None:
    """Serve until a signal."""
    settings = Settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    application = create_app(settings)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        log_config=None,
        timeout_graceful_shutdown=max(1, int(settings.drain_seconds)),
        server_header=False,
    )
    Server(config, application).run()
