"""What was told to those who oversee of overdue tasks, and who will see to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.changes import due_as_text
from bot.domain.model import StoredTask
from bot.store.database import Tx, from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Told:
    """How often a task, with the due that it has now, was told to a reader, and when last."""

    times: int
    at: datetime


def _of(stored: StoredTask) -> dict[str, object]:
    return {
        "connection": stored.connection,
        "task_id": stored.task.id,
        "due": due_as_text(stored.task.due),
    }


_WHERE = " FROM escalation WHERE connection = :connection AND task_id = :task_id AND due = :due"


def told(tx: Tx, stored: StoredTask, reader: str) -> Told | None:
    """None: never."""
    row = tx.row(
        f"SELECT told, told_at{_WHERE} AND reader = :reader",
        {**_of(stored), "reader": reader},
    )
    return None if row is None else Told(row["told"], from_ms(row["told_at"]))


def seen_by(tx: Tx, stored: StoredTask) -> str | None:
    """Who said that they will see to the task, with the due that it has now."""
    row = tx.row(
        f"SELECT acked_by{_WHERE} AND acked_by IS NOT NULL",
        _of(stored),
    )
    return None if row is None else str(row["acked_by"])


_TELL = """
INSERT INTO escalation (connection, task_id, reader, due, told, told_at)
VALUES (:connection, :task_id, :reader, :due, 1, :now)
ON CONFLICT (connection, task_id, reader) DO UPDATE
SET told = CASE WHEN escalation.due = excluded.due THEN escalation.told + 1 ELSE 1 END,
    acked_by = CASE WHEN escalation.due = excluded.due THEN escalation.acked_by END,
    due = excluded.due, told_at = excluded.told_at
"""


def tell(tx: Tx, stored: StoredTask, reader: str, now: datetime) -> None:
    """It is told to the reader once more."""
    tx.run(_TELL, {**_of(stored), "reader": reader, "now": to_ms(now)})


def acknowledge(tx: Tx, stored: StoredTask, slack_user: str) -> bool:
    """Somebody will see to the task: it is not told again while it keeps its due. False when
    somebody has said so before, or it was not told with this due."""
    if seen_by(tx, stored) is not None:
        return False
    changed = tx.run(
        "UPDATE escalation SET acked_by = :user"
        " WHERE connection = :connection AND task_id = :task_id AND due = :due",
        {**_of(stored), "user": slack_user},
    )
    return changed > 0


def of_task(tx: Tx, stored: StoredTask) -> list[tuple[str, Told]]:
    """To whom it was told with the due that it has now."""
    rows = tx.rows(f"SELECT reader, told, told_at{_WHERE} ORDER BY told_at", _of(stored))
    return [(row["reader"], Told(row["told"], from_ms(row["told_at"]))) for row in rows]
