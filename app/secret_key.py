"""The key that signs states: from the settings, or drawn once and kept in the data folder."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from app.settings import Settings
from solvers.signing import VARIABLE

FILE = "secret.key"


def install_secret_key(settings: Settings) -> None:
    """Make the key known to this process and to the solver processes that it starts."""
    os.environ[VARIABLE] = settings.secret_key or kept_key(settings.data_dir)


def kept_key(folder: Path) -> str:
    """Return the key of a data folder; the first call draws it, readable by the owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
