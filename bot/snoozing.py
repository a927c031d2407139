"""Snooze: put a task off for a reader, or bring it back. The provider hears nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain import snoozing
from bot.domain.answering import refusal
from bot.domain.model import Snoozed, StoredTask, Whisper
from bot.domain.records import SNOOZED, WOKEN
from bot.ground import Ground
from bot.store import messages, news, people, snoozes, submissions, tasks
from bot.store.database import Tx
from bot.store.submissions import Intent


def may_snooze(ground: Ground, tx: Tx, stored: StoredTask, slack_user: str) -> str | Whisper:
    """For which reader somebody may put a task off: themselves, or the channel that reads it for
    all; or the sentence why not."""
    name = stored.connection
    connection = ground.connection(tx, name)
    newest = submissions.newest(tx, name, stored.task.id)
    refused = refusal(stored, connection, ground.actor(tx, slack_user, name), newest)
    if refused is not None:
        return refused
    reader = snoozing.reader_for(slack_user, ground.situation(tx, stored).readers)
    return reader or Whisper("not_your_card", {"title": stored.task.title})


def snooze(ground: Ground, tx: Tx, intent: Intent) -> Whisper | None:
    """Put the task off; the sentence why not, where it can't be."""
    found = _allowed(ground, tx, intent)
    if isinstance(found, Whisper):
        return found
    stored, reader = found
    until, now = _until(ground, tx, intent), ground.clock.now()
    if until is None:
        return Whisper("form_expired")
    if until <= now:
        return Whisper("snooze_past")
    name, task_id, user = stored.connection, stored.task.id, intent.slack_user
    snoozes.put(tx, name, task_id, reader, Snoozed(until, user, intent.received_at))
    news.told(tx, name, task_id, reader, now)
    told = {"reader": reader, "until": until.isoformat()}
    people.audit(tx, now, user, SNOOZED, name, task_id, told)
    return None


def wake(ground: Ground, tx: Tx, intent: Intent) -> Whisper | None:
    """Bring a task back that was put off; the sentence why not, where somebody may not."""
    found = _allowed(ground, tx, intent)
    if isinstance(found, Whisper):
        return found
    stored, reader = found
    name, task_id, now = stored.connection, stored.task.id, ground.clock.now()
    if snoozes.end(tx, name, task_id, reader):
        people.audit(tx, now, intent.slack_user, WOKEN, name, task_id, {"reader": reader})
    return None


def _allowed(ground: Ground, tx: Tx, intent: Intent) -> tuple[StoredTask, str] | Whisper:
    """The task that somebody clicked on, and for which reader they may put it off; or the sentence
    why they may not. They wait for what becomes of their card, whatever that is."""
    body: Mapping[str, Any] = intent.body
    stored = tasks.find_by_key(tx, str(body["task"]))
    if stored is None:
        return Whisper("gone")
    name, task_id, now = stored.connection, stored.task.id, ground.clock.now()
    messages.clicked(tx, name, task_id, intent.slack_user, intent.channel, now)
    tasks.look_again(tx, name, task_id)
    reader = may_snooze(ground, tx, stored, intent.slack_user)
    return reader if isinstance(reader, Whisper) else (stored, reader)


def _until(ground: Ground, tx: Tx, intent: Intent) -> datetime | None:
    """When it comes back; None where that was to be picked, and the form did not open."""
    body: Mapping[str, Any] = intent.body
    if "until" in body:
        return datetime.fromisoformat(str(body["until"]))
    choice = snoozing.Snooze(body["choice"])
    if choice is snoozing.Snooze.PICK:
        return None
    wanted = ground.preferences(tx, intent.slack_user)
    return snoozing.until(choice, intent.received_at, wanted)
