"""A new, empty database for a test, of either kind."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

from bot.store.database import Database
from bot.store.postgres import PostgresDatabase, prepare
from bot.store.postgres_tx import connection_options
from bot.store.sqlite import SqliteDatabase
from tests.databases.server import Server

COPIED = "STRATEGY FILE_COPY"
"""Less than half the work of writing each page to the log, where nothing is synced to the disk."""

CATALOGUES = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index"),
    *("pg_trigger", "pg_rewrite", "pg_proc", "pg_db_role_setting", "schema_version"),
)

Definitions = list[tuple[Any, ...]]
"""How many rows each of the catalogues has, and which transaction was the last to write one."""

_CUT_OFF = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_FILLED = """
SELECT relname, pg_relation_size(oid) > 4 * 8192 FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND relname <> 'schema_version' AND pg_relation_size(oid) > 0
"""
"""Tables with pages, and which of them have many. Those are cut; from few, to delete is quicker."""


class AnyDatabase(Protocol):
    """A database that the bot can be set to."""

    @property
    def url(self) -> str:
        """What DATABASE_URL must be."""
        ...

    @property
    def shared(self) -> bool:
        """Whether several processes may run the bot on it at once."""
        ...

    def open(self, *, owner: bool = True) -> Database:
        """Open it once more, as one more process would."""
        ...

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What it holds, read behind the bot's back."""
        ...

    def change(self, statement: str) -> None:
        """Change it behind the bot's back."""
        ...

    def watched(self) -> AbstractContextManager[Callable[[], int]]:
        """While the block runs: a number that is another one after each write."""
        ...


@dataclass(frozen=True)
class SqliteFile:
    path: Path
    shared = False

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def open(self, *, owner: bool = True) -> SqliteDatabase:
        return SqliteDatabase(self.path, owner=owner)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as db:
            return db.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path)) as db, db:
            db.execute(statement)

    @contextmanager
    def watched(self) -> Iterator[Callable[[], int]]:
        with closing(sqlite3.connect(self.path)) as db:
            yield lambda: int(db.execute("PRAGMA data_version").fetchone()[0])


def make_pattern(path: Path) -> None:
    """A file with our schema, of which others are copies: far quicker than to make each anew."""
    made = SqliteDatabase(path, owner=True)
    with ThreadPoolExecutor(1) as elsewhere:  # a fixture must leave the event loop alone
        elsewhere.submit(asyncio.run, made.close()).result()


@dataclass(frozen=True)
class OnServer:
    url: str
    shared = True

    def open(self, *, owner: bool = True) -> PostgresDatabase:
        return PostgresDatabase(self.url)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as db:
            return db.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        with psycopg.connect(self.url) as db:
            db.execute(statement)

    @contextmanager
    def watched(self) -> Iterator[Callable[[], int]]:
        newest = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
        yield lambda: int(self.rows(newest)[0][0])


@dataclass
class Databases:
    """The databases of a server, each a copy of one that has our schema: that is far quicker than
    to make it anew. To empty one is quicker still by far, so whoever needs one gets one that
    served before, as long as it is as it was."""

    server: Server
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _given: dict[str, Definitions] = field(default_factory=dict)
    """What was defined, by the URL of each with our schema, when somebody got it."""
    _spare: list[OnServer] = field(default_factory=list)

    def prepare(self) -> None:
        self.server.run("CREATE DATABASE pattern")
        prepare(connection_options(self.server.url("pattern")))

    def new(self) -> OnServer:
        if self._spare:
            return self._spare.pop()
        made = self._create(f"TEMPLATE pattern {COPIED}")
        with psycopg.connect(made.url) as db:
            self._given[made.url] = _definitions(db)
        return made

    def empty(self) -> OnServer:
        """One without our schema."""
        return self._create(COPIED)

    def drop(self, database: OnServer) -> None:
        """What nobody needs any more; whoever is connected is cut off."""
        given = self._given.pop(database.url, None)
        if given is not None and (left := _emptied(database, given)) is not None:
            self._given[database.url] = left
            self._spare.append(database)
            return
        name = database.url.rpartition("/")[2]
        self.server.run(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, how: str) -> OnServer:
        name = f"test_{next(self._numbers)}"
        self.server.run(f"CREATE DATABASE {name} {how}")
        return OnServer(self.server.url(name))


def _definitions(db: psycopg.Connection) -> Definitions:
    counts = (f"SELECT count(*), max(xmin::text::bigint) FROM {name}" for name in CATALOGUES)  # noqa: S608
    return db.execute(" UNION ALL ".join(counts)).fetchall()


def _emptied(database: OnServer, given: Definitions) -> Definitions | None:
    """Empty a database that is defined as it was given; what is defined in it then, and None for
    another."""
    with psycopg.connect(database.url, autocommit=True) as db:
        if not all(gone for (gone,) in db.execute(_CUT_OFF)) or _definitions(db) != given:
            return None
        db.execute("SET session_replication_role = replica")  # whatever refers to what
        for name, grown in db.execute(_FILLED).fetchall():
            db.execute(f"TRUNCATE {name} CASCADE" if grown else f"DELETE FROM {name}")  # noqa: S608
        return _definitions(db)
