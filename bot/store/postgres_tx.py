"""Our statements on a connection to PostgreSQL: other marks for parameters, plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg.types.string import StrDumper

from bot.store.database import Params, Row
from bot.store.postgres_errors import cannot_connect

Options = dict[str, Any]

_DEFAULTS: Options = {
    "application_name": "taskbell",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""So that a network that swallows everything is noticed; what the URL says goes before."""

_SESSION = """
SET client_encoding = 'UTF8'; SET lock_timeout = '10s'; SET statement_timeout = '60s';
SET idle_in_transaction_session_timeout = '60s'
"""
"""A process that is stopped in the middle of a transaction must not hold its rows for ever."""

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
    """A transaction under way on a connection."""

    def __init__(self, conn: Connection[DictRow]) -> None:
        self._conn = conn

    def rows(self, sql: str, params: Params | None = None) -> list[Row]:
        return list(self._conn.execute(translated(sql), params or {}).fetchall())

    def row(self, sql: str, params: Params | None = None) -> Row | None:
        return self._conn.execute(translated(sql), params or {}).fetchone()

    def run(self, sql: str, params: Params | None = None) -> int:
        return self._conn.execute(translated(sql), params or {}).rowcount

    def run_many(self, sql: str, params: Iterable[Params]) -> None:
        with self._conn.cursor() as cursor:
            cursor.executemany(translated(sql), list(params))


def connection_options(url: str) -> Options:
    """What a connection is opened with."""
    return {**_DEFAULTS, **conninfo_to_dict(url)}


def connect(options: Options) -> Connection[DictRow]:
    """A new connection; raises StorageError."""
    try:
        conn = Connection.connect(**options, autocommit=True, row_factory=dict_row)
        conn.execute(_SESSION)
    except psycopg.Error as error:
        raise cannot_connect(error) from None
    conn.adapters.register_dumper(bool, _BoolDumper)
    conn.adapters.register_dumper(str, _TextDumper)
    conn.adapters.register_loader("numeric", _SumLoader)
    return conn
