"""What the statements run on. A driver gives transactions; the rest of the store is plain SQL.

Statements use `:name` parameters and only what SQLite (3.35 or later) and PostgreSQL share.
`{skip_locked}` in a statement stands for the driver's way to pass over rows that another worker
has claimed; SQLite, with its one writer, has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

Row = Mapping[str, Any]
Params = Mapping[str, Any]
T = TypeVar("T")


class Tx(Protocol):
    """One transaction."""

    @property
    def holder(self) -> str:
        """This process, as what it claims names it; empty where it runs the bot alone."""
        ...

    def rows(self, sql: str, params: Params = ...) -> list[Row]:
        """Run a statement and return the rows that it gives."""
        ...

    def row(self, sql: str, params: Params = ...) -> Row | None:
        """The first row that the statement gives, if any."""
        ...

    def run(self, sql: str, params: Params = ...) -> int:
        """Run a statement; returns how many rows it changed."""
        ...

    def run_many(self, sql: str, params: Iterable[Params]) -> None:
        """Run a statement once for each set of parameters."""
        ...


class Database(Protocol):
    """A store that is open. `write` and `read` raise `StorageError` for trouble of the storage
    itself, ConstraintError for a row that cannot be; what `work` raises undoes its transaction and
    is raised as it is. A driver may run `work` several times until its transaction stands: it
    changes nothing but the store."""

    @property
    def shared(self) -> bool:
        """Whether several processes may run the bot on it at once."""
        ...

    async def write(
        self, work: Callable[[Tx], T], *, urgent: bool = False, single: bool = False
    ) -> T:
        """Run `work` in a transaction that is durable once this returns, as if nobody else wrote
        meanwhile. `urgent`: before writes that are not, for somebody waits; whoever listens is
        woken. `single`: one conditional statement, such as a claim, that is right whatever others
        do meanwhile; it never waits for them, nor do they make it run again."""
        ...

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on a consistent view that it cannot change."""
        ...

    def listen(
        self, woken: Callable[[], None], cut_off: Callable[[], None]
    ) -> AbstractAsyncContextManager[None]:
        """While the block runs, call `woken` in its event loop after urgent writes of any process,
        and whenever one may have gone unheard. Only speed hangs on that: nothing is told when the
        storage is away. Call `cut_off` once it has been away for so long that others may soon take
        this process for gone."""
        ...

    async def living(self) -> frozenset[str]:
        """The holders who are there: a session of theirs is open."""
        ...

    async def server_time(self) -> datetime | None:
        """What time it is for the machine that keeps the storage; None where that is this one."""
        ...

    async def close(self) -> None: ...


class StorageError(Exception):
    """The storage failed, in one sentence that says what to do."""


class StatementFailed(StorageError):
    """What a statement raises inside of `work`. The transaction is lost with it: whoever catches
    it raises it on, for the driver to undo all, and perhaps to run the work again."""


class ConstraintError(Exception):
    """A constraint of the schema refused a row; the text names the constraint, no values."""


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware instant."""
    return round(moment.timestamp() * 1000)


def to_ms_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def from_ms(value: int) -> datetime:
    """The aware UTC instant of milliseconds since 1970."""
    return datetime.fromtimestamp(value / 1000, UTC)


def from_ms_or_none(value: int | None) -> datetime | None:
    return None if value is None else from_ms(value)
