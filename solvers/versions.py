"""Versions of Shadowprice and of the libraries behind a solver."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "shadowprice"


@cache
def version_of(distribution: str) -> str:
    """Return the installed version of a distribution, or "source" for Shadowprice run from a checkout."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "source"


def versions(libraries: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of Shadowprice and of the named distributions."""
    return {name: version_of(name) for name in (DISTRIBUTION, *libraries)}
