"""Where the benchmark instances are, and what happens when they are not there."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
"""Root of the project."""

VARIABLE = "SHADOWPRICE_BENCH_DATA"
"""Environment variable that names the data folder."""

MISSING_DATA = 2
"""Exit code when the data folder, or a set in it, is missing."""


def folder() -> Path:
    """Return the data folder: the one named by the environment, else `../shared/data` beside the project."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else PROJECT.parent / "shared" / "data"


def require(*parts: str) -> Path:
    """
    Return a path inside the data folder.

    Parameters
    ----------
    parts
        Folder names and a file name below the data folder.

    Raises
    ------
    SystemExit
        With code 2, after one line on standard error, when the path does not exist.
    """
    path = folder().joinpath(*parts)
    if not path.exists():
        print(f"benchmark data missing: {path} does not exist; set {VARIABLE} to the data folder", file=sys.stderr)
        raise SystemExit(MISSING_DATA)
    return path
