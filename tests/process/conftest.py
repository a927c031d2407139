"""A place for each test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.databases.kinds import AnyDatabase
from tests.process.forked import Nursery, nursery as make_nursery
from tests.process.place import Place, make_place


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with make_nursery({"PATH": os.environ["PATH"]}) as made:
        yield made


@pytest.fixture
async def place(tmp_path: Path, database: AnyDatabase, nursery: Nursery) -> AsyncIterator[Place]:
    async with make_place(tmp_path, database, nursery) as made:
        yield made
