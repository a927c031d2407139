"""The PostgreSQL driver: threads that each own a connection, for urgent writes, others, and reads.

Any number of processes share the database, so a write is SERIALIZABLE: it is as if it ran alone,
or the server refuses it and it runs again. Writes that wait at the same moment share one
transaction, and so one commit; when that fails, each runs alone. `single` writes need no such
isolation and lock no more than their rows.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TypeVar

import psycopg
from psycopg import AsyncConnection, Connection
from psycopg.rows import DictRow

from bot.store.database import StatementFailed, StorageError, Tx, from_ms
from bot.store.jobs import BATCH, Job, Jobs, settle
from bot.store.postgres_errors import commit_lost, conflict, demoted, stale, told
from bot.store.postgres_tx import (
    Options,
    PostgresTx,
    connect,
    connection_options,
    holder_of,
    living,
    presence,
)
from bot.store.schema import migrate

T = TypeVar("T")

ATTEMPTS = 12
"""How often a write runs at most until it stands: others may change what it has read."""

SHORTEST_REST_SECONDS, LONGEST_REST_SECONDS = 0.002, 0.25
"""Between two attempts; the rest doubles, and is never quite the same for two processes."""

LISTEN_AGAIN_SECONDS = 1.0
CUT_OFF_SECONDS = 2.0
"""After so long without a session that hears, this process takes itself for cut off; before
others may take it for gone."""

CHANNEL = "taskbell"

_MIGRATING = 0x7461736B62656C6C
"""The advisory lock of whoever brings the schema up to date: a number of our own."""

_SERIALIZABLE = "BEGIN ISOLATION LEVEL SERIALIZABLE"
_SINGLE = "BEGIN ISOLATION LEVEL READ COMMITTED"
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class _CommitLost(Exception):
    """The connection was lost while the transaction ended."""


class _Lane:
    """A thread that owns a connection and does one batch of jobs after another; a connection that
    was lost is opened again with the next."""

    def __init__(self, name: str, options: Options, begin: str, *, shares: bool) -> None:
        self.conflicts = 0
        self._jobs = Jobs()
        self._options = options
        self._begin = begin
        self._shares = shares
        self._conn: Connection[DictRow] | None = None
        self._thread = threading.Thread(target=self._main, name=f"store-{name}", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[Tx], T], *, urgent: bool = False) -> T:
        return await self._jobs.do(work, urgent=urgent)

    def stop(self) -> None:
        self._jobs.close()
        self._thread.join()

    def _main(self) -> None:
        while (first := self._jobs.take()) is not None:
            jobs = [first]
            while self._shares and len(jobs) < BATCH and (job := self._jobs.take_to_join(jobs[-1])):
                jobs.append(job)
            if len(jobs) == 1 or not self._together(jobs):
                for job in jobs:
                    self._alone(job)
            settle(jobs)
        self._drop()

    def _together(self, jobs: list[Job]) -> bool:
        """Do jobs in one transaction; False when that failed, and nothing is done."""
        try:
            self._transact(jobs)
        except _CommitLost:
            for job in jobs:
                job.error = commit_lost()
        except Exception as error:  # noqa: BLE001 - told when it runs alone
            self.conflicts += conflict(error)
            return False
        return True

    def _alone(self, job: Job) -> None:
        """Do a job, again while that may help."""
        rest = SHORTEST_REST_SECONDS
        for left in reversed(range(ATTEMPTS)):
            try:
                self._transact([job])
            except _CommitLost:
                job.error = commit_lost()
            except Exception as error:  # noqa: BLE001 - told to whoever waits
                self.conflicts += conflict(error)
                if left and (conflict(error) or stale(error)):
                    time.sleep(rest * random.uniform(0.5, 1))  # noqa: S311 - no secret
                    rest = min(2 * rest, LONGEST_REST_SECONDS)
                    continue
                job.error = told(error)
            return

    def _transact(self, jobs: list[Job]) -> None:
        if self._conn is None:
            self._conn = connect(self._options)
        conn = self._conn
        tx = PostgresTx(conn, holder_of(self._options))
        try:
            conn.execute(self._begin)
            for job in jobs:
                job.result = job.work(tx)
            if tx.failure is None and any(job.urgent for job in jobs):
                conn.execute(f"NOTIFY {CHANNEL}")
        except Exception as error:  # noqa: BLE001 - raised on
            self._undo(conn, tx.failure or error)
            raise tx.failure or error from None
        if tx.failure is not None:  # and nobody said so: the server would undo it without a word
            self._undo(conn, tx.failure)
            raise tx.failure
        self._commit(conn)

    def _commit(self, conn: Connection[DictRow]) -> None:
        try:
            conn.execute("COMMIT")
        except psycopg.Error as error:
            self._undo(conn, error)
            if stale(error):
                raise _CommitLost from error
            raise

    def _undo(self, conn: Connection[DictRow], error: Exception) -> None:
        with suppress(psycopg.Error):
            conn.execute("ROLLBACK")
        if conn.closed or stale(error) or demoted(error):
            self._drop()

    def _drop(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None


class PostgresDatabase:
    """An open database on a PostgreSQL server."""

    shared = True

    def __init__(self, url: str) -> None:
        self._options = connection_options(url)
        prepare(self._options)
        self._urgent = _Lane("urgent", self._options, _SERIALIZABLE, shares=True)
        self._writer = _Lane("writer", self._options, _SERIALIZABLE, shares=True)
        self._single = _Lane("single", self._options, _SINGLE, shares=True)
        self._reader = _Lane("reader", self._options, _READ, shares=False)

    @property
    def conflicts(self) -> int:
        """How many transactions were refused so far because another process came between."""
        return sum(lane.conflicts for lane in self._lanes)

    async def write(
        self, work: Callable[[Tx], T], *, urgent: bool = False, single: bool = False
    ) -> T:
        lane = self._urgent if urgent else self._single if single else self._writer
        return await lane.do(work, urgent=urgent)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._reader.do(work)

    @asynccontextmanager
    async def listen(
        self, woken: Callable[[], None], cut_off: Callable[[], None]
    ) -> AsyncIterator[None]:
        listening = asyncio.create_task(self._listen(woken, cut_off), name="listen")
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, woken: Callable[[], None], cut_off: Callable[[], None]) -> None:
        cutting: asyncio.TimerHandle | None = None
        while True:
            with suppress(psycopg.Error):
                async with await AsyncConnection.connect(**self._options, autocommit=True) as conn:
                    await conn.execute(presence(self._options))
                    await conn.execute(f"LISTEN {CHANNEL}")
                    if cutting is not None:
                        cutting.cancel()
                        cutting = None
                    woken()  # for what was written while nobody listened
                    async for _ in conn.notifies():
                        woken()
            if cutting is None:
                cutting = asyncio.get_running_loop().call_later(CUT_OFF_SECONDS, cut_off)
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def living(self) -> frozenset[str]:
        return await self.read(living)

    async def server_time(self) -> datetime | None:
        return from_ms(await self.read(_server_time))

    async def close(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(lane.stop) for lane in self._lanes))

    @property
    def _lanes(self) -> tuple[_Lane, ...]:
        return (self._urgent, self._writer, self._single, self._reader)


def _server_time(tx: Tx) -> int:
    row = tx.row("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now")
    assert row is not None  # noqa: S101 - there is no table that could be empty
    return int(row["now"])


def prepare(options: Options) -> None:
    """Bring the schema up to date, one process at a time; raises StorageError."""
    conn = connect(options)
    try:
        with conn.transaction():
            tx = PostgresTx(conn)
            tx.rows("SELECT pg_advisory_xact_lock(:lock)", {"lock": _MIGRATING})
            migrate(tx)
    except StatementFailed as failure:
        raise StorageError(str(failure)) from failure
    except psycopg.Error as error:
        raise told(error) from error
    finally:
        conn.close()
