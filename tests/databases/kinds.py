"""A new, empty database for a test, of either kind."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
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
    to make it anew."""

    server: Server
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def prepare(self) -> None:
        self.server.run("CREATE DATABASE pattern")
        prepare(connection_options(self.server.url("pattern")))

    def new(self) -> OnServer:
        name = f"test_{next(self._numbers)}"
        self.server.run(f"CREATE DATABASE {name} TEMPLATE pattern {COPIED}")
        return OnServer(self.server.url(name))

    def empty(self) -> OnServer:
        """One without our schema."""
        name = f"test_{next(self._numbers)}"
        self.server.run(f"CREATE DATABASE {name} {COPIED}")
        return OnServer(self.server.url(name))

    def drop(self, database: OnServer) -> None:
        name = database.url.rpartition("/")[2]
        self.server.run(f"DROP DATABASE {name} WITH (FORCE)")
