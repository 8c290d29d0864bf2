"""Fixtures that several folders share."""

from collections.abc import Iterator

import pytest

from tests.server import Server, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not harm it."""
    with running_server(tmp_path_factory.mktemp("server"), max_body_mb="16") as running:
        yield running
