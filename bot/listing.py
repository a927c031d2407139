"""Lists: what somebody sees of their tasks, or of those that they may see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from adapters.contract import Task
from bot import overview
from bot.domain import when
from bot.domain.lists import FINISHED, Ending, Filter, ListedTask, Look, arrange
from bot.domain.model import StoredTask
from bot.domain.searching import folded
from bot.ground import Ground
from bot.slack.desk import Home, OwnTasks
from bot.store import listed, people, snoozes, submissions, tasks
from bot.store.database import Tx


def page(
    ground: Ground, tx: Tx, slack_user: str, look: Look, watched: Iterable[str] = ()
) -> OwnTasks:
    """The page that somebody looks at. `watched`: keys of tasks that keep their rows although
    they are done. Another person's list is for those who oversee; others see their own."""
    oversees = ground.rules.oversees(slack_user)
    if look.whose is not None and not oversees:
        look = replace(look, whose=None)
    reader, now = ground.person(tx, slack_user), ground.clock.now()
    chosen = _chosen(ground, tx, look, slack_user, everybody=oversees)
    # Of a connection that was taken out of the settings nothing is known any more.
    rows = {one.stored.key: one for one in chosen if one.stored.connection in ground.live}
    for key in watched:
        answered = tasks.find_by_key(tx, key)
        if answered is not None:
            rows[key] = ListedTask(answered, ground.connection(tx, answered.connection))
    found = arrange(rows.values(), look, now, when.zone(reader.timezone))
    links = people.links_of_user(tx, slack_user)
    own = {(link.connection, link.operator_id) for link in links}
    put_off = snoozes.of_reader(tx, slack_user, now)

    def told(one: ListedTask) -> ListedTask:
        stored = tasks.find_by_key(tx, one.stored.key) or one.stored
        others = look.chosen is Filter.FIND and own.isdisjoint(_operators(stored))
        return replace(
            one,
            stored=stored,
            submission=submissions.newest(tx, stored.connection, stored.task.id),
            snoozed=put_off.get((stored.connection, stored.task.id)),
            whose=_owners(stored) if others else (),
        )

    owner = _name(ground, tx, look.whose) if look.whose else None
    linked = bool(links) or (oversees and _of_others(look))
    return OwnTasks(replace(found.with_rows(told), owner=owner), reader, linked)


def home(ground: Ground, tx: Tx, slack_user: str, look: Look, watched: Iterable[str] = ()) -> Home:
    """Somebody's App Home."""
    rights = overview.rights(ground, tx, slack_user)
    health = overview.connections_now(ground, tx) if rights.admin else ()
    return Home(page(ground, tx, slack_user, look, watched), health, rights.creates)


def _chosen(
    ground: Ground, tx: Tx, look: Look, slack_user: str, *, everybody: bool
) -> list[ListedTask]:
    whose = look.whose or slack_user
    if look.chosen is Filter.DONE:
        finished = listed.finished_of_user(tx, whose, ground.clock.now() - FINISHED)
        rows = _listed(ground, tx, [stored for stored, _, _ in finished])
        return [
            replace(row, ending=_ending(ground, tx, stored, at, by))
            for row, (stored, at, by) in zip(rows, finished, strict=True)
        ]
    if look.chosen is Filter.FIND:
        return _listed(ground, tx, _found(tx, look, None if everybody else whose))
    return _listed(ground, tx, listed.outlines_of_user(tx, whose))


def _listed(ground: Ground, tx: Tx, stored: list[StoredTask]) -> list[ListedTask]:
    known = {name: ground.connection(tx, name) for name in {one.connection for one in stored}}
    return [ListedTask(one, known[one.connection]) for one in stored]


def _found(tx: Tx, look: Look, slack_user: str | None) -> list[StoredTask]:
    """The open tasks that hold all the words; of all, or of a person."""
    words = folded(look.words).split()
    if slack_user is not None:
        return [one for one in tasks.open_of_user(tx, slack_user) if _holds(one.task, words)]
    # What doesn't have them anywhere need not be decoded.
    written = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]
    found = listed.open_that(tx, lambda doc: all(word in folded(doc) for word in written))
    return [one for one in found if _holds(one.task, words)]


def _holds(task: Task, words: Iterable[str]) -> bool:
    subject = task.subject.label if task.subject else ""
    text = folded("\n".join((task.title, *task.details, subject)))
    return all(word in text for word in words)


def _ending(ground: Ground, tx: Tx, stored: StoredTask, at: datetime, by: str | None) -> Ending:
    if by is not None:
        return Ending(at, by, _name(ground, tx, by))
    result = stored.task.result
    return Ending(at, by_name=result.by if result else None)


def _name(ground: Ground, tx: Tx, slack_user: str) -> str:
    return ground.person(tx, slack_user).name or slack_user


def _operators(stored: StoredTask) -> set[tuple[str, str]]:
    return {(stored.connection, one.id) for one in stored.task.operators}


def _owners(stored: StoredTask) -> tuple[str, ...]:
    return tuple(one.name or one.id for one in stored.task.operators)


def _of_others(look: Look) -> bool:
    return look.whose is not None or look.chosen is Filter.FIND
