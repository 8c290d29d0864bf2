"""What the endpoints need from the application, as annotated aliases."""

from typing import Annotated, cast

from fastapi import Depends, Request

from app.runs.engine import RunEngine
from app.settings import Settings


def _engine(request: Request) -> RunEngine:
    return cast("RunEngine", request.app.state.engine)


def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


EngineDep = Annotated[RunEngine, Depends(_engine)]
SettingsDep = Annotated[Settings, Depends(_settings)]
