"""What is on record: reads for the story of a task, and for the audit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.domain.model import Reason
from bot.domain.records import Delivery, Linked, Record
from bot.store import codec, people
from bot.store.database import Row, Tx, from_ms, from_ms_or_none, to_ms

_OF_TASK = """
SELECT * FROM audit WHERE connection = :connection AND subject = :subject
  AND action NOT IN ('link', 'unlink') ORDER BY at, id
"""
_OF_OPERATOR = """
SELECT * FROM audit WHERE connection = :connection AND subject = :subject
  AND action IN ('link', 'unlink') ORDER BY at, id
"""


def of_task(tx: Tx, connection: str, task_id: str) -> list[Record]:
    """Everything on record of a task, oldest first."""
    rows = tx.rows(_OF_TASK, {"connection": connection, "subject": task_id})
    return [_record(row) for row in rows]


def of_operators(tx: Tx, connection: str, operator_ids: Iterable[str]) -> list[Record]:
    """The links of these operators that were made and undone, oldest first."""
    rows = [
        row
        for one in operator_ids
        for row in tx.rows(_OF_OPERATOR, {"connection": connection, "subject": one})
    ]
    return sorted((_record(row) for row in rows), key=lambda record: (record.at, record.id))


def links(tx: Tx, connection: str, operator_ids: Iterable[str]) -> list[Linked]:
    """The links of these operators that stand."""
    found = (people.link_of(tx, connection, one) for one in operator_ids)
    return [
        Linked(one.operator_id, one.slack_user, one.provenance, one.actor, one.created_at)
        for one in found
        if one is not None
    ]


def deliveries(tx: Tx, connection: str, task_id: str) -> list[Delivery]:
    """Every card of a task, oldest first."""
    rows = tx.rows(
        "SELECT * FROM message WHERE kind = 'card' AND connection = :connection"
        " AND task_id = :id ORDER BY created_at, key",
        {"connection": connection, "id": task_id},
    )
    return [_delivery(row) for row in rows]


_PAGE = """
SELECT * FROM audit
WHERE (at > :at OR (at = :at AND id > :id)) AND at >= :since
ORDER BY at, id LIMIT :limit
"""


def page(tx: Tx, after: Record | None, since: datetime | None, limit: int) -> list[Record]:
    """The rows of the audit that follow `after`, oldest first."""
    params = {
        "at": to_ms(after.at) if after else -1,
        "id": after.id if after else "",
        "since": to_ms(since) if since else -1,
        "limit": limit,
    }
    return [_record(row) for row in tx.rows(_PAGE, params)]


def near(tx: Tx, connection: str, task_id: str, limit: int) -> list[str]:
    """Ids of a connection's tasks that begin or end as `task_id` does, for a slip of the hand."""
    escaped = task_id.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = tx.rows(
        "SELECT id FROM task WHERE connection = :connection"
        " AND (id LIKE :start ESCAPE '\\' OR id LIKE :end ESCAPE '\\') ORDER BY id LIMIT :limit",
        {
            "connection": connection,
            "start": f"{escaped}%",
            "end": f"%{escaped}",
            "limit": limit,
        },
    )
    return [row["id"] for row in rows]


_READ_BY = """
SELECT 1 FROM link JOIN assignment ON assignment.connection = link.connection
  AND assignment.operator_id = link.operator_id
WHERE link.slack_user = :user AND link.connection = :connection AND assignment.task_id = :id
UNION SELECT 1 FROM message
WHERE message.reader = :user AND message.connection = :connection AND message.task_id = :id
  AND message.kind = 'card'
"""


def may_read(tx: Tx, slack_user: str, connection: str, task_id: str) -> bool:
    """Whether the task is, or was, shown to this person."""
    params = {"user": slack_user, "connection": connection, "id": task_id}
    return tx.row(_READ_BY, params) is not None


_THEIRS = """
SELECT DISTINCT task.connection, task.id, task.doc FROM task
JOIN assignment ON assignment.connection = task.connection AND assignment.task_id = task.id
JOIN link ON link.connection = assignment.connection AND link.operator_id = assignment.operator_id
WHERE link.slack_user = :user
"""
_CARDS = """
SELECT DISTINCT task.connection, task.id, task.doc FROM task
JOIN message ON message.connection = task.connection AND message.task_id = task.id
WHERE message.kind = 'card' AND message.reader = :user
"""
_ALL = "SELECT connection, id, doc FROM task WHERE LOWER(doc) LIKE :pattern"

_ANYTHING = re.compile("ss|[^a-z0-9 ]+")
"""What databases compare in ways of their own: whatever is not ASCII, what JSON may write
otherwise, and what ß folds to."""


def titled(tx: Tx, words: str, slack_user: str | None) -> list[tuple[str, str, str]]:
    """Connection, id and title of the tasks whose title holds these words; of all tasks, or of
    those that this person has or had."""
    wanted = words.casefold()
    if slack_user is None:
        # The rows that may fit; all the others need not be read.
        rows = tx.rows(_ALL, {"pattern": f"%{_ANYTHING.sub('%', wanted)}%"})
    else:
        rows = [row for sql in (_THEIRS, _CARDS) for row in tx.rows(sql, {"user": slack_user})]
    found = {}
    for row in rows:
        title = json.loads(row["doc"])["title"]
        if wanted in title.casefold():
            found[(row["connection"], row["id"])] = title
    return [(*key, title) for key, title in found.items()]


def _record(row: Row) -> Record:
    return Record(
        row["id"],
        from_ms(row["at"]),
        row["actor"],
        row["action"],
        row["connection"],
        row["subject"],
        json.loads(row["detail"]),
    )


def _delivery(row: Row) -> Delivery:
    return Delivery(
        key=row["key"],
        reader=row["reader"],
        reason=Reason(row["reason"]),
        face=codec.load_view(row["wanted"]).face,
        state=row["state"],
        live=bool(row["live"]),
        wanted_at=from_ms(row["created_at"]),
        posted_at=_posted(row["ts"]),
        channel=row["channel"],
        redraws=row["redraws"],
        due_at=from_ms_or_none(row["due_at"]),
        error=row["error"],
    )


def _posted(ts: str | None) -> datetime | None:
    """When Slack says that it took a message: its ts counts seconds since 1970."""
    return datetime.fromtimestamp(float(ts), UTC) if ts else None
