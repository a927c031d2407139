"""Tasks that a reader has put off: the bot is silent about them until the card comes back."""

from __future__ import annotations

from datetime import datetime

from bot.domain.model import Snoozed
from bot.store.database import Tx, from_ms, to_ms

_SET = """
INSERT INTO snooze (connection, task_id, reader, until_at, by_user, set_at)
VALUES (:connection, :task_id, :reader, :until, :by, :now)
ON CONFLICT (connection, task_id, reader) DO UPDATE
SET until_at = excluded.until_at, by_user = excluded.by_user, set_at = excluded.set_at
"""


def put(tx: Tx, connection: str, task_id: str, reader: str, snooze: Snoozed) -> None:
    """Snooze the task for a reader: a Slack user, or a channel. A newer one takes its place."""
    tx.run(
        _SET,
        {
            **_key(connection, task_id, reader),
            "until": to_ms(snooze.until),
            "by": snooze.by_user,
            "now": to_ms(snooze.set_at),
        },
    )


def end(tx: Tx, connection: str, task_id: str, reader: str) -> bool:
    """The snooze is over; False when there was none."""
    ended = tx.run(
        "DELETE FROM snooze WHERE connection = :connection AND task_id = :task_id"
        " AND reader = :reader",
        _key(connection, task_id, reader),
    )
    return ended > 0


def of_task(tx: Tx, connection: str, task_id: str) -> dict[str, Snoozed]:
    """The snoozes of a task, by reader."""
    rows = tx.rows(
        "SELECT * FROM snooze WHERE connection = :connection AND task_id = :task_id",
        {"connection": connection, "task_id": task_id},
    )
    return {
        row["reader"]: Snoozed(from_ms(row["until_at"]), row["by_user"], from_ms(row["set_at"]))
        for row in rows
    }


def of_reader(tx: Tx, reader: str, now: datetime) -> dict[tuple[str, str], datetime]:
    """Until when a reader has put off each task that is not back yet, by connection and id."""
    rows = tx.rows(
        "SELECT connection, task_id, until_at FROM snooze"
        " WHERE reader = :reader AND until_at > :now",
        {"reader": reader, "now": to_ms(now)},
    )
    return {(row["connection"], row["task_id"]): from_ms(row["until_at"]) for row in rows}


def _key(connection: str, task_id: str, reader: str) -> dict[str, str]:
    return {"connection": connection, "task_id": task_id, "reader": reader}
