"""The SQLite driver on real files: commits that are shared, failures that are told, durability."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.store import jobs, sqlite
from bot.store.database import StorageError, Tx
from bot.store.sqlite import SqliteDatabase
from tests.bot.store.ticks import Held, add, names


@pytest.fixture
async def db(path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = SqliteDatabase(path, owner=True)
    yield opened
    await opened.close()


async def test_a_burst_shares_commits(db: SqliteDatabase, path: Path) -> None:
    """Each commit of its own would append to the log what the pages of all writes need."""
    held = Held(db)
    await held.begun()
    before = log_size(path)
    waiting = [
        asyncio.ensure_future(db.write(partial(add, name=f"{n:02}"))) for n in range(jobs.BATCH - 1)
    ]
    await asyncio.sleep(0)
    await held.release()
    await asyncio.gather(*waiting)
    assert len(await names(db)) == jobs.BATCH - 1
    assert log_size(path) - before < 10 * 4096


def file_size(path: Path) -> int:
    return path.stat().st_size


def log_size(path: Path) -> int:
    return file_size(path.with_name(f"{path.name}-wal"))


async def test_a_write_waits_for_another_process_and_then_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    db = SqliteDatabase(path, owner=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another process is writing to it; try again"):
            await db.write(lambda tx: add(tx, "late"))
        assert await names(db) == []
        other.execute("COMMIT")
    await db.write(lambda tx: add(tx, "now"))
    assert await names(db) == ["now"]
    await db.close()


def limit(tx: Tx) -> None:
    """Let the database grow by two pages and no more, as a disk that is nearly full does."""
    pages = tx.rows("PRAGMA page_count")[0]["page_count"]
    tx.rows(f"PRAGMA max_page_count = {pages + 2}")


def fill(tx: Tx, rows: int = 100, width: int = 4000) -> None:
    for number in range(rows):
        add(tx, f"{number:03}" + "x" * width)


async def test_a_full_disk_is_told_and_passes(db: SqliteDatabase) -> None:
    await db.write(limit)
    with pytest.raises(StorageError, match="the disk is full; free some room"):
        await db.write(fill)
    assert await names(db) == []
    await db.write(lambda tx: tx.rows("PRAGMA max_page_count = 100000"))
    await db.write(lambda tx: add(tx, "small"))
    assert await names(db) == ["small"]


async def test_a_full_disk_fails_only_what_does_not_fit(db: SqliteDatabase) -> None:
    await db.write(limit)
    held = Held(db)
    await held.begun()
    small = asyncio.ensure_future(db.write(lambda tx: add(tx, "small")))
    large = asyncio.ensure_future(db.write(fill))
    await asyncio.sleep(0)
    await held.release()
    with pytest.raises(StorageError, match="the disk is full"):
        await large
    await small
    assert await names(db) == ["small"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"This is a letter, and no database. " * 50, "not a Taskbell database"),
        (b"SQLite format 3\x00" + b"\xff" * 4080, "the file is|not a Taskbell database"),
    ],
)
def test_a_file_that_is_something_else_is_told(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(StorageError, match=words):
        SqliteDatabase(path, owner=True)
    assert path.read_bytes() == content


async def test_a_file_that_was_cut_off_is_told(path: Path) -> None:
    whole = SqliteDatabase(path, owner=True)
    await whole.write(lambda tx: fill(tx, 400, 500))
    await whole.close()
    cut_off(path)
    with pytest.raises(StorageError, match="the file is damaged; restore a backup"):
        await use(path)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 3 * 4096])


async def use(path: Path) -> None:
    """Open, read and write; closed whatever happens."""
    db = SqliteDatabase(path, owner=True)
    try:
        await names(db)
        await db.write(lambda tx: add(tx, "more"))
    finally:
        await db.close()


@pytest.mark.parametrize("where", ["no/such/folder/x.db", "."])
def test_a_path_that_cannot_be_opened_is_told(tmp_path: Path, where: str) -> None:
    with pytest.raises(StorageError, match="cannot be opened; check the path"):
        SqliteDatabase(tmp_path / where, owner=True)


async def test_commands_beside_a_bot_never_checkpoint_its_log(
    db: SqliteDatabase, path: Path
) -> None:
    def fill(tx: Tx, number: int) -> None:
        for row in range(200):
            add(tx, f"{number}-{row}" + "x" * 300)

    beside = SqliteDatabase(path, owner=False)
    for number in range(20):
        await beside.write(partial(fill, number=number))
    size = file_size(path)
    await beside.close()
    assert file_size(path) == size < log_size(path)
    assert len(await names(db)) == 4000
