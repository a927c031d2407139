"""Changes beyond answers, and new tasks: each does what it says, or says that it can't."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from adapters import contract as c
from adapters.trials.trial import Group, Moot, Trial, due_as, only_with, refused, require, samples
from adapters.trials.trouble import agrees
from adapters.trials.writes import aim_creation, aim_reschedule, changes, reversible

check = Group("changes")


@check(
    "Each change that the capabilities name is made.",
    only_with("reopen", "reschedule", "reassign", "comment"),
)
async def made(trial: Trial) -> None:
    for write in changes(trial):
        aimed = await write.aim(trial)
        task = await aimed.send(False)
        flaw = aimed.flaw()
        require(flaw is None, f"{write.name}: {flaw}")
        await agrees(trial, task, write.name)


@check("What a change returns is what a lookup then tells.", only_with("reschedule", "reassign"))
async def returned(trial: Trial) -> None:
    for write in changes(trial):
        task = await (await write.aim(trial)).send(False)
        now = await trial.provider.lookup(task)
        same = now is not None and (now.due, now.operators) == (task.due, task.operators)
        require(same, f"{write.name}: returned as due {task.due} of {task.operators}, now {now}")


@check("Reopening puts a task back as it was.", only_with("reopen"))
async def reopened(trial: Trial) -> None:
    for kind in trial.rig.dues:
        moment = trial.rig.now().replace(second=0, microsecond=0) + timedelta(hours=4)
        before = await trial.new_task(moment if kind is datetime else moment.date())
        outcome = await reversible(trial)
        fields = samples(outcome.fields, trial.rig.now(), optional=False)
        answer = c.Answer(outcome.code, trial.rig.now(), fields)
        done = await trial.provider.submit(before, answer, None)
        trial.rig.advance(60)
        reopen = c.Reopen(trial.rig.now(), before.data)
        await trial.provider.submit(done, reopen, None)
        now = await trial.task(before.id)
        for name in ("title", "state", "due", "operators", "status_label"):
            was, told = getattr(before, name), getattr(now, name)
            require(was == told, f"its {name} was {was} and is now {told}")


@check(
    "A task that somebody finished is a Conflict for who would move it, and stays as it is.",
    only_with("reschedule", "reassign"),
)
async def conflict(trial: Trial) -> None:
    for write in changes(trial):
        if write.name not in {"rescheduling", "reassigning"}:
            continue
        aimed = await write.aim(trial)
        if aimed.task is not None:
            trial.rig.finish(aimed.task.id)
            error = await refused(aimed.send(False), c.Conflict, by=write.name)
            require(error.task is not None, f"{write.name}: the Conflict does not hold the task")
            require(not trial.line.landed(), f"{write.name}: it was written all the same")


@check("What the capabilities don't name is Unsupported, and nothing is written.")
async def unsupported(trial: Trial) -> None:
    task, told, now = await trial.new_task(), trial.capabilities, trial.rig.now()
    due = c.Due(on=now.date() + timedelta(days=1))
    known: list[tuple[bool, c.Change]] = [
        (told.reopen, c.Reopen(now)),
        (told.reschedule, c.Reschedule(now, due)),
        (told.reassign, c.Reassign(now, trial.person)),
        (told.comment, c.Comment(now, "Marginalia")),
    ]
    before = trial.line.writes()
    for has, change in known:
        if not has:
            kind = type(change).__name__
            await refused(trial.provider.submit(task, change, None), c.Unsupported, by=kind)
    if not told.directory:
        await refused(trial.provider.operators(), c.Unsupported, by="operators")
    if not told.subjects:
        await refused(trial.provider.subjects("a"), c.Unsupported, by="subjects")
    if not told.create:
        draft = c.Draft(trial.title(), now)
        await refused(trial.provider.create(draft, None), c.Unsupported, by="create")
    require(trial.line.writes() == before, "the provider was written to")


@check(
    "A change of a task that is gone is NotFound.", only_with("reopen", "reschedule", "reassign")
)
async def gone(trial: Trial) -> None:
    for write in changes(trial):
        aimed = await write.aim(trial)
        if aimed.task is not None:
            trial.rig.remove(aimed.task.id)
            await refused(aimed.send(False), c.NotFound, by=write.name)


@check("Rescheduling keeps a day a day and an instant an instant.", only_with("reschedule"))
async def forms(trial: Trial) -> None:
    for kind in trial.rig.dues:
        aimed = await aim_reschedule(trial, kind)
        task = await aimed.send(False)
        flaw = aimed.flaw()
        require(flaw is None, flaw or "")
        now = await trial.task(task.id)
        require(now.due == task.due, f"returned as {task.due}, listed as {now.due}")


@check("Giving a task to somebody who isn't there is Rejected.", only_with("reassign"))
async def to_nobody(trial: Trial) -> None:
    task = await trial.new_task()
    change = c.Reassign(trial.rig.now(), _stranger(trial))
    await refused(trial.provider.submit(task, change, None), c.Rejected)
    owners = list(trial.rig.operators_of(task.id))
    require(owners == [trial.person], f"it is now the task of {owners}")


def _stranger(trial: Trial) -> str:
    """An id of the right form that is nobody's."""
    last = "0" if trial.person[-1] != "0" else "1"
    return trial.person[:-1] + last


# New tasks.


@check("A new task is there once, with what was asked for, and is listed.", only_with("create"))
async def created(trial: Trial) -> None:
    aimed = await aim_creation(trial)
    task = await aimed.send(False)
    flaw = aimed.flaw()
    require(flaw is None, flaw or "")
    owners = list(trial.rig.operators_of(task.id))
    require(owners == [trial.person], f"it is the task of {owners}, not of {[trial.person]}")
    listed = await trial.task(task.id)
    require(listed.title == task.title, "it is listed under another title than it was returned")


@check("A new task is due as asked for, a day or an instant.", only_with("create"))
async def created_due(trial: Trial) -> None:
    moment = trial.rig.now().replace(second=0, microsecond=0) + timedelta(days=2)
    for kind in trial.rig.dues:
        wanted = moment if kind is datetime else moment.date()
        trial.rig.advance(1)
        made = await trial.provider.create(await _draft(trial, due=due_as(wanted)), None)
        found = trial.rig.due_of(made.id)
        require(found == wanted, f"it is due {found}, not {wanted}")
        require(made.due == due_as(wanted), f"it is returned as due {made.due}")


async def _draft(trial: Trial, due: c.Due | None) -> c.Draft:
    now, subject = trial.rig.now(), None
    if trial.capabilities.subjects:
        subject = (await trial.provider.subjects(trial.rig.subject()))[0].value
    fields = samples((await trial.provider.offer()).draft_fields, now, optional=False)
    return c.Draft(trial.title(), now, trial.person, due, subject, None, fields)


@check("A new task that lacks what it must have is Rejected, and not made.", only_with("create"))
async def created_bare(trial: Trial) -> None:
    whole = await _draft(trial, due=None)
    bare = list[c.Draft]()
    if trial.capabilities.subjects:
        bare.append(replace(whole, subject=None))
    for one in (await trial.provider.offer()).draft_fields:
        if one.required:
            rest = {key: value for key, value in whole.fields.items() if key != one.key}
            bare.append(replace(whole, fields=rest))
    if not bare:
        raise Moot("a new task needs nothing but a title")
    for draft in bare:
        await refused(trial.provider.create(draft, None), c.Rejected)
        require(not trial.line.landed(), "the provider was written to")


@check("A new task for somebody who isn't there is Rejected, and not made.", only_with("create"))
async def created_for_nobody(trial: Trial) -> None:
    aimed = await aim_creation(trial, _stranger(trial))
    await refused(aimed.send(False), c.Rejected)
    flaw = aimed.flaw()
    require(flaw is not None, "it was made all the same")


@check("Subjects are found by a piece of their name, and only those.", only_with("subjects"))
async def subjects(trial: Trial) -> None:
    name = trial.rig.subject()
    found = await trial.provider.subjects(name[: len(name) // 2 + 1])
    require(any(name in one.label for one in found), "a subject is not found by its name")
    none = await trial.provider.subjects("Zyzzyvapotamus")
    require(not none, "a name that nothing has finds something")
