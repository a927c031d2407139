"""A world for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.databases.kinds import AnyDatabase
from tests.scenarios.world import World, make_world


@pytest.fixture(autouse=True, scope="session")
def no_authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing here is encrypted, and reading all certificates takes longer than a scenario."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("none")))
        yield


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database) as made:
        yield made
