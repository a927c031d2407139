"""Tell: why a task was, or was not, brought to somebody, from what is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain import when
from bot.domain.language import ENGLISH, Language
from bot.domain.model import StoredTask
from bot.domain.outlook import next_step, stand
from bot.domain.phrases import Phrase
from bot.domain.reasons import Verdict, unheard, verdict, verdicts
from bot.domain.records import Chronicle, Record
from bot.domain.story import Line, lines
from bot.ground import Ground
from bot.store import connections, history, people, submissions, tasks
from bot.store.database import Tx

MANY = 5
"""So many tasks whose titles fit are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Account:
    """The whole story of a task, with why each person was told of it or not. `next_at`: when the
    next step is taken, if one is without a change."""

    task: str
    title: str
    standing: str
    lines: tuple[Line, ...]
    now: tuple[Phrase, ...]
    next: Phrase
    next_at: datetime | None
    verdicts: tuple[Verdict, ...]
    unheard: Phrase | None


def account(
    tx: Tx,
    ground: Ground,
    stored: StoredTask,
    people_asked: Collection[str],
    *,
    you: str | None = None,
    language: Language = ENGLISH,
) -> Account:
    """Tell a task's story. `people_asked`: Slack users to speak of, whether it concerns them or
    not; `you`: whoever reads it."""
    found = chronicle(tx, ground, stored, people_asked, you=you)
    next_at, what = next_step(language, found)
    return Account(
        task=f"{stored.connection}:{stored.task.id}",
        title=stored.task.title,
        standing=stored.standing.value,
        lines=lines(language, found),
        now=tuple(stand(language, found)),
        next=what,
        next_at=next_at,
        verdicts=tuple(verdicts(language, found, you=you)),
        unheard=unheard(language, found),
    )


def chronicle(
    tx: Tx,
    ground: Ground,
    stored: StoredTask,
    people_asked: Collection[str] = (),
    *,
    you: str | None = None,
) -> Chronicle:
    """All that is on record of a task. `you`: whoever reads it; operators have their ids beside
    their names for admins alone, and at the command line."""
    name, task_id = stored.connection, stored.task.id
    situation, state = ground.situation(tx, stored), connections.state(tx, name)
    state = ground.quiet.seen(state)
    records = history.of_task(tx, name, task_id)
    theirs = {one: _operators_of(tx, one, name) for one in people_asked}
    present = [o.id for o in stored.task.operators]
    named = {*present, *_named(records), *(one for ids in theirs.values() for one in ids)}
    links = history.of_operators(tx, name, present)
    names = people.names(tx, name, named)
    names |= {o.id: o.name for o in stored.task.operators if o.name}
    return Chronicle(
        situation=situation,
        now=ground.clock.now(),
        records=sorted((*records, *links), key=lambda record: (record.at, record.id)),
        links=history.links(tx, name, present),
        deliveries=history.deliveries(tx, name, task_id),
        submissions=submissions.of_task(tx, name, task_id),
        operators=_called(names, with_ids=you is None or you in ground.rules.admins),
        theirs=theirs,
        watched=name in ground.live,
        trouble=state.trouble,
        baseline_at=state.baseline_at,
        good_at=state.good_at,
    )


def _called(names: Mapping[str, str], *, with_ids: bool) -> Mapping[str, str]:
    return {one: f"{names[one]} ({one})" for one in names} if with_ids else names


def _operators_of(tx: Tx, slack_user: str, connection: str) -> list[str]:
    mine = people.links_of_user(tx, slack_user)
    return [link.operator_id for link in mine if link.connection == connection]


def _named(records: Iterable[Record]) -> set[str]:
    """The operators whom records name."""
    found: set[str] = set()
    for record in records:
        for ids in record.detail.get("operators", ()):
            found |= {ids} if isinstance(ids, str) else set(ids)
        found |= {str(record.detail["operator"])} if "operator" in record.detail else set()
    return found


def short(tx: Tx, ground: Ground, stored: StoredTask, reader: str) -> str:
    """Why `reader` has the task's card, in a sentence or two for themselves."""
    found = chronicle(tx, ground, stored, [reader], you=reader)
    person = ground.person(tx, reader)
    told = verdict(person.language, found, reader, you=reader).words
    return person.language.plain(told, when.zone(person.timezone), lambda one: name_of(tx, one))


def name_of(tx: Tx, slack_user: str) -> str:
    """A Slack user in plain words."""
    known = people.person(tx, slack_user, "UTC").name
    return f"{known} ({slack_user})" if known else slack_user


@dataclass(frozen=True, slots=True)
class Unclear:
    """No single task is meant. `known`: `connection:id` and title of those that may be, at most
    `MANY` of `count`."""

    known: tuple[tuple[str, str], ...] = ()
    count: int = 0


def find(tx: Tx, ground: Ground, words: str, slack_user: str) -> StoredTask | Unclear:
    """The task that somebody asks about, by `connection:id` or by words of its title; only one
    that they may see."""
    if not words:
        return Unclear()
    oversees = slack_user in ground.rules.admins
    connection, _, task_id = words.partition(":")
    stored = tasks.find(tx, connection, task_id)
    if stored and (oversees or history.may_read(tx, slack_user, connection, task_id)):
        return stored
    fitting = history.titled(tx, words, None if oversees else slack_user)
    found = tasks.find(tx, *fitting[0][:2]) if len(fitting) == 1 else None
    if found is not None:
        return found
    known = tuple((f"{one[0]}:{one[1]}", one[2]) for one in fitting[:MANY])
    return Unclear(known, len(fitting))
