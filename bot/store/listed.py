"""What lists and overviews read of tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from pydantic_core import from_json

from adapters.contract import Due, Task
from bot.domain.model import Standing, StoredTask
from bot.store.database import Tx, from_ms, from_ms_or_none, to_ms
from bot.store.tasks import due_in, stored_in

_FINISHED_OF_USER = """
SELECT task.*, submission.finished_at AS answered_at, submission.slack_user AS answered_by
FROM task
LEFT JOIN submission ON submission.id = task.submission_id
WHERE task.standing = 'done' AND task.read_at >= :since AND (submission.slack_user = :user
  OR EXISTS (SELECT 1 FROM assignment
             JOIN link ON link.connection = assignment.connection
               AND link.operator_id = assignment.operator_id
             WHERE assignment.connection = task.connection AND assignment.task_id = task.id
               AND link.slack_user = :user))
"""


def finished_of_user(
    tx: Tx, slack_user: str, since: datetime
) -> list[tuple[StoredTask, datetime, str | None]]:
    """A person's tasks that are finished, and those that they have finished for others: when that
    was, as far as we know, and by which Slack user, if by one."""
    found = []
    for row in tx.rows(_FINISHED_OF_USER, {"user": slack_user, "since": to_ms(since)}):
        stored = stored_in(row)
        result = stored.task.result
        known = from_ms_or_none(row["answered_at"]) or (result.at if result else None)
        found.append((stored, known or from_ms(row["read_at"]), row["answered_by"]))
    return [one for one in found if one[1] >= since]


_OUTLINES = """
SELECT task.connection, task.id, task.key, task.doc, task.due_at, task.due_on, task.first_seen_at
FROM link
JOIN assignment ON assignment.connection = link.connection
  AND assignment.operator_id = link.operator_id
JOIN task ON task.connection = assignment.connection AND task.id = assignment.task_id
WHERE link.slack_user = :user AND task.standing = 'open'
"""


def outlines_of_user(tx: Tx, slack_user: str) -> list[StoredTask]:
    """All open tasks of a person, of which no more is read than their order needs: their titles
    and dues. One that several of their operators have comes as often."""
    return [
        StoredTask(
            row["connection"],
            row["key"],
            Task(row["id"], from_json(row["doc"])["title"], due=due_in(row)),
            Standing.OPEN,
            from_ms(row["first_seen_at"]),
        )
        for row in tx.rows(_OUTLINES, {"user": slack_user})
    ]


def open_that(tx: Tx, fits: Callable[[str], bool]) -> list[StoredTask]:
    """The open tasks whose JSON text fits; the others are not decoded."""
    rows = tx.rows("SELECT * FROM task WHERE standing = 'open'")
    return [stored_in(row) for row in rows if fits(row["doc"])]


class Burden(NamedTuple):
    """An open task of somebody, as far as counting needs it."""

    slack_user: str
    due: Due | None


_BURDENS = """
SELECT DISTINCT link.slack_user, task.key, task.due_at, task.due_on FROM link
JOIN assignment ON assignment.connection = link.connection
  AND assignment.operator_id = link.operator_id
JOIN task ON task.connection = assignment.connection AND task.id = assignment.task_id
WHERE task.standing = 'open'
"""


def burdens(tx: Tx) -> list[Burden]:
    """Every open task of everybody who is linked, once for each of them."""
    return [Burden(row["slack_user"], due_in(row)) for row in tx.rows(_BURDENS)]


_UNCLAIMED = """
SELECT connection, COUNT(*) AS tasks FROM task
WHERE standing = 'open' AND NOT EXISTS (
    SELECT 1 FROM assignment
    JOIN link ON link.connection = assignment.connection
      AND link.operator_id = assignment.operator_id
    WHERE assignment.connection = task.connection AND assignment.task_id = task.id)
GROUP BY connection
"""


def unclaimed(tx: Tx) -> dict[str, int]:
    """By connection, how many open tasks nobody has who is linked."""
    return {row["connection"]: row["tasks"] for row in tx.rows(_UNCLAIMED)}


def open_by_connection(tx: Tx) -> dict[str, int]:
    """By connection, how many tasks are open."""
    rows = tx.rows(
        "SELECT connection, COUNT(*) AS tasks FROM task WHERE standing = 'open' GROUP BY connection"
    )
    return {row["connection"]: row["tasks"] for row in rows}
