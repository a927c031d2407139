"""A place for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases.kinds import AnyDatabase
from tests.process.place import Place, make_place


@pytest.fixture
async def place(tmp_path: Path, database: AnyDatabase) -> AsyncIterator[Place]:
    async with make_place(tmp_path, database) as made:
        yield made
