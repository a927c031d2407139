"""Who should hear of a task, and has not yet; and who knows of one without a card of it.

The planner of a task wishes and withdraws; whoever speaks to a reader takes what waits for them,
and says `told` where no card was posted that would show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.store import agenda
from bot.store.database import Tx, from_ms, to_ms


@dataclass(frozen=True, slots=True)
class News:
    """A task that a reader should hear of. `reader`: a Slack user or a channel; `since`: when it
    became news to them."""

    connection: str
    task_id: str
    reader: str
    since: datetime


_WISH = """
INSERT INTO news (connection, task_id, reader, since)
VALUES (:connection, :task_id, :reader, :now)
ON CONFLICT (connection, task_id, reader) DO NOTHING
"""


def wish(tx: Tx, connection: str, task_id: str, reader: str, now: datetime) -> None:
    """The task is news to the reader, from now on if it was not; then they are looked at."""
    if tx.run(_WISH, {**_key(connection, task_id, reader), "now": to_ms(now)}):
        agenda.look_now(tx, reader, now)


def withdraw(tx: Tx, connection: str, task_id: str, reader: str) -> None:
    """The task is no news to the reader any more, or a card of it was posted."""
    tx.run(
        "DELETE FROM news WHERE connection = :connection AND task_id = :task_id"
        " AND reader = :reader AND told_at IS NULL",
        _key(connection, task_id, reader),
    )


_TOLD = """
INSERT INTO news (connection, task_id, reader, since, told_at)
VALUES (:connection, :task_id, :reader, :now, :now)
ON CONFLICT (connection, task_id, reader) DO UPDATE SET told_at = excluded.told_at
"""


def told(tx: Tx, connection: str, task_id: str, reader: str, now: datetime) -> None:
    """The reader knows of the task without a card: it is no news to them while it is theirs."""
    tx.run(_TOLD, {**_key(connection, task_id, reader), "now": to_ms(now)})


def keep(
    tx: Tx,
    connection: str,
    task_id: str,
    stored: Mapping[str, bool],
    wanted: Mapping[str, bool],
    now: datetime,
) -> None:
    """Make of what is `stored` of a task what is `wanted`, both as `of_task` tells it."""
    for reader in stored.keys() - wanted.keys():
        _forget(tx, connection, task_id, reader)
    for reader, knows in wanted.items():
        if stored.get(reader) is knows:
            continue
        if knows:
            told(tx, connection, task_id, reader, now)
        else:
            _forget(tx, connection, task_id, reader)
            wish(tx, connection, task_id, reader, now)


def _forget(tx: Tx, connection: str, task_id: str, reader: str) -> None:
    """Whatever the reader knows of the task: should it be theirs again, that is news."""
    tx.run(
        "DELETE FROM news WHERE connection = :connection AND task_id = :task_id"
        " AND reader = :reader",
        _key(connection, task_id, reader),
    )


def of_reader(tx: Tx, reader: str) -> list[News]:
    """What waits to be told to a reader, the oldest first."""
    rows = tx.rows(
        "SELECT * FROM news WHERE reader = :reader AND told_at IS NULL"
        " ORDER BY since, connection, task_id",
        {"reader": reader},
    )
    return [
        News(row["connection"], row["task_id"], row["reader"], from_ms(row["since"]))
        for row in rows
    ]


def of_task(tx: Tx, connection: str, task_id: str) -> dict[str, bool]:
    """The readers to whom the task is news, and those who know of it without a card: True."""
    rows = tx.rows(
        "SELECT reader, told_at FROM news WHERE connection = :connection AND task_id = :task_id",
        {"connection": connection, "task_id": task_id},
    )
    return {row["reader"]: row["told_at"] is not None for row in rows}


def _key(connection: str, task_id: str, reader: str) -> dict[str, str]:
    return {"connection": connection, "task_id": task_id, "reader": reader}
