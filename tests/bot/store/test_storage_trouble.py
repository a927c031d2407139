"""A process whose disk is taken from it: one line each time, nothing half-written, and when the
cause goes, so does the trouble."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

_WORKER = """
import asyncio, os, resource, sys, tempfile
from pathlib import Path
from bot.store.database import StorageError
from bot.store.sqlite import SqliteDatabase

async def say(db, word, name):
    if word == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(name), resource.RLIM_INFINITY))
        return "limited"
    if word == "read":
        return str(len(await db.read(lambda tx: tx.rows("SELECT name FROM tick"))))
    add = "INSERT INTO tick (name, next_at) VALUES (:name, 0)"
    # Two rows in one transaction: an odd number would be half of one.
    await db.write(lambda tx: tx.run_many(add, [{"name": n + name * 900} for n in "ab"]))
    return "written"

async def main():
    with tempfile.TemporaryDirectory() as scratch:  # all is loaded before rights are given up
        await SqliteDatabase(Path(scratch) / "x.db", owner=True).close()
    if os.geteuid() == 0:
        os.setgid(65534), os.setuid(65534)  # root may write what is read-only
    db = None
    for line in sys.stdin:
        try:
            db = db or SqliteDatabase(Path(sys.argv[1]), owner=True)
            print(await say(db, *line.split()), flush=True)
        except StorageError as error:
            print(error, flush=True)
    await db.close()

asyncio.run(main())
"""


class Worker:
    """A process that opens a database with the first thing that it is told, and goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-c", _WORKER, str(path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        self._number = 0

    def _say(self, word: str, name: str = "-") -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{word} {name}\n")
        return self._process.stdout.readline().strip()

    def write(self) -> str:
        self._number += 1
        return self._say("write", f"{self._number:04}")

    def rows(self) -> int:
        return int(self.read())

    def read(self) -> str:
        return self._say("read")

    def may_write_files_of(self, size: int) -> None:
        assert self._say("limit", str(size)) == "limited"

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Anybody may look into it: the process is not root."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o777)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def worker(folder: Path) -> Iterator[Worker]:
    started = Worker(folder / "taskbell.db")
    yield started
    started.end()


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as db:
        (said,) = db.execute("PRAGMA integrity_check").fetchone()
    return bool(said == "ok")


def test_a_disk_without_room(worker: Worker) -> None:
    assert worker.write() == "written"
    log = worker.path.with_name("taskbell.db-wal")
    worker.may_write_files_of(log.stat().st_size + 20_000)
    told = [worker.write() for _ in range(30)]
    failed = [one for one in told if one != "written"]
    assert set(failed) == {
        "The database failed: the disk cannot be written; look after its room and its health."
    }
    written = 2 * (1 + told.count("written"))
    assert worker.rows() == written
    worker.may_write_files_of(resource.RLIM_INFINITY)
    assert worker.write() == "written"
    assert worker.rows() == written + 2
    worker.end()
    assert sound(worker.path)


def test_a_file_that_is_locked_by_another(worker: Worker) -> None:
    assert worker.write() == "written"
    with closing(sqlite3.connect(worker.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert worker.write().endswith("another process is writing to it; try again.")
        assert worker.rows() == 2
    assert worker.write() == "written"


def test_a_file_that_is_read_only(folder: Path, worker: Worker) -> None:
    first = Worker(worker.path)
    assert first.write() == "written"
    first.end()
    before = worker.path.read_bytes()
    worker.path.chmod(0o444)
    folder.chmod(0o555)
    assert "check the" in worker.write()
    assert worker.path.read_bytes() == before
    folder.chmod(0o777)
    worker.path.chmod(0o666)
    assert worker.write() == "written"
    assert worker.rows() == 4


def test_a_file_that_is_cut_off_under_its_bot(worker: Worker) -> None:
    for _ in range(400):
        assert worker.write() == "written"
    whole = worker.path.read_bytes()
    os.truncate(worker.path, 2 * 4096)
    damaged = "The database failed: the file is damaged; restore a backup."
    assert {worker.write() for _ in range(3)} == {damaged}
    worker.path.write_bytes(whole)
    assert worker.write() == "written"
    assert worker.rows() == 802
    worker.end()
    assert sound(worker.path)


def test_a_file_that_is_taken_away_or_replaced_under_its_bot(folder: Path, worker: Worker) -> None:
    """SQLite would go on, and all that it wrote would be lost."""
    assert worker.write() == "written"
    away = folder / "away.db"
    worker.path.rename(away)
    assert worker.write().endswith("its file is gone; put it back, or start Taskbell again.")
    worker.path.write_bytes(away.read_bytes())
    assert "another file has taken the place of its own" in worker.write()
    away.replace(worker.path)
    assert worker.write() == "written"
    assert worker.rows() == 4
