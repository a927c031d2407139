"""Tasks and who they are assigned to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from adapters.contract import Due, Task
from bot.domain.model import Standing, StoredTask, task_key
from bot.store import codec
from bot.store.database import Row, Tx, from_ms, to_ms, to_ms_or_none

LOOK_NOW = 0
"""A `look_at` that is always past: the planner must look at once."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A task as a provider just showed it, encoded for the store. `look_at`: when the planner
    must look at it; None: only when something changes."""

    task: Task
    doc: str
    fingerprint: str
    look_at: datetime | None

    @classmethod
    def of(cls, task: Task, look_at: datetime | None) -> Sighting:
        doc = codec.dump_task(task)
        return cls(task, doc.decode(), codec.fingerprint(doc), look_at)


_parts = attrgetter(*(part.name for part in fields(Task) if part.name != "data"))


def glance(task: Task) -> int:
    """A number that is the same for equal tasks in one process, and far cheaper than a sighting."""
    return hash((_parts(task), *task.data.items()))


class Known(NamedTuple):
    """What a poll compares a listing with; there are thousands, so they are made cheaply."""

    fingerprint: str
    standing: Standing


def known(tx: Tx, connection: str) -> dict[str, Known]:
    """The tasks of a connection that a poll may have to change, by id."""
    rows = tx.rows(
        "SELECT id, fingerprint, standing FROM task WHERE connection = :connection",
        {"connection": connection},
    )
    standings = {str(s): s for s in Standing}
    return {r["id"]: Known(r["fingerprint"], standings[r["standing"]]) for r in rows}


_INSERT = """
INSERT INTO task (connection, id, key, doc, fingerprint, standing, due_at, due_on, read_at,
                  first_seen_at, look_at)
VALUES (:connection, :id, :key, :doc, :fingerprint, :standing, :due_at, :due_on, :read_at,
        :read_at, :look_at)
ON CONFLICT (connection, id) DO NOTHING
"""

_UPDATE = """
UPDATE task
SET doc = :doc, fingerprint = :fingerprint, standing = :standing, due_at = :due_at,
    due_on = :due_on, read_at = :read_at, look_at = :look_at,
    submission_id = CASE WHEN standing = :standing THEN submission_id END
WHERE connection = :connection AND id = :id AND read_at <= :read_at
"""

_ASSIGN = """
INSERT INTO assignment (connection, operator_id, task_id, baseline)
VALUES (:connection, :operator_id, :id, :baseline)
ON CONFLICT (connection, operator_id, task_id) DO NOTHING
"""


def add(
    tx: Tx,
    connection: str,
    sightings: Sequence[Sighting],
    read_at: datetime,
    *,
    baseline: bool,
    newcomers: Collection[str] = (),
) -> None:
    """Store tasks that were not known. `baseline`: they are not news to anybody; `newcomers`: not
    to these operators, whose tasks are read for the first time."""
    tx.run_many(_INSERT, (_params(connection, s, read_at) for s in sightings))
    tx.run_many(
        _ASSIGN,
        (
            {
                "connection": connection,
                "operator_id": o.id,
                "id": s.task.id,
                "baseline": baseline or o.id in newcomers,
            }
            for s in sightings
            for o in s.task.operators
        ),
    )


def update(tx: Tx, connection: str, sighting: Sighting, read_at: datetime) -> bool:
    """Store what a provider said at `read_at`, unless something newer is known."""
    if not tx.run(_UPDATE, _params(connection, sighting, read_at)):
        return False
    _reassign(tx, connection, sighting.task)
    return True


def _reassign(tx: Tx, connection: str, task: Task) -> None:
    where = {"connection": connection, "id": task.id}
    rows = tx.rows(
        "SELECT operator_id FROM assignment WHERE connection = :connection AND task_id = :id", where
    )
    before, now = {r["operator_id"] for r in rows}, {o.id for o in task.operators}
    for operator_id in before - now:
        tx.run(
            "DELETE FROM assignment WHERE connection = :connection AND task_id = :id"
            " AND operator_id = :operator_id",
            {**where, "operator_id": operator_id},
        )
    for operator_id in now - before:
        tx.run(_ASSIGN, {**where, "operator_id": operator_id, "baseline": False})


def mark_gone(tx: Tx, connection: str, task_id: str, read_at: datetime) -> bool:
    """The provider no longer shows the task; keep what was known of it."""
    changed = tx.run(
        "UPDATE task SET standing = 'gone', read_at = :read_at, look_at = :look, fingerprint = ''"
        " WHERE connection = :connection AND id = :id AND read_at <= :read_at",
        {"connection": connection, "id": task_id, "read_at": to_ms(read_at), "look": LOOK_NOW},
    )
    return changed > 0


def answered_by(tx: Tx, connection: str, task_id: str, submission_id: str) -> None:
    """Remember which answer of ours made the task what it is."""
    tx.run(
        "UPDATE task SET submission_id = :submission WHERE connection = :connection AND id = :id",
        {"connection": connection, "id": task_id, "submission": submission_id},
    )


def count(tx: Tx, connection: str) -> int:
    """How many tasks of a connection are known."""
    row = tx.row("SELECT COUNT(*) AS n FROM task WHERE connection = :name", {"name": connection})
    return int(row["n"]) if row else 0


def find(tx: Tx, connection: str, task_id: str) -> StoredTask | None:
    row = tx.row(
        "SELECT * FROM task WHERE connection = :connection AND id = :id",
        {"connection": connection, "id": task_id},
    )
    return None if row is None else stored_in(row)


def find_many(tx: Tx, connection: str, task_ids: Iterable[str]) -> list[StoredTask]:
    found = (find(tx, connection, task_id) for task_id in task_ids)
    return [stored for stored in found if stored is not None]


def of_operators(tx: Tx, connection: str, operator_ids: Collection[str]) -> set[str]:
    """The ids of the tasks that any of these operators has."""
    rows = tx.rows(
        "SELECT operator_id, task_id FROM assignment WHERE connection = :connection",
        {"connection": connection},
    )
    return {row["task_id"] for row in rows if row["operator_id"] in operator_ids}


def find_by_key(tx: Tx, key: str) -> StoredTask | None:
    row = tx.row("SELECT * FROM task WHERE key = :key", {"key": key})
    return None if row is None else stored_in(row)


def to_look_at(tx: Tx, now: datetime, limit: int) -> list[StoredTask]:
    """Tasks that the planner must look at by now, the longest waiting first; until the transaction
    ends, no other process gets them."""
    rows = tx.rows(
        "SELECT * FROM task WHERE look_at <= :now ORDER BY look_at LIMIT :limit {skip_locked}",
        {"now": to_ms(now), "limit": limit},
    )
    return [stored_in(row) for row in rows]


def next_look(tx: Tx) -> datetime | None:
    row = tx.row("SELECT MIN(look_at) AS at FROM task WHERE look_at IS NOT NULL")
    return None if row is None or row["at"] is None else from_ms(row["at"])


def looked(tx: Tx, connection: str, task_id: str, look_at: datetime | None) -> None:
    """The planner has looked; `look_at`: when it must look again."""
    tx.run(
        "UPDATE task SET look_at = :look WHERE connection = :connection AND id = :id",
        {"connection": connection, "id": task_id, "look": to_ms_or_none(look_at)},
    )


def look_again(tx: Tx, connection: str, task_id: str) -> None:
    """Something about the task changed: the planner must look now."""
    tx.run(
        "UPDATE task SET look_at = :look WHERE connection = :connection AND id = :id",
        {"connection": connection, "id": task_id, "look": LOOK_NOW},
    )


def look_again_at_open(tx: Tx, connection: str) -> None:
    """What every open task of a connection offers has changed: look at those that have cards."""
    tx.run(
        "UPDATE task SET look_at = :look WHERE connection = :connection AND standing = 'open'"
        " AND EXISTS (SELECT 1 FROM message WHERE message.connection = task.connection"
        " AND message.task_id = task.id AND message.live = 1)",
        {"connection": connection, "look": LOOK_NOW},
    )


def look_again_for(tx: Tx, connection: str, operator_id: str) -> None:
    """Who reads the tasks of an operator has changed."""
    tx.run(
        "UPDATE task SET look_at = :look WHERE connection = :connection AND id IN"
        " (SELECT task_id FROM assignment WHERE connection = :connection AND operator_id = :op)",
        {"connection": connection, "op": operator_id, "look": LOOK_NOW},
    )


def make_baseline(tx: Tx, connection: str, operator_id: str) -> None:
    """What the operator has now is no news: it is summed up instead of sent card by card."""
    tx.run(
        "UPDATE assignment SET baseline = 1 WHERE connection = :connection AND operator_id = :op",
        {"connection": connection, "op": operator_id},
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open task of an operator, as far as counting needs it. `baseline`: it was theirs before
    we began to watch."""

    key: str
    due: Due | None
    baseline: bool


_OPEN_OF_OPERATOR = """
SELECT task.key, task.due_at, task.due_on, assignment.baseline FROM assignment
JOIN task ON task.connection = assignment.connection AND task.id = assignment.task_id
WHERE assignment.connection = :connection AND assignment.operator_id = :op
  AND task.standing = 'open'
"""


def open_of_operator(tx: Tx, connection: str, operator_id: str) -> list[Waiting]:
    """The operator's open tasks."""
    rows = tx.rows(_OPEN_OF_OPERATOR, {"connection": connection, "op": operator_id})
    return [Waiting(row["key"], due_in(row), bool(row["baseline"])) for row in rows]


_OPEN_OF_USER = """
SELECT DISTINCT task.* FROM link
JOIN assignment ON assignment.connection = link.connection
  AND assignment.operator_id = link.operator_id
JOIN task ON task.connection = assignment.connection AND task.id = assignment.task_id
WHERE link.slack_user = :user AND task.standing = 'open'
"""


def open_of_user(tx: Tx, slack_user: str) -> list[StoredTask]:
    """All open tasks of a person, over all their links."""
    return [stored_in(row) for row in tx.rows(_OPEN_OF_USER, {"user": slack_user})]


def open_of_all(tx: Tx) -> list[StoredTask]:
    return [stored_in(row) for row in tx.rows("SELECT * FROM task WHERE standing = 'open'")]


def overdue(tx: Tx, now: datetime) -> list[StoredTask]:
    """The open tasks whose due is past, somewhere on earth if it is a day."""
    first_day = (now + timedelta(hours=14)).date()
    rows = tx.rows(
        "SELECT * FROM task WHERE standing = 'open' AND (due_at < :now OR due_on < :day)",
        {"now": to_ms(now), "day": first_day.isoformat()},
    )
    return [stored_in(row) for row in rows]


def baselines(tx: Tx, connection: str, task_id: str) -> Mapping[str, bool]:
    """Who has the task: operator id to whether it was theirs before we began to watch."""
    rows = tx.rows(
        "SELECT operator_id, baseline FROM assignment"
        " WHERE connection = :connection AND task_id = :id",
        {"connection": connection, "id": task_id},
    )
    return {row["operator_id"]: bool(row["baseline"]) for row in rows}


def _params(connection: str, sighting: Sighting, read_at: datetime) -> dict[str, object]:
    task = sighting.task
    due = task.due
    return {
        "connection": connection,
        "id": task.id,
        "key": task_key(connection, task.id),
        "doc": sighting.doc,
        "fingerprint": sighting.fingerprint,
        "standing": task.state.value,
        "due_at": to_ms_or_none(due.at) if due else None,
        "due_on": due.on.isoformat() if due and due.on else None,
        "read_at": to_ms(read_at),
        "look_at": to_ms_or_none(sighting.look_at),
    }


def due_in(row: Row) -> Due | None:
    """The due that a row holds."""
    if row["due_on"] is not None:
        return Due(on=date.fromisoformat(row["due_on"]))
    return None if row["due_at"] is None else Due(at=from_ms(row["due_at"]))


def stored_in(row: Row) -> StoredTask:
    """The task that a row holds."""
    return StoredTask(
        connection=row["connection"],
        key=row["key"],
        task=codec.load_task(row["doc"]),
        standing=Standing(row["standing"]),
        first_seen_at=from_ms(row["first_seen_at"]),
        submission_id=row["submission_id"],
    )
