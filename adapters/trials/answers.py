"""Answers: each outcome does what it says, a bad one does nothing, somebody first is a Conflict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from adapters import contract as c
from adapters.trials.trial import Group, Moot, Trial, refused, require, samples
from adapters.trials.trouble import agrees
from adapters.trials.writes import Write, outcomes

check = Group("answers")


@check("Each outcome does at the provider what it says, with one click.")
async def outcome(trial: Trial) -> None:
    found = await outcomes(trial)
    gap = (await trial.provider.offer()).gap
    require(found or gap, "no outcome is offered")
    for write in found:
        await _do(trial, write)


@check("Each outcome takes its optional fields.")
async def optional_fields(trial: Trial) -> None:
    for write in await outcomes(trial, optional=True):
        await _do(trial, write)


async def _do(trial: Trial, write: Write) -> None:
    aimed = await write.aim(trial)
    task = await aimed.send(False)
    flaw = aimed.flaw()
    require(flaw is None, f"{write.name}: {flaw}")
    await agrees(trial, task, write.name)
    now = await trial.provider.lookup(task)
    require(now is not None, f"{write.name}: the task can't be looked up afterwards")
    same = now is not None and now.state is task.state
    require(same, f"{write.name}: returned as {task.state.value}, looked up otherwise")


@check("An answer of somebody whom the provider doesn't know by name is taken.")
async def nobody(trial: Trial) -> None:
    for outcome in (await trial.provider.offer()).outcomes:
        if outcome.effect is not c.Effect.ANSWER:
            continue
        task, now = await trial.new_task(), trial.rig.now()
        answer = c.Answer(outcome.code, now, samples(outcome.fields, now, optional=False))
        done = await trial.provider.submit(task, answer, None)
        await agrees(trial, done, outcome.label)


@check("A task that somebody else finished is a Conflict that holds it, and stays as it is.")
async def conflict(trial: Trial) -> None:
    for write in await outcomes(trial):
        for again in (False, True):
            aimed = await write.aim(trial)
            if aimed.task is None:
                continue
            trial.rig.advance(5)
            trial.rig.finish(aimed.task.id)
            before = trial.line.landed()
            try:
                task: c.Task | None = await aimed.send(again)
                # Where nothing tells whose doing it was, an earlier try may have been ours.
                require(again, f"{write.name}: no Conflict, though somebody else was first")
            except c.Conflict as error:
                task = error.task
            require(task is not None, f"{write.name}: the Conflict does not hold the task")
            told = task is not None and task.state is not c.TaskState.OPEN
            require(told, f"{write.name}: the finished task is told as open")
            require(trial.line.landed() == before, f"{write.name}: it was written all the same")


@check("A task that is gone is NotFound.")
async def gone(trial: Trial) -> None:
    for write in await outcomes(trial):
        for again in (False, True):
            aimed = await write.aim(trial)
            if aimed.task is not None:
                trial.rig.remove(aimed.task.id)
                await refused(aimed.send(again), c.NotFound, by=write.name)


@check("An outcome that is not offered is Rejected, and nothing is written.")
async def unknown_outcome(trial: Trial) -> None:
    task = await trial.new_task()
    answer = c.Answer("no-such-outcome", trial.rig.now())
    await refused(trial.provider.submit(task, answer, None), c.Rejected)
    require(not trial.line.landed(), "the provider was written to")


@check("An answer that lacks what its outcome demands is Rejected, and nothing is written.")
async def missing_field(trial: Trial) -> None:
    await _each_field(trial, lambda fields, field: fields.pop(field.key))


@check("A moment or a day that has passed is Rejected, and nothing is written.")
async def past_field(trial: Trial) -> None:
    past = trial.rig.now() - timedelta(days=2)
    values = {
        c.FieldKind.FUTURE_MOMENT: past.isoformat(),
        c.FieldKind.DAY: past.date().isoformat(),
    }

    def spoil(fields: dict[str, str], field: c.Field) -> object:
        value = values.get(field.kind)
        return value and fields.update({field.key: value}) is None

    await _each_field(trial, spoil)


async def _each_field(trial: Trial, spoil: Callable[[dict[str, str], c.Field], object]) -> None:
    """Answers whose required fields `spoil` has put its hand on, one at a time."""
    asked = [
        (outcome, one)
        for outcome in (await trial.provider.offer()).outcomes
        for one in outcome.fields
        if one.required
    ]
    tried = 0
    for outcome, one in asked:
        fields = samples(outcome.fields, trial.rig.now(), optional=False)
        if not spoil(fields, one):
            continue
        tried += 1
        answer = c.Answer(outcome.code, trial.rig.now(), fields)
        sending = trial.provider.submit(await trial.new_task(), answer, None)
        await refused(sending, c.Rejected, by=f"“{outcome.label}” with a bad “{one.label}”")
        require(not trial.line.landed(), "the provider was written to")
    if not tried:
        raise Moot("no outcome asks for such a thing")
