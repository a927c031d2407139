"""Record: leave in the audit what a poll found.

A poll that finds nothing new writes nothing, and a first listing one row: what each of its tasks
was is told from the task itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from bot.domain.records import CHANGED, GONE, SEEN, TASKBELL, differences, first_look_at
from bot.store import people, tasks
from bot.store.database import Tx
from bot.store.tasks import Sighting

How: TypeAlias = Mapping[str, str]
"""What showed it: `by` a timer, a push or an answer, and which `listing`: full, changes, named."""


def baseline(tx: Tx, connection: str, read_at: datetime) -> None:
    """A first listing is read: what it has is news to nobody."""
    detail = {"tasks": tasks.count(tx, connection)}
    people.audit(tx, read_at, TASKBELL, "first listing", connection, None, detail)


def first_seen(
    tx: Tx, connection: str, sightings: Sequence[Sighting], how: How, read_at: datetime
) -> None:
    """These tasks were not known."""
    for one in sightings:
        detail = {**how, **first_look_at(one.task)}
        people.audit(tx, read_at, TASKBELL, SEEN, connection, one.task.id, detail)


def update(tx: Tx, connection: str, sighting: Sighting, how: How, read_at: datetime) -> None:
    """Store what a provider now says of a task, and what that changes."""
    before = tasks.find(tx, connection, sighting.task.id)
    if not tasks.update(tx, connection, sighting, read_at) or before is None:
        return
    changed = differences(before, sighting.task)
    if changed:
        detail = {**how, **changed}
        people.audit(tx, read_at, TASKBELL, CHANGED, connection, sighting.task.id, detail)


def gone(tx: Tx, connection: str, task_id: str, read_at: datetime) -> None:
    """The provider no longer shows a task."""
    if tasks.mark_gone(tx, connection, task_id, read_at):
        people.audit(tx, read_at, TASKBELL, GONE, connection, task_id)
