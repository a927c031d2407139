"""The SQLite driver: one thread that writes, one that reads, each with a connection of its own.

Writes that wait at the same moment share one commit, so that a burst of clicks costs one fsync.
Only the process that runs the bot checkpoints: SQLite before 3.51.3 can corrupt its log when two
processes do, so the short commands beside it write without ever checkpointing.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database as Sqlite

from bot.store.database import ConstraintError, Params, Row, StatementFailed, StorageError, Tx
from bot.store.jobs import BATCH, Job, Jobs, settle
from bot.store.schema import migrate

T = TypeVar("T")

_DAMAGED = "the file is damaged; restore a backup"

BUSY_SECONDS = 10
CACHE_KIB = 16_384
"""The writer's page cache: an ingest touches pages all over the indexes."""


class _SqliteTx:
    holder = ""

    def __init__(self, db: Sqlite) -> None:
        self._conn = db.conn

    def rows(self, sql: str, params: Params | None = None) -> list[Row]:
        return self._execute(sql, params or {}).fetchall()

    def row(self, sql: str, params: Params | None = None) -> Row | None:
        found = self.rows(sql, params)
        return found[0] if found else None

    def run(self, sql: str, params: Params | None = None) -> int:
        return self._execute(sql, params or {}).rowcount

    def run_many(self, sql: str, params: Iterable[Params]) -> None:
        try:
            self._conn.executemany(sql, params)
        except sqlite3.Error as error:
            raise StatementFailed(str(error)) from error

    def _execute(self, sql: str, params: Params) -> sqlite3.Cursor:
        try:
            return self._conn.execute(sql.replace("{skip_locked}", ""), params)
        except sqlite3.Error as error:
            raise StatementFailed(str(error)) from error


class _Thread:
    """A thread that owns a connection and does one batch of jobs after another."""

    def __init__(
        self, name: str, open_db: Callable[[], Sqlite], before_write: Callable[[], None] | None
    ) -> None:
        self._jobs = Jobs()
        self._open_db = open_db
        self._before_write = before_write
        self._writes = before_write is not None
        self._opened: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        self._thread.start()
        if (trouble := self._opened.get()) is not None:
            raise _told(trouble) from trouble

    async def do(self, work: Callable[[Tx], T], *, urgent: bool = False) -> T:
        return await self._jobs.do(work, urgent=urgent)

    def stop(self) -> None:
        self._jobs.close()
        self._thread.join()

    def _main(self) -> None:
        try:
            db = self._open_db()
        except Exception as error:  # noqa: BLE001 - raised on by whoever waits for it to open
            self._opened.put(error)
            return
        self._opened.put(None)
        tx = _SqliteTx(db)
        while (job := self._jobs.take()) is not None:
            self._batch(db.conn, tx, job)
        db.close()

    def _batch(self, conn: sqlite3.Connection, tx: _SqliteTx, first: Job) -> None:
        jobs = [first]
        if not self._transact(conn, tx, jobs, share=self._writes) and len(jobs) > 1:
            # Each alone, so that one too many for a full disk costs no other its write.
            for job in jobs:
                self._transact(conn, tx, [job], share=False)
        settle(jobs)

    def _transact(
        self, conn: sqlite3.Connection, tx: _SqliteTx, jobs: list[Job], *, share: bool
    ) -> bool:
        """Do a job, and with `share` those that wait behind it, in one transaction; False when it
        failed as a whole."""
        try:
            if self._before_write is not None:
                self._before_write()
            conn.execute("BEGIN IMMEDIATE" if self._writes else "BEGIN")
            self._attempt(conn, tx, jobs[0])
            while share and len(jobs) < BATCH and (job := self._jobs.take_to_join(jobs[-1])):
                jobs.append(job)
                self._attempt(conn, tx, job)
            conn.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - told to those who wait
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            for job in jobs:
                job.error = _told(error)
            return False
        return True

    def _attempt(self, conn: sqlite3.Connection, tx: _SqliteTx, job: Job) -> None:
        conn.execute("SAVEPOINT job")
        job.error = None
        try:
            job.result = job.work(tx)
        except Exception as error:
            if not conn.in_transaction:
                raise  # the whole transaction fell: a full disk, a broken file
            conn.execute("ROLLBACK TO job")
            job.error = _told(error)
        conn.execute("RELEASE job")


class SqliteDatabase:
    """An open SQLite file. `owner`: this process runs the bot and may checkpoint."""

    shared = False

    def __init__(self, path: Path, *, owner: bool) -> None:
        self._path = path
        self._owner = owner
        self._file: os.stat_result | None = None
        self._writer = _Thread("store-writer", self._open_writer, self._look)
        self._reader = _Thread("store-reader", self._open_reader, None)

    async def write(
        self,
        work: Callable[[Tx], T],
        *,
        urgent: bool = False,
        single: bool = False,  # noqa: ARG002 - with one writer, nothing comes between
    ) -> T:
        return await self._writer.do(work, urgent=urgent)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._reader.do(work)

    @asynccontextmanager
    async def listen(
        self,
        woken: Callable[[], None],  # noqa: ARG002 - nobody else runs the bot on it
        cut_off: Callable[[], None],  # noqa: ARG002 - likewise
    ) -> AsyncIterator[None]:
        yield

    async def living(self) -> frozenset[str]:
        return frozenset({_SqliteTx.holder})

    async def server_time(self) -> datetime | None:
        return None

    async def close(self) -> None:
        await asyncio.to_thread(self._reader.stop)
        await asyncio.to_thread(self._writer.stop)

    def _look(self) -> None:
        """Raise StorageError for what SQLite itself would not notice: it goes on writing to a file
        that was removed, replaced or cut off, and what it writes is lost."""
        try:
            found = self._path.stat()
        except OSError:
            raise _failed("its file is gone; put it back, or start Taskbell again") from None
        if self._file and found.st_ino != self._file.st_ino:
            raise _failed("another file has taken the place of its own; start Taskbell again")
        if self._file and found.st_size < self._file.st_size:
            raise _failed(_DAMAGED)
        self._file = found

    def _open_writer(self) -> Sqlite:
        db = _connect(self._path)
        db.conn.execute("PRAGMA journal_mode = WAL")
        db.conn.execute("PRAGMA synchronous = FULL")
        db.conn.execute("PRAGMA foreign_keys = ON")
        db.conn.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        if not self._owner:
            db.conn.execute("PRAGMA wal_autocheckpoint = 0")
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            migrate(_SqliteTx(db))
        except BaseException:
            db.conn.execute("ROLLBACK")
            raise
        db.conn.execute("COMMIT")
        return db

    def _open_reader(self) -> Sqlite:
        db = _connect(self._path)
        db.conn.execute("PRAGMA query_only = ON")
        return db


def _connect(path: Path) -> Sqlite:
    conn = sqlite3.connect(
        path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
    )
    conn.row_factory = sqlite3.Row
    return Sqlite(conn)


def _told(error: Exception) -> Exception:
    """What the caller hears: of trouble of the storage, of a constraint that did its work, or of
    its own error as it is."""
    cause = _cause(error)
    if isinstance(cause, sqlite3.IntegrityError):
        return ConstraintError(str(cause))
    return _storage_error(cause) if isinstance(cause, sqlite3.Error) else error


def _cause(error: Exception) -> Exception:
    if isinstance(error, StatementFailed) and isinstance(error.__cause__, sqlite3.Error):
        return error.__cause__
    return error


def _storage_error(error: Exception) -> Exception:
    if isinstance(error, StorageError):
        return error
    remedies = {
        "locked": "another process is writing to it; try again",
        "full": "the disk is full; free some room",
        "readonly": "it cannot be written; check the file's and the folder's permissions",
        "unable to open": "it cannot be opened; check the path and its permissions",
        "not a database": "the file is not a Taskbell database; check DATABASE_URL",
        "malformed": _DAMAGED,
        "disk I/O": "the disk cannot be written; look after its room and its health",
    }
    text = str(error)
    remedy = next((r for word, r in remedies.items() if word in text), text)
    return _failed(remedy)


def _failed(remedy: str) -> StorageError:
    return StorageError(f"The database failed: {remedy}.")
