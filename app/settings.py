"""Settings: environment variables with the prefix SHADOWPRICE_, typed and bounded."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that an operator can set; each field is the variable SHADOWPRICE_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="SHADOWPRICE_", extra="ignore", frozen=True, populate_by_name=True)

    host: Annotated[str, Field(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int,
        Field(
            ge=0,
            le=65535,
            description="Port to listen on; the plain variable PORT is read too.",
            validation_alias=AliasChoices("SHADOWPRICE_PORT", "PORT"),
        ),
    ] = 8000
    data_dir: Annotated[Path, Field(description="Folder of the run store; one server at a time.")] = Path(".data")
    database_url: Annotated[str | None, Field(description="sqlite:///FILE; default: shadowprice.db in the data folder.")] = None
    api_keys_file: Annotated[Path | None, Field(description="Reserved: the server refuses to start with it.")] = None
    secret_key: Annotated[
        str | None,
        Field(min_length=16, description="Signs states of forecasts; default: drawn once and kept in the data folder."),
    ] = None
    workers: Annotated[int, Field(ge=1, le=256, description="Solves that run at the same time, each in its own process.")] = (
        os.cpu_count() or 1
    )
    max_body_mb: Annotated[int, Field(ge=1, le=2048, description="Largest request body, after decompression, in MiB.")] = 128
    memory_mb: Annotated[int, Field(ge=64, description="Memory that one solve may take beyond its start, in MiB.")] = 4096
    queue_limit: Annotated[int, Field(ge=1, description="Runs that may wait; beyond it the answer is 503.")] = 1000
    keep_runs_hours: Annotated[float, Field(gt=0, description="Hours until a finished run is deleted.")] = 168.0
    drain_seconds: Annotated[float, Field(ge=0, description="Seconds that running solves get at shutdown.")] = 10.0

    @field_validator("database_url")
    @classmethod
    def _only_sqlite(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith("sqlite:///"):
            raise ValueError("this version stores runs in SQLite: use sqlite:///path/to/file.db")
        return url

    @field_validator("api_keys_file")
    @classmethod
    def _no_keys_yet(cls, path: Path | None) -> Path | None:
        if path is not None:
            raise ValueError("this version does not check API keys; unset it and keep HOST on 127.0.0.1 or behind a proxy")
        return path

    @property
    def database_path(self) -> Path:
        """File of the run store."""
        if self.database_url is None:
            return self.data_dir / "shadowprice.db"
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def threads_per_run(self) -> int:
        """Threads that a run gets when its request names none: the cores shared out among the workers."""
        return max(1, (os.cpu_count() or 1) // self.workers)
