"""The SQLite driver on real files: commits that are shared, failures that are told, durability."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.store import jobs, sqlite
from bot.store.database import ConstraintError, StorageError, Tx
from bot.store.sqlite import SqliteDatabase


@pytest.fixture
async def db(path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = SqliteDatabase(path, owner=True)
    yield opened
    await opened.close()


NAMES = "SELECT name FROM tick ORDER BY name"


def add(tx: Tx, name: str) -> None:
    tx.run("INSERT INTO tick (name, next_at) VALUES (:name, 0)", {"name": name})


async def names(db: SqliteDatabase) -> list[str]:
    return [row["name"] for row in await db.read(lambda tx: tx.rows(NAMES))]


class Held:
    """Keeps the writer busy, so that what is asked for meanwhile shares one batch."""

    def __init__(self, db: SqliteDatabase) -> None:
        self._begun, self._go = threading.Event(), threading.Event()
        self._first = asyncio.ensure_future(db.write(self._wait))

    def _wait(self, tx: Tx) -> None:
        self._begun.set()
        assert self._go.wait(10)

    async def begun(self) -> None:
        assert await asyncio.to_thread(self._begun.wait, 10)

    async def release(self) -> None:
        self._go.set()
        await self._first


async def test_what_fails_in_a_shared_commit_harms_no_neighbour(db: SqliteDatabase) -> None:
    def fail(tx: Tx) -> None:
        add(tx, "half")
        raise ValueError("no")

    def clash(tx: Tx) -> None:
        add(tx, "also half")
        add(tx, "first")

    def nonsense(tx: Tx) -> None:
        add(tx, "half too")
        tx.run("SELECT * FROM nowhere")

    held = Held(db)
    await held.begun()
    works = [lambda tx: add(tx, "first"), fail, clash, nonsense, lambda tx: add(tx, "last")]
    waiting = [asyncio.ensure_future(db.write(work)) for work in works]
    await asyncio.sleep(0)
    await held.release()
    first, failed, clashed, wrong, last = await asyncio.gather(*waiting, return_exceptions=True)
    assert (first, last) == (None, None)
    assert isinstance(failed, ValueError)
    assert isinstance(clashed, ConstraintError)
    assert isinstance(wrong, StorageError)
    assert await names(db) == ["first", "last"]


async def test_a_caller_who_went_away_does_not_hurt_the_others(db: SqliteDatabase) -> None:
    held = Held(db)
    await held.begun()
    gone = asyncio.ensure_future(db.write(lambda tx: add(tx, "gone")))
    stays = asyncio.ensure_future(db.write(lambda tx: add(tx, "stays")))
    await asyncio.sleep(0)
    gone.cancel()
    await held.release()
    await stays
    assert "stays" in await names(db)


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


async def test_a_reader_cannot_write(db: SqliteDatabase) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        await db.read(lambda tx: add(tx, "sly"))
    assert await names(db) == []


async def test_reading_goes_on_while_something_is_written(db: SqliteDatabase) -> None:
    held = Held(db)
    await held.begun()
    assert await asyncio.wait_for(names(db), 5) == []
    await held.release()


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


_WRITER = """
import asyncio, sys
from pathlib import Path
from bot.store.sqlite import SqliteDatabase

async def main():
    db = SqliteDatabase(Path(sys.argv[1]), owner=True)
    for number in range(10_000):
        await db.write(lambda tx: tx.run(
            "INSERT INTO tick (name, next_at) VALUES (:name, 0)", {"name": str(number)}
        ))
        print(number, flush=True)

asyncio.run(main())
"""


async def test_what_was_written_survives_a_kill(path: Path) -> None:
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITER, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout is not None
    while b"50\n" not in await writer.stdout.readline():
        assert not writer.stdout.at_eof()
    writer.kill()
    told = (await writer.stdout.read()).decode().split("\n")
    await writer.wait()
    last = int(told[-2]) if len(told) > 1 else 50
    db = SqliteDatabase(path, owner=True)
    kept = {int(name) for name in await names(db)}
    assert kept >= set(range(last + 1))
    assert await db.read(lambda tx: tx.rows("PRAGMA integrity_check")[0]["integrity_check"]) == "ok"
    await db.close()


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
