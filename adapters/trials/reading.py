"""What a provider sends, in all the forms that it may come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from adapters import contract as c
from adapters.trials.line import Trouble, answers, rewritten, truncated, web_page
from adapters.trials.trial import (
    EMAIL,
    OTHER,
    OTHER_EMAIL,
    PERSON,
    Group,
    Moot,
    Trial,
    due_as,
    only_with,
    put,
    refused,
    require,
)

check = Group("reading")

STRANGE = "hologram-\N{SNOWMAN}"
"""A word that no provider has on its lists."""


@check("A task is told with its title, its state and whose it is.")
async def as_told(trial: Trial) -> None:
    title = trial.title()
    task = await trial.task(trial.rig.add(title, trial.person, None))
    require(task.title == title, f"the title is {task.title!r}, not {title!r}")
    require(task.state is c.TaskState.OPEN, f"its state is {task.state.value}, not open")
    people = [operator.id for operator in task.operators]
    require(people == [trial.person], f"it is told as a task of {people}, not {[trial.person]}")


@check("A task of nobody is listed, with nobody as its operator.")
async def of_nobody(trial: Trial) -> None:
    if trial.capabilities.scoped:
        raise Moot("only tasks of people are asked for")
    task = await trial.task(trial.rig.add(trial.title()))
    people = [operator.id for operator in task.operators if operator.person]
    require(not people, f"it is told as a task of {people}")


@check("A due is told as what it is: a day, an instant, or nothing.")
async def dues(trial: Trial) -> None:
    moment = trial.rig.now().replace(minute=30, second=0, microsecond=0) + timedelta(hours=3)
    kinds: dict[type[date], date | datetime] = {date: moment.date(), datetime: moment}
    for due in (None, *(kinds[kind] for kind in trial.rig.dues)):
        task = await trial.task(trial.add(due))
        require(task.due == due_as(due), f"{due} is told as {task.due}")


@check("A due is the same in every form in which it may be written.")
async def spellings(trial: Trial) -> None:
    task_id = trial.add()
    spellings = list(trial.rig.spellings())
    if not spellings:
        raise Moot("the rig knows of one form only")
    for name, fields, due in spellings:

        def spell(rows: list[Any], fields: Any = fields) -> None:
            for path, value in fields.items():
                put(rows[0], path, value)

        trial.line.clear()
        trial.line.hit(trial.is_listing, rewritten(trial.edit_rows(spell)), times=None)
        task = await trial.task(task_id)
        require(task.due == due_as(due), f"a due written as {name} is told as {task.due}")


def _with_strangers(value: Any) -> Any:
    """The document with an unknown field in every object."""
    if isinstance(value, list):
        return [_with_strangers(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _with_strangers(one) for name, one in value.items()} | {
        "fieldOfNextYear": {"nested": [None, 1, STRANGE]}
    }


@check("Fields that nobody knows harm nothing.")
async def unknown_fields(trial: Trial) -> None:
    task_id = trial.add()
    before = await trial.task(task_id)
    trial.line.hit(lambda _: True, rewritten(_with_strangers), times=None)
    await trial.restart()
    await trial.provider.check()
    listed = await trial.listed()
    require(listed.whole, "a page with unknown fields is not whole")
    require(list(listed.tasks) == [before], "unknown fields change or lose a task")
    await trial.provider.offer()
    if trial.capabilities.directory:
        await trial.provider.operators()


@check("A word that nobody knows yet keeps its task.")
async def unknown_words(trial: Trial) -> None:
    await _survives(trial, list(trial.rig.words), STRANGE)


@check("A null keeps its task wherever the documentation allows one.")
async def nulls(trial: Trial) -> None:
    await _survives(trial, list(trial.rig.nullable), None)


async def _survives(trial: Trial, paths: list[str], value: object) -> None:
    expected = {trial.add(), trial.add()}
    for path in paths:

        def edit(rows: list[Any], path: str = path) -> None:
            put(rows[0], path, value)

        trial.line.clear()
        trial.line.hit(trial.is_listing, rewritten(trial.edit_rows(edit)), times=None)
        listed = await trial.listed()
        require(set(listed.ids) == expected, f"{value!r} in {path} loses a task")
        require(listed.whole, f"{value!r} in {path} makes the page count as damaged")
        require(all(task.title for task in listed.tasks), f"{value!r} in {path} takes the title")


def _spoil(rows: list[Any]) -> None:
    rows[0] = STRANGE


def _empty(rows: list[Any]) -> None:
    rows[0] = {}


def _retyped(rows: list[Any]) -> None:
    rows[0] = {name: {"inside": [value]} for name, value in rows[0].items()}


@check.each(
    "A row that is {} is kept out, the others stay, and the listing is not whole.",
    {"no object": _spoil, "an empty object": _empty, "full of other types": _retyped},
)
async def bad_row(trial: Trial, spoil: Callable[[list[Any]], None]) -> None:
    expected = {trial.add() for _ in range(3)}
    trial.line.hit(trial.is_listing, rewritten(trial.edit_rows(spoil)), times=None)
    listed = await trial.listed()
    require(not listed.whole, "the listing counts as whole though a row can't be read")
    kept = len(expected & set(listed.ids))
    require(kept == 2, f"{kept} of the 2 good rows are kept")


def _with_a_stranger(document: Any) -> Any:
    """The document with an entry that can't be read in each of its lists that has any."""
    if isinstance(document, dict):
        return {name: _with_a_stranger(value) for name, value in document.items()}
    return [STRANGE, *document] if isinstance(document, list) and document else document


@check("A person or an outcome that can't be read hides no other.")
async def bad_entry(trial: Trial) -> None:
    codes = [outcome.code for outcome in (await trial.provider.offer()).outcomes]
    await trial.restart()
    trial.line.hit(lambda sent: not trial.is_listing(sent), rewritten(_with_a_stranger), times=None)
    if trial.capabilities.directory:
        people = {person.id for person in await trial.provider.operators()}
        require(trial.person in people, "a person is hidden by one who can't be read")
    now = [outcome.code for outcome in (await trial.provider.offer()).outcomes]
    require(now == codes, f"offered are {now}, not {codes}")


_UNREADABLE: dict[str, Trouble] = {
    "a web page": web_page(),
    "JSON that breaks off": truncated,
    "another JSON": answers(200, b'{"message": "hello"}'),
    "nothing": answers(200, b""),
}


@check.each("{} instead of a listing is Malformed, never an empty listing.", _UNREADABLE)
async def unreadable(trial: Trial, trouble: Trouble) -> None:
    trial.add()
    trial.line.hit(trial.is_listing, trouble, times=None)
    await refused(trial.listed(), c.Malformed)


@check("A later page that can't be read makes the listing fail, or not whole.")
async def unreadable_later(trial: Trial) -> None:
    for _ in range(1200):
        trial.add()
    trial.line.hit(trial.is_listing, web_page(), skip=1, times=None)
    try:
        listed = await trial.listed()
    except c.Malformed:
        return
    lost = len(set(listed.ids)) < 1200
    require(not (lost and listed.whole), "the listing counts as whole though a page is missing")


@check("A task is looked up as it is: open, finished, or gone.")
async def lookup(trial: Trial) -> None:
    task = await trial.task(trial.add())
    now = await trial.provider.lookup(task)
    require(now is not None and now.id == task.id, "an open task is not found")
    require(now and now.state is c.TaskState.OPEN, "an open task is looked up as finished")
    trial.rig.finish(task.id)
    now = await trial.provider.lookup(task)
    require(now is not None, "a finished task is not found")
    require(now and now.state is not c.TaskState.OPEN, "a finished task is looked up as open")
    trial.rig.remove(task.id)
    require(await trial.provider.lookup(task) is None, "a task that is gone is looked up")


@check("The account behind the key has a name.")
async def account(trial: Trial) -> None:
    require((await trial.provider.check()).name, "the account has no name")
    require(trial.line.sent, "it made no request through the transport that it was built with")


@check("What is offered has codes of its own and labels, and is not asked for again at once.")
async def offer(trial: Trial) -> None:
    offered = await trial.provider.offer()
    codes = [outcome.code for outcome in offered.outcomes]
    require(codes or offered.gap, "nothing is offered, and no gap says why")
    require(len(set(codes)) == len(codes), f"codes are not unique: {codes}")
    require(all(outcome.label for outcome in offered.outcomes), "an outcome has no label")
    requests = len(trial.line.sent)
    again = await trial.provider.offer()
    require(again == offered, "the offer differs a moment later")
    require(len(trial.line.sent) == requests, "the offer is fetched anew each time")


@check("The people of the account are listed, those who have left marked.", only_with("directory"))
async def directory(trial: Trial) -> None:
    left = trial.rig.add_former(OTHER, OTHER_EMAIL)
    people = {person.id: person for person in await trial.provider.operators()}
    here = people.get(trial.person)
    require(here is not None, "a person of the account is missing")
    told = here and (here.name, here.email, here.active)
    require(told == (PERSON, EMAIL, True), "a person is told wrongly")
    require(left not in people or not people[left].active, "somebody who has left counts as active")


@check("Closing gives the connections back.")
async def closing(trial: Trial) -> None:
    await trial.provider.check()
    await trial.provider.close()
    require(trial.line.closed, "the transport is not closed")
