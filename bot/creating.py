"""Create: take a person's wish for a new task to the provider, and tell them what became of it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from adapters.contract import Choice, Due, Effect, ProviderError, Task
from adapters.pace import waited_for
from bot import recording
from bot.domain import when
from bot.domain.creating import (
    OPERATOR,
    TITLE,
    Place,
    draft_of,
    may_create,
    own_operator,
)
from bot.domain.language import ENGLISH
from bot.domain.model import Person, Submission, SubmissionState, Whisper
from bot.domain.records import wanted_of
from bot.domain.typed_dates import split_when
from bot.domain.wording import labels
from bot.ground import Ground, LiveConnection
from bot.slack.desk import CreateForm
from bot.store import connections, messages, news, people, submissions, tasks
from bot.store.database import Tx, from_ms
from bot.store.submissions import Intent
from bot.store.tasks import LOOK_NOW, Sighting

SUBJECT_SECONDS = 2.5
"""Slack waits three seconds for the options of a search."""

log = structlog.get_logger(__name__)


def places(ground: Ground, tx: Tx, slack_user: str) -> list[Place]:
    """The connections at which somebody may make tasks, in the order of the settings."""
    found = []
    for name in ground.live:
        actor, connection = ground.actor(tx, slack_user, name), ground.connection(tx, name)
        if not may_create(connection, actor):
            continue
        others = tuple(one for one in people.operators(tx, name) if one.active and one.person)
        fields = connections.state(tx, name).draft_fields
        found.append(Place(connection, own_operator(actor), others, fields))
    return found


def asked(
    ground: Ground, tx: Tx, slack_user: str, words: str, where: str | None
) -> CreateForm | None:
    """What to ask somebody about a new task of which they have said `words`, with a date perhaps;
    None when they may make tasks nowhere."""
    found = tuple(places(ground, tx, slack_user))
    place = next((p for p in found if p.connection.name == where), next(iter(found), None))
    if place is None:
        return None
    reader, now = ground.person(tx, slack_user), ground.clock.now()
    title, due = _understood(words, reader, now)
    return CreateForm(reader, found, place, now, title or words, due)


def _understood(words: str, reader: Person, now: datetime) -> tuple[str, Due | None]:
    """What is to be done, and when: in the person's language, or in that of the command."""
    tz = when.zone(reader.timezone)
    for tag in (reader.language.tag, ENGLISH.tag):
        title, due = split_when(words, now, tz, tag)
        if due is not None:
            return title, due
    return words, None


async def subjects(live: LiveConnection, typed: str) -> Sequence[Choice]:
    """What a new task there may concern; none while the provider can't say."""
    try:
        async with asyncio.timeout(SUBJECT_SECONDS):
            with waited_for():
                return await live.provider.subjects(typed)
    except (ProviderError, TimeoutError) as trouble:
        log.warning("subjects not found", connection=live.name, error=str(trouble))
        return ()


def create(ground: Ground, tx: Tx, intent: Intent) -> None:
    """Have the task made that somebody wants; or tell them why it can't be."""
    body: Mapping[str, Any] = intent.body
    name, fields = str(body["connection"]), dict(body["fields"])
    allowed = {place.connection.name: place for place in places(ground, tx, intent.slack_user)}
    place = allowed.get(name)
    if place is None or not _is_known(place, fields.get(OPERATOR)):
        refusal = Whisper("cannot_create", {"title": fields[TITLE], "connection": name})
        now = ground.clock.now()
        messages.add_whisper(tx, intent.slack_user, intent.channel, refusal, now)
        return
    submission = Submission(
        id=secrets.token_hex(12),
        connection=name,
        task_id="",
        outcome=Effect.CREATE.value,
        label=labels.CREATE_TASK,
        fields=fields,
        slack_user=intent.slack_user,
        operator_id=place.own.id if place.own else None,
        occurred_at=intent.received_at,
        state=SubmissionState.PENDING,
        due_at=intent.received_at,
        effect=Effect.CREATE,
    )
    submissions.add(tx, submission)
    at, what = submission.occurred_at, wanted_of(submission)
    people.audit(tx, at, submission.slack_user, Effect.CREATE.value, name, None, what)


def _is_known(place: Place, operator: str | None) -> bool:
    return operator is None or operator in {one.id for one in place.operators}


def made(tx: Tx, submission: Submission, task: Task, read_at: datetime) -> Submission:
    """The provider has the task: keep it, as news to all but its maker."""
    name, sighting = submission.connection, Sighting.of(task, from_ms(LOOK_NOW))
    if tasks.find(tx, name, task.id) is None:
        tasks.add(tx, name, [sighting], read_at, baseline=False)
        recording.first_seen(tx, name, [sighting], {"by": "answer"}, read_at)
    else:  # a poll was faster
        recording.update(tx, name, sighting, {"by": "answer"}, read_at)
    news.told(tx, name, task.id, submission.slack_user, read_at)
    submissions.made(tx, submission.id, task.id)
    return replace(submission, task_id=task.id)


_TOLD = {SubmissionState.DONE: "created", SubmissionState.REFUSED: "create_refused"}


def tell(
    tx: Tx, ground: Ground, submission: Submission, state: SubmissionState, reason: str | None
) -> None:
    """Say to whoever wants a task made what has become of that."""
    params = {
        "title": draft_of(submission).title,
        "connection": ground.live[submission.connection].title,
        "reason": reason or "",
    }
    whisper = Whisper(_TOLD.get(state, "create_waits"), params)
    messages.add_whisper(tx, submission.slack_user, None, whisper, ground.clock.now())
