"""A real database for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.databases.kinds import AnyDatabase


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "taskbell.db"


@pytest.fixture
async def db(database: AnyDatabase) -> AsyncIterator[Database]:
    opened = database.open()
    yield opened
    await opened.close()


@pytest.fixture
async def other(db: Database, database: AnyDatabase) -> AsyncIterator[Database]:
    """A second process, as far as the database can tell: connections and threads of its own."""
    opened = database.open(owner=False)
    yield opened
    await opened.close()
