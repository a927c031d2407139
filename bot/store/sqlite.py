"""The SQLite driver: one thread that writes, one that reads, each with a connection of its own.

Writes that wait at the same moment share one commit, so that a burst of clicks costs one fsync.
Only the process that runs the bot checkpoints: SQLite before 3.51.3 can corrupt its log when two
processes do, so the short commands beside it write without ever checkpointing.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database as Sqlite

from bot.store.database import Params, Row, StorageError, Tx
from bot.store.schema import migrate

T = TypeVar("T")

BUSY_SECONDS = 10
BATCH = 64
CACHE_KIB = 16_384
"""The writer's page cache: an ingest touches pages all over the indexes."""


class _SqliteTx:
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
        self._conn.executemany(sql, params)

    def _execute(self, sql: str, params: Params) -> sqlite3.Cursor:
        return self._conn.execute(sql.replace("{skip_locked}", ""), params)


@dataclass(slots=True)
class _Job:
    work: Callable[[Tx], Any]
    done: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    urgent: bool = False
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.done.cancelled():
            return
        if self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.result)


class _Queue:
    """Jobs in the order of their coming, but the urgent ones first."""

    def __init__(self) -> None:
        self._urgent: deque[_Job] = deque()
        self._others: deque[_Job] = deque()
        self._tokens: queue.SimpleQueue[None] = queue.SimpleQueue()

    def put(self, job: _Job) -> None:
        (self._urgent if job.urgent else self._others).append(job)
        self._tokens.put(None)

    def close(self) -> None:
        """After the jobs that are there, no more."""
        self._tokens.put(None)

    def take(self) -> _Job | None:
        """The next job, waiting for one; None once the queue is closed and empty."""
        self._tokens.get()
        lane = self._urgent or self._others
        return lane.popleft() if lane else None

    def may_join(self, job: _Job) -> bool:
        """Whether the next job may share the transaction of one that was taken: somebody who
        waits for an urgent one does not wait for others too."""
        return bool(self._urgent) or (not job.urgent and bool(self._others))


class _Thread:
    """A thread that owns a connection and does one batch of jobs after another."""

    def __init__(self, name: str, open_db: Callable[[], Sqlite], *, writes: bool) -> None:
        self._jobs = _Queue()
        self._open_db = open_db
        self._writes = writes
        self._opened: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        self._thread.start()
        if (trouble := self._opened.get()) is not None:
            raise _storage_error(trouble) from trouble

    async def do(self, work: Callable[[Tx], T], *, urgent: bool = False) -> T:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, done, loop, urgent))
        return await done

    def stop(self) -> None:
        self._jobs.close()
        self._thread.join()

    def _main(self) -> None:
        try:
            db = self._open_db()
        except (sqlite3.Error, StorageError, OSError) as error:
            self._opened.put(error)
            return
        self._opened.put(None)
        tx = _SqliteTx(db)
        while (job := self._jobs.take()) is not None:
            self._batch(db.conn, tx, job)
        db.close()

    def _batch(self, conn: sqlite3.Connection, tx: _SqliteTx, first: _Job) -> None:
        jobs = [first]
        if not self._transact(conn, tx, jobs, share=self._writes) and len(jobs) > 1:
            # Each alone, so that one too many for a full disk costs no other its write.
            for job in jobs:
                self._transact(conn, tx, [job], share=False)
        by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        for job in jobs:
            by_loop.setdefault(job.loop, []).append(job)
        for loop, settled in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle_all, settled)

    def _transact(
        self, conn: sqlite3.Connection, tx: _SqliteTx, jobs: list[_Job], *, share: bool
    ) -> bool:
        """Do a job, and with `share` those that wait behind it, in one transaction; False when it
        failed as a whole."""
        try:
            conn.execute("BEGIN IMMEDIATE" if self._writes else "BEGIN")
            self._attempt(conn, tx, jobs[0])
            while share and len(jobs) < BATCH and self._jobs.may_join(jobs[-1]):
                job = self._jobs.take()
                if job is None:  # never: there was one, and nobody else takes
                    break
                jobs.append(job)
                self._attempt(conn, tx, job)
            conn.execute("COMMIT")
        except sqlite3.Error as error:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            for job in jobs:
                job.error = _storage_error(error)
            return False
        return True

    def _attempt(self, conn: sqlite3.Connection, tx: _SqliteTx, job: _Job) -> None:
        conn.execute("SAVEPOINT job")
        job.error = None
        try:
            job.result = job.work(tx)
        except Exception as error:
            if not conn.in_transaction:
                raise  # the whole transaction fell: a full disk, a broken file
            conn.execute("ROLLBACK TO job")
            job.error = _storage_error(error) if _is_trouble(error) else error
        conn.execute("RELEASE job")


def _settle_all(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()


class SqliteDatabase:
    """An open SQLite file. `owner`: this process runs the bot and may checkpoint."""

    shared = False

    def __init__(self, path: Path, *, owner: bool) -> None:
        self._path = path
        self._owner = owner
        self._writer = _Thread("store-writer", self._open_writer, writes=True)
        self._reader = _Thread("store-reader", self._open_reader, writes=False)

    async def write(self, work: Callable[[Tx], T], *, urgent: bool = False) -> T:
        return await self._writer.do(work, urgent=urgent)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._reader.do(work)

    async def close(self) -> None:
        await asyncio.to_thread(self._reader.stop)
        await asyncio.to_thread(self._writer.stop)

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


def _is_trouble(error: Exception) -> bool:
    """Whether the storage failed, rather than a constraint doing its work."""
    return isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError)


def _storage_error(error: Exception) -> Exception:
    if isinstance(error, StorageError):
        return error
    remedies = {
        "locked": "another process is writing to it; try again",
        "full": "the disk is full; free some room",
        "readonly": "it cannot be written; check the file's and the folder's permissions",
        "unable to open": "it cannot be opened; check the path and its permissions",
        "not a database": "the file is not a Taskbell database; check DATABASE_URL",
        "malformed": "the file is damaged; restore a backup",
    }
    text = str(error)
    remedy = next((r for word, r in remedies.items() if word in text), text)
    return StorageError(f"The database failed: {remedy}.")
