"""All that is stored, from one database into another, and each row compared afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.store.database import Row, Tx
from bot.store.schema import MIGRATIONS

PAGE = 500
"""Rows that are held in memory at once."""

_TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\);", re.DOTALL)
_KEY = re.compile(r"(\w+) \w+ PRIMARY KEY|PRIMARY KEY \(([^)]+)\)")

Progress = Callable[[int], None]
"""Is told of so many rows more, each once when it is copied and once when it is compared."""


class CannotCopy(Exception):
    """The copy was not made, and nothing was changed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    key: tuple[str, ...]

    @property
    def order(self) -> str:
        return ", ".join(self.key)

    @property
    def the_row(self) -> str:
        return " AND ".join(f"{column} = :{column}" for column in self.key)


def tables() -> list[Table]:
    """Every table of ours, after those that it refers to; one that was made anew as it is now."""
    found = {}
    for name, body in _TABLE.findall("".join(MIGRATIONS)):
        key = _KEY.search(body)
        assert key is not None, name  # noqa: S101 - our own schema
        found[name] = Table(name, tuple((key[1] or key[2]).replace(",", " ").split()))
    return list(found.values())


def count(tx: Tx) -> int:
    """How many rows there are in all."""
    return sum(_count(tx, table) for table in tables())


def has_company(tx: Tx) -> bool:
    """Whether another process has this PostgreSQL database open."""
    others = tx.rows(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'taskbell %'"
        " AND application_name <> current_setting('application_name')"
    )
    return bool(others)


def copy(source: Tx, target: Tx, progress: Progress) -> int:
    """Copy all rows into a database that has none, and compare them; returns how many they are.

    Raises CannotCopy for a target that holds something, and for a row that differs.
    """
    for table in tables():
        if _count(target, table):
            raise CannotCopy(
                f"The target holds data already (table {table.name}); name an empty database."
            )
    for table in tables():
        for page in _pages(source, table):
            _insert(target, table, page)
            progress(len(page))
    return sum(_compared(source, target, table, progress) for table in tables())


def _insert(target: Tx, table: Table, rows: list[Row]) -> None:
    columns = list(rows[0].keys())
    marks = ", ".join(f":{column}" for column in columns)
    target.run_many(
        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
        map(dict, rows),
    )


def _compared(source: Tx, target: Tx, table: Table, progress: Progress) -> int:
    seen = 0
    for page in _pages(source, table):
        for row in page:
            there = target.row(
                f"SELECT * FROM {table.name} WHERE {table.the_row}",  # noqa: S608
                {column: row[column] for column in table.key},
            )
            if there is None or _plain(row) != _plain(there):
                raise CannotCopy(
                    f"A row of table {table.name} came out different; nothing was copied."
                )
        seen += len(page)
        progress(len(page))
    if _count(target, table) != seen:
        raise CannotCopy(f"Table {table.name} came out with more rows; nothing was copied.")
    return seen


def _plain(row: Row) -> dict[str, object]:
    """A row's values, as PostgreSQL can keep them: it has no NUL in texts."""
    return {
        column: value.replace("\0", "\N{REPLACEMENT CHARACTER}") if type(value) is str else value
        for column, value in dict(row).items()
    }


def _pages(tx: Tx, table: Table) -> Iterator[list[Row]]:
    """All rows of a table, page by page in the order of their keys."""
    last: Row | None = None
    while True:
        where = ""
        if last is not None:
            marks = ", ".join(f":{column}" for column in table.key)
            where = f"WHERE ({table.order}) > ({marks})"
        page = tx.rows(
            f"SELECT * FROM {table.name} {where} ORDER BY {table.order} LIMIT {PAGE}",  # noqa: S608
            {} if last is None else {column: last[column] for column in table.key},
        )
        if not page:
            return
        yield page
        last = page[-1]


def _count(tx: Tx, table: Table) -> int:
    row = tx.row(f"SELECT COUNT(*) AS rows FROM {table.name}")  # noqa: S608
    return int(row["rows"]) if row else 0
