"""Listings: complete or known not to be, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters import contract as c
from adapters.trials.line import meanwhile, rewritten
from adapters.trials.trial import Group, Listed, Trial, only_with, require

check = Group("listing")

SEVERAL_PAGES = 1200
"""More than the largest page of the providers that we know (1,000)."""


@check("An account without tasks lists none, and the listing is whole.")
async def empty(trial: Trial) -> None:
    listed = await trial.listed()
    require(listed.whole, "the listing of an empty account is not whole")
    require(not listed.tasks, f"{len(listed.tasks)} tasks are listed where there are none")


@check("One task is listed once.")
async def one(trial: Trial) -> None:
    task_id = trial.add()
    listed = await trial.listed()
    require(listed.ids == [task_id], f"listed are {listed.ids}, not {[task_id]}")
    require(listed.whole, "the listing is not whole")


@check("Ten thousand tasks are all listed, each once.")
async def ten_thousand(trial: Trial) -> None:
    expected = {trial.add() for _ in range(10_000)}
    listed = await trial.listed()
    missing = len(expected - set(listed.ids))
    require(not missing, f"{missing} of 10,000 tasks are missing")
    require(len(listed.ids) == len(expected), f"{len(listed.ids)} rows for 10,000 tasks")
    require(listed.whole, "the listing is not whole")


@check("What is finished or gone is not listed as open.")
async def finished(trial: Trial) -> None:
    kept, done, gone = trial.add(), trial.add(), trial.add()
    trial.rig.finish(done)
    trial.rig.remove(gone)
    still = {task.id for task in (await trial.listed()).tasks if task.state is c.TaskState.OPEN}
    require(still == {kept}, f"open are {sorted(still)}, not {[kept]}")


def _finish(trial: Trial, known: list[str]) -> None:
    trial.rig.finish(known[1])


def _remove(trial: Trial, known: list[str]) -> None:
    trial.rig.remove(known[1])


def _add(trial: Trial, known: list[str]) -> None:  # noqa: ARG001 - as the others
    trial.add()


def _rename(trial: Trial, known: list[str]) -> None:
    trial.rig.rename(known[1], trial.title())


def _all(trial: Trial, known: list[str]) -> None:
    trial.rig.remove(known[0])
    trial.rig.finish(known[2])
    trial.rig.rename(known[3], trial.title())
    trial.add()


_MOVES = {
    "finished": _finish,
    "removed": _remove,
    "added": _add,
    "changed": _rename,
    "moved in many ways": _all,
}


@check.each("A task that is {} while pages are read loses no other one.", _MOVES)
async def moving(trial: Trial, move: Callable[[Trial, list[str]], None]) -> None:
    # Rows shift under a walk by offset, so that one may be missed; then looking it up tells.
    for _ in range(SEVERAL_PAGES):
        trial.add()
    known = {task.id: task for task in (await trial.listed()).tasks}
    require(len(known) == SEVERAL_PAGES, f"{len(known)} of {SEVERAL_PAGES} tasks are listed")
    order = list(known)
    trial.rig.advance(1)
    trial.line.hit(trial.is_listing, meanwhile(lambda: move(trial, order)), skip=1)
    listed = await trial.listed()
    shown = set(listed.ids)
    for task_id in known.keys() - shown:
        now = await trial.provider.lookup(known[task_id])
        found = now is not None and now.state is c.TaskState.OPEN
        require(found == trial.rig.is_open(task_id), "a task is neither listed nor looked up right")
    require(len(known) - len(shown) < 10, "rows that move take many others along")


@check("Rows that come again on a later page harm nothing.")
async def repeated(trial: Trial) -> None:
    expected = {trial.add() for _ in range(SEVERAL_PAGES)}
    earlier = list[Any]()

    def repeat(rows: list[Any]) -> None:
        if earlier and len(rows) > 1:
            rows[-1] = earlier[0]
        earlier.extend(rows[:1])

    trial.line.hit(trial.is_listing, rewritten(trial.edit_rows(repeat)), times=None)
    listed = await trial.listed()
    pages = len(earlier)
    missing = len(expected - set(listed.ids))
    require(missing < max(pages, 1), f"{missing} tasks are lost on {pages} pages")


@check("A list that never comes to an end is not followed for ever, nor taken for whole.")
async def endless(trial: Trial) -> None:
    for _ in range(SEVERAL_PAGES):
        trial.add()
    first: Any = None

    def again(document: Any) -> Any:
        nonlocal first
        first = first or document
        return first

    trial.line.hit(trial.is_listing, rewritten(again), times=None)
    trial.line.most = 300
    try:
        listed = await trial.listed()
    except c.ProviderError:
        return
    whole = listed.whole and len(set(listed.ids)) < SEVERAL_PAGES
    require(not whole, "the same page for ever makes a listing that claims to be whole")


@check("Only the tasks of the people who are asked for are listed.", only_with("scoped"))
async def scoped(trial: Trial) -> None:
    other = trial.add_other()
    mine = trial.add()
    trial.add(operator=other)
    listed = await trial.listed([trial.person])
    require(listed.ids == [mine], f"listed are {listed.ids}, not {[mine]}")
    nobodys = await trial.listed([])
    require(not nobodys.tasks, "tasks are listed though nobody's are asked for")


@check("The tasks of three hundred people are all listed.", only_with("scoped"))
async def many_people(trial: Trial) -> None:
    expected = set[str]()
    for number in range(300):
        person = trial.rig.add_operator(f"Person {number}", f"person{number}@example.com")
        trial.people.append(person)
        expected.add(trial.add(operator=person))
    listed = await trial.listed()
    missing = len(expected - set(listed.ids))
    require(not missing, f"the tasks of {missing} people are missing")
    require(listed.whole, "the listing is not whole")


@check("What has changed since an instant is listed, finished tasks too.", only_with("incremental"))
async def since(trial: Trial) -> None:
    still, changed, done = trial.add(), trial.add(), trial.add()
    trial.rig.advance(300)
    moment = trial.rig.now()
    trial.rig.rename(changed, trial.title())
    trial.rig.finish(done)
    added = trial.add()
    listed = await trial.listed(since=moment)
    _expect_changes(listed, {changed, done, added}, {still})
    state = {task.id: task.state for task in listed.tasks}
    require(state[done] is not c.TaskState.OPEN, "a finished task is told as open")


def _expect_changes(listed: Listed, changed: set[str], unchanged: set[str]) -> None:
    missing = changed - set(listed.ids)
    require(not missing, f"{len(missing)} of {len(changed)} changes are missing")
    require(not unchanged & set(listed.ids), "tasks that did not change are listed")
    require(listed.whole, "the listing is not whole")
