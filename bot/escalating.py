"""Escalate: tell those who oversee of other people's overdue tasks to which nobody reacts."""

from __future__ import annotations

from datetime import datetime

from bot import boards as showing
from bot.domain import when
from bot.domain.answering import not_allowed
from bot.domain.boards import BoardKind, Part
from bot.domain.escalation import TIMES, Overdue, is_told
from bot.domain.faces import becomes_overdue
from bot.domain.lists import by_due
from bot.domain.model import StoredTask, Whisper
from bot.domain.records import ESCALATED, SEEN_TO, TASKBELL
from bot.ground import Ground, Rules
from bot.store import boards, escalations, messages, people, snoozes, submissions, tasks
from bot.store.boards import BoardTask
from bot.store.database import Tx
from bot.store.submissions import Intent


def overseers(rules: Rules) -> tuple[str, ...]:
    """Who is told: the managers, or where none is set the channel for alerts."""
    if rules.managers:
        return tuple(sorted(rules.managers))
    return (rules.alert_channel,) if rules.alert_channel else ()


def tell(tx: Tx, ground: Ground, reader: str, now: datetime) -> None:
    """Send somebody who oversees a board of what must be told to them now, if there is any."""
    if reader not in overseers(ground.rules):
        return
    told = [one for one in tasks.overdue(tx, now) if _is_told(tx, ground, one, reader, now)]
    if not told:
        return
    unseen = {one.key: one for one in _unseen(tx, ground, reader, now)}
    tz = when.zone(ground.person(tx, reader).timezone)
    shown = unseen | {one.key: one for one in told}
    in_order = sorted(shown.values(), key=lambda one: by_due(one, tz))
    listed = [BoardTask(one.connection, one.task.id, Part.OVERDUE) for one in in_order]
    showing.post(tx, ground, BoardKind.ESCALATION, reader, listed, now)
    for one in told:
        escalations.tell(tx, one, reader, now)
        people.audit(tx, now, TASKBELL, ESCALATED, one.connection, one.task.id, {"reader": reader})


def _unseen(tx: Tx, ground: Ground, reader: str, now: datetime) -> list[StoredTask]:
    """Close their earlier boards; gives the tasks of which one told that was never posted."""
    older = [one for one in boards.living(tx, reader) if one.kind is BoardKind.ESCALATION]
    listed = [one for board in older for one in showing.close(tx, ground, board, now)]
    found = [tasks.find(tx, one.connection, one.task_id) for one in listed]
    return [one for one in found if one is not None]


def _is_told(tx: Tx, ground: Ground, stored: StoredTask, reader: str, now: datetime) -> bool:
    due, name, task_id = stored.task.due, stored.connection, stored.task.id
    told = escalations.told(tx, stored, reader)
    if due is None or name not in ground.live or (told is not None and told.times >= TIMES):
        return False
    owners = people.linked_users(tx, name, [one.id for one in stored.task.operators])
    if reader in owners.values():
        return False
    owner = ground.preferences(tx, next(iter(owners.values()), ""))
    put_off = snoozes.of_task(tx, name, task_id).values()
    newest = submissions.newest(tx, name, task_id)
    reactions = [one.set_at for one in put_off]
    reactions += [newest.occurred_at] if newest else []
    clicked_at = messages.clicked_at(tx, name, task_id)
    reactions += [clicked_at] if clicked_at else []
    return is_told(
        Overdue(
            since=max(becomes_overdue(due, owner.timezone), stored.first_seen_at),
            owner=owner,
            reacted_at=max(reactions, default=None),
            put_off_until=max((one.until for one in put_off), default=None),
            told=told.times if told else 0,
            told_at=told.at if told else None,
            seen_by=escalations.seen_by(tx, stored),
        ),
        now,
    )


def acknowledge(ground: Ground, tx: Tx, intent: Intent) -> None:
    """Somebody will see to a task: nobody is told of it again while it keeps its due."""
    stored = tasks.find_by_key(tx, str(intent.body["task"]))
    if stored is None:
        return
    now = ground.clock.now()
    name, task_id = stored.connection, stored.task.id
    refusal = not_allowed(stored, ground.actor(tx, intent.slack_user, name))
    if refusal is not None:
        named = Whisper(refusal.code, {"title": stored.task.title})
        messages.add_whisper(tx, intent.slack_user, intent.channel, named, now)
    elif escalations.acknowledge(tx, stored, intent.slack_user):
        people.audit(tx, now, intent.slack_user, SEEN_TO, name, task_id)
    messages.clicked(tx, name, task_id, intent.slack_user, intent.channel, now)
    boards.redraw_those_showing(tx, name, task_id, now)
