"""Every write that a provider offers, in one form: an aim, a shot, and what then shows there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from adapters import contract as c
from adapters.trials.trial import Trial, Unmet, due_as, require, samples


@dataclass(frozen=True, slots=True)
class Aimed:
    """A write that waits to be sent. `send(again)` does it; `flaw()`: what at the provider is not
    as it ought to be afterwards, None where all is well (or can't be seen)."""

    send: Callable[[bool], Awaitable[c.Task]]
    flaw: Callable[[], str | None]
    task: c.Task | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A kind of write; `aim` makes a task for it."""

    name: str
    aim: Callable[[Trial], Awaitable[Aimed]]


async def all_writes(trial: Trial) -> list[Write]:
    """Each outcome, each change, and making a task, as far as the provider has them."""
    return [*await outcomes(trial), *changes(trial), *creation(trial)]


async def outcomes(trial: Trial, *, optional: bool = False) -> list[Write]:
    """Each outcome that is offered, with the fields that it asks for (`optional`: with all)."""
    offered = [one for one in (await trial.provider.offer()).outcomes if _is_answer(one)]

    def write(outcome: c.Outcome) -> Write:
        async def aim(trial: Trial) -> Aimed:
            return await aim_outcome(trial, outcome, optional=optional)

        return Write(f"“{outcome.label}”", aim)

    return [write(outcome) for outcome in offered]


def _is_answer(outcome: c.Outcome) -> bool:
    return outcome.effect is c.Effect.ANSWER


async def aim_outcome(trial: Trial, outcome: c.Outcome, *, optional: bool = False) -> Aimed:
    """This outcome, for a new task."""
    task = await trial.new_task()
    now = trial.rig.now()
    answer = c.Answer(outcome.code, now, samples(outcome.fields, now, optional=optional))

    def flaw() -> str | None:
        still = trial.rig.is_open(task.id)
        return "the task is still open" if outcome.completes and still else None

    return _aimed(trial, task, answer, flaw)


def _aimed(trial: Trial, task: c.Task, change: c.Change, flaw: Callable[[], str | None]) -> Aimed:
    actor = c.Operator(trial.person)

    async def send(again: bool) -> c.Task:
        return await trial.provider.submit(task, change, actor, again=again)

    return Aimed(send, flaw, task)


def changes(trial: Trial) -> list[Write]:
    """Each change beyond answers that the capabilities name."""
    told = trial.capabilities
    known = {
        "reopening": (told.reopen, _reopen),
        "rescheduling": (told.reschedule, _reschedule),
        "reassigning": (told.reassign, _reassign),
        "commenting": (told.comment, _comment),
    }
    return [Write(name, aim) for name, (has, aim) in known.items() if has]


async def reversible(trial: Trial) -> c.Outcome:
    """An outcome that finishes a task and can be taken back."""
    for outcome in (await trial.provider.offer()).outcomes:
        if outcome.reversible and outcome.completes:
            return outcome
    raise Unmet("the provider reopens tasks, but no outcome is said to be reversible")


async def _reopen(trial: Trial) -> Aimed:
    """Done by an outcome that can be taken back, and then taken back."""
    first = await aim_outcome(trial, await reversible(trial))
    done = await first.send(False)
    before = first.task.data if first.task else {}

    def flaw() -> str | None:
        return None if trial.rig.is_open(done.id) else "the task is not open again"

    trial.rig.advance(1)
    return _aimed(trial, done, c.Reopen(trial.rig.now(), before), flaw)


async def _reschedule(trial: Trial) -> Aimed:
    return await aim_reschedule(trial, trial.rig.dues[-1])


async def aim_reschedule(trial: Trial, kind: type[date]) -> Aimed:
    """Two days later, for a task that is due on a day or at an instant."""
    moment = trial.rig.now().replace(second=0, microsecond=0) + timedelta(hours=2)
    task = await trial.new_task(moment if kind is datetime else moment.date())
    later = moment + timedelta(days=2)
    wanted = later if kind is datetime else later.date()
    due = due_as(wanted)
    if due is None:
        raise AssertionError("a date is a due")

    def flaw() -> str | None:
        now = trial.rig.due_of(task.id)
        return None if now == wanted else f"the task is due {now}, not {wanted}"

    return _aimed(trial, task, c.Reschedule(trial.rig.now(), due), flaw)


async def _reassign(trial: Trial) -> Aimed:
    other = trial.add_other()
    task = await trial.new_task()

    def flaw() -> str | None:
        now = list(trial.rig.operators_of(task.id))
        return None if now == [other] else f"it is the task of {now}, not of {[other]}"

    return _aimed(trial, task, c.Reassign(trial.rig.now(), other), flaw)


async def _comment(trial: Trial) -> Aimed:
    task = await trial.new_task()
    remark = f"Regarding ({trial.title()}): marginalia"

    def flaw() -> str | None:
        found = sum(remark in text for text in trial.rig.comments_of(task.id))
        return None if found == 1 else f"the text stands there {found} times"

    return _aimed(trial, task, c.Comment(trial.rig.now(), remark), flaw)


def creation(trial: Trial) -> list[Write]:
    """Making a task, if the provider takes new ones."""
    return [Write("creating", aim_creation)] if trial.capabilities.create else []


async def aim_creation(trial: Trial, operator: str | None = None) -> Aimed:
    """A new task of `person`, or of `operator`."""
    trial.rig.advance(1)
    title, now = trial.title(), trial.rig.now()
    subject = None
    if trial.capabilities.subjects:
        found = await trial.provider.subjects(trial.rig.subject())
        require(found, "a subject is not found by its name")
        subject = found[0].value
    fields = samples((await trial.provider.offer()).draft_fields, now, optional=False)
    draft = c.Draft(title, now, operator or trial.person, None, subject, None, fields)

    async def send(again: bool) -> c.Task:
        return await trial.provider.create(draft, c.Operator(trial.person), again=again)

    def flaw() -> str | None:
        found = trial.rig.titled(title)
        return None if len(found) == 1 else f"the task is there {len(found)} times"

    return Aimed(send, flaw)
