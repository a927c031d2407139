"""Our statements on a connection to PostgreSQL: other marks for parameters, plain values."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import Connection, Cursor
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg.types.string import StrDumper

from bot.store.database import Params, Row, StatementFailed, Tx
from bot.store.postgres_errors import cannot_connect, told

Options = dict[str, Any]

_DEFAULTS: Options = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""So that a network that swallows everything is noticed; what the URL says goes before."""

_SESSION = """
SET client_encoding = 'UTF8'; SET lock_timeout = '10s'; SET statement_timeout = '60s';
SET idle_in_transaction_session_timeout = '5s'
"""
"""A process that is stopped in the middle of a transaction must not hold its rows for ever."""

_NAMED = "taskbell "
_PRESENT = 0x7461736B
"""The first half of the advisory locks by which processes show that they are there; the second is
their own number."""

_LIVING = """
SELECT DISTINCT objid::bigint AS holder FROM pg_locks
WHERE locktype = 'advisory' AND classid = :present AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

_MARKS = re.compile(r"(?P<text>'(?:[^']|'')*'|::|%)|:(?P<name>[A-Za-z_]\w*)")


@lru_cache(maxsize=1024)
def translated(sql: str) -> str:
    """A statement with PostgreSQL's words: `:name` as psycopg's `%(name)s`, outside of literals."""
    sql = sql.replace("{skip_locked}", "FOR UPDATE SKIP LOCKED")
    return _MARKS.sub(_mark, sql)


def _mark(found: re.Match[str]) -> str:
    name = found["name"]
    return found["text"].replace("%", "%%") if name is None else f"%({name})s"


class _BoolDumper(Dumper):
    """Booleans live in INTEGER columns, as 0 or 1."""

    oid = psycopg.adapters.types["int4"].oid

    def dump(self, obj: bool) -> Buffer:
        return b"1" if obj else b"0"


class _TextDumper(StrDumper):
    """Text, without the one character that PostgreSQL cannot keep."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


class _SumLoader(Loader):
    """What sums of integers come as."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)


class PostgresTx:
    """A transaction under way on a connection. `failure`: of its first statement that failed,
    after which the server does no more for it."""

    def __init__(self, conn: Connection[DictRow], holder: str = "") -> None:
        self.holder = holder
        self._conn = conn
        self.failure: psycopg.Error | None = None

    def rows(self, sql: str, params: Params | None = None) -> list[Row]:
        return list(self._execute(sql, params).fetchall())

    def row(self, sql: str, params: Params | None = None) -> Row | None:
        return self._execute(sql, params).fetchone()

    def run(self, sql: str, params: Params | None = None) -> int:
        return self._execute(sql, params).rowcount

    def run_many(self, sql: str, params: Iterable[Params]) -> None:
        with self._noting(), self._conn.cursor() as cursor:
            cursor.executemany(translated(sql), list(params))

    def _execute(self, sql: str, params: Params | None) -> Cursor[DictRow]:
        with self._noting():
            return self._conn.execute(translated(sql), params or {})

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            self.failure = self.failure or error
            raise StatementFailed(str(told(error))) from error


def connection_options(url: str) -> Options:
    """What a connection is opened with."""
    # All connections of one process have one name, by which others tell them from their own.
    name = f"{_NAMED}{secrets.randbits(31):08x}"
    return {**_DEFAULTS, **conninfo_to_dict(url), "application_name": name}


def holder_of(options: Options) -> str:
    """The process that has these connections, as what it claims names it."""
    return str(options["application_name"]).removeprefix(_NAMED)


def presence(options: Options) -> str:
    """The statement by which a connection shows, for as long as the server sees it, that its
    process is there. Locks are seen by all users of a database; sessions are not."""
    return f"SELECT pg_advisory_lock_shared({_PRESENT}, {int(holder_of(options), 16)})"


def living(tx: Tx) -> frozenset[str]:
    """The holders of whom a connection is open."""
    rows = tx.rows(_LIVING, {"present": _PRESENT})
    return frozenset(f"{row['holder']:08x}" for row in rows)


def connect(options: Options) -> Connection[DictRow]:
    """A new connection; raises StorageError."""
    # Of what goes wrong it also warns by itself, beside the one line of ours.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    try:
        conn = Connection.connect(**options, autocommit=True, row_factory=dict_row)
        conn.execute(f"{_SESSION}; {presence(options)}")
    except psycopg.Error as error:
        raise cannot_connect(error) from None
    conn.adapters.register_dumper(bool, _BoolDumper)
    conn.adapters.register_dumper(str, _TextDumper)
    conn.adapters.register_loader("numeric", _SumLoader)
    return conn
