"""Refusals, time-outs and cut lines: each by its name, reads tried a little, writes never."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime

from adapters import contract as c
from adapters.trials import line as wire
from adapters.trials.line import Trouble
from adapters.trials.trial import Group, Trial, refused, require
from adapters.trials.writes import Write, all_writes

check = Group("trouble")

A_FEW = 5
"""Times that a read may be tried."""
NO = b'{"message": "No.", "error": "No."}'


async def _expect(trial: Trial, trouble: Trouble, *kinds: type[c.ProviderError]) -> None:
    """Each kind of read fails with one of `kinds`, after a few requests."""
    task = await trial.task(trial.add())

    async def listing() -> object:
        return await trial.listed()

    reads: dict[str, Callable[[], Awaitable[object]]] = {
        "check": trial.provider.check,
        "the listing": listing,
    }
    if trial.capabilities.directory:
        reads["listing the people"] = trial.provider.operators
    if trial.capabilities.subjects:
        reads["finding subjects"] = lambda: trial.provider.subjects("a")
    if c.NotFound not in kinds:
        reads["lookup"] = lambda: trial.provider.lookup(task)
    for name, read in reads.items():
        trial.line.clear()
        trial.line.hit(wire.anything, trouble, times=None)
        before = len(trial.line.sent)
        error = await refused(read(), *kinds, by=name)
        asked = len(trial.line.sent) - before
        require(asked <= A_FEW, f"{name} is tried {asked} times")
        ambiguous = isinstance(error, c.Unavailable) and error.ambiguous
        require(not ambiguous, "a read is said to have changed something, perhaps")
        trial.rig.advance(120)


_READS: dict[str, tuple[int, type[c.ProviderError]]] = {
    "401": (401, c.Unauthorized),
    "403": (403, c.Unauthorized),
    "404": (404, c.NotFound),
    "500": (500, c.Unavailable),
    "502": (502, c.Unavailable),
    "503": (503, c.Unavailable),
    "504": (504, c.Unavailable),
}


@check.each("A read that is answered with {} fails by its name, tried a few times at most.", _READS)
async def read(trial: Trial, case: tuple[int, type[c.ProviderError]]) -> None:
    status, kind = case
    await _expect(trial, wire.answers(status, NO), kind)


@check.each(
    "A read that meets {} is Unavailable.",
    {
        "no connection": wire.unreachable,
        "silence": wire.silence,
        "a line that breaks": wire.cut_after,
    },
)
async def read_broken(trial: Trial, trouble: Trouble) -> None:
    await _expect(trial, trouble, c.Unavailable)


@check.each(
    "A read gets over one {}.",
    {
        "503": wire.answers(503, NO),
        "502 as a web page": wire.web_page(502),
        "cut line": wire.cut_before,
    },
)
async def read_again(trial: Trial, trouble: Trouble) -> None:
    task_id = trial.add()
    trial.line.hit(trial.is_listing, trouble)
    listed = await trial.listed()
    require(listed.ids == [task_id], "the listing is not what it is without trouble")
    require(listed.whole, "the listing is not whole")


@check("A revoked key is Unauthorized, whatever is asked.")
async def revoked(trial: Trial) -> None:
    writes = await all_writes(trial)
    aimed = await writes[0].aim(trial) if writes else None
    trial.rig.revoke()
    await refused(trial.provider.check(), c.Unauthorized, by="check")
    await refused(trial.listed(), c.Unauthorized, by="the listing")
    if aimed:
        await refused(aimed.send(False), c.Unauthorized, by="a write")


# Limits.


@dataclass(frozen=True, slots=True)
class _Limit:
    """What a 429 says of the time to wait, in seconds; None: nothing."""

    seconds: float | None
    as_date: bool = False

    def trouble(self, trial: Trial) -> Trouble:
        if self.seconds is None:
            return wire.answers(429, NO)
        told = f"{self.seconds:.0f}"
        if self.as_date:
            told = format_datetime(trial.rig.now() + timedelta(seconds=self.seconds), usegmt=True)
        return wire.answers(429, NO, {"retry-after": told})

    def expect(self, error: c.RateLimited) -> None:
        if self.seconds is None:
            require(0 < error.retry_after <= 120, f"retry_after is {error.retry_after}")
            return
        near = self.seconds - 1 <= error.retry_after <= self.seconds + 2
        require(near, f"retry_after is {error.retry_after:g}, not {self.seconds:g}")


_LIMITS = {
    "seconds": _Limit(17),
    "an HTTP date": _Limit(23, as_date=True),
    "nothing": _Limit(None),
}


@check.each("A 429 is RateLimited by what Retry-After says: {}.", _LIMITS)
async def limit(trial: Trial, case: _Limit) -> None:
    for read in (trial.provider.check, trial.listed):
        trial.line.clear()
        trial.line.hit(wire.anything, case.trouble(trial), times=None)
        case.expect(await refused(read(), c.RateLimited))
        trial.rig.advance(120)


@check.each("A write that meets a 429 is RateLimited and not repeated: {}.", _LIMITS)
async def limited_write(trial: Trial, case: _Limit) -> None:
    await _each_write(trial, lambda: case.trouble(trial), c.RateLimited, expect=case.expect)


# Writes.


async def _each_write(
    trial: Trial,
    trouble: Callable[[], Trouble],
    *kinds: type[c.ProviderError],
    ambiguous: bool | None = None,
    expect: Callable[[c.RateLimited], None] | None = None,
) -> None:
    """Each request of each write meets the trouble: the right error, and nothing sent again."""
    for write in await all_writes(trial):
        for step in range(await cost(trial, write)):
            aimed = await write.aim(trial)
            before = trial.line.writes()
            trial.line.hit(wire.is_write, trouble(), skip=step, times=None)
            error = await refused(aimed.send(False), *kinds, by=write.name)
            sent = trial.line.writes() - before - step
            require(sent == 1, f"{write.name}: the write was sent {sent} times")
            told = isinstance(error, c.Unavailable) and error.ambiguous
            wrong = ambiguous is not None and told is not ambiguous
            require(not wrong, f"{write.name}: {'not ' * (not told)}said to be ambiguous")
            if expect and isinstance(error, c.RateLimited):
                expect(error)
            trial.line.clear()
            trial.rig.advance(120)


async def cost(trial: Trial, write: Write) -> int:
    """How many requests the write takes when all goes well."""
    aimed = await write.aim(trial)
    before = trial.line.landed()
    await aimed.send(False)
    landed = trial.line.landed() - before
    require(landed, f"{write.name} sends nothing that the provider takes")
    flaw = aimed.flaw()
    require(flaw is None, f"{write.name}: {flaw}")
    return landed


_REFUSED: dict[str, tuple[int, tuple[type[c.ProviderError], ...]]] = {
    "400": (400, (c.Rejected, c.Conflict)),
    "401": (401, (c.Unauthorized,)),
    "403": (403, (c.Unauthorized,)),
    "404": (404, (c.NotFound, c.Rejected)),
    "409": (409, (c.Conflict, c.Rejected)),
    "422": (422, (c.Rejected, c.Conflict)),
}


@check.each("A write that is refused with {} fails by its name and is not repeated.", _REFUSED)
async def refused_write(trial: Trial, case: tuple[int, tuple[type[c.ProviderError], ...]]) -> None:
    status, kinds = case
    await _each_write(trial, lambda: wire.answers(status, NO), *kinds)


_UNSURE: dict[str, Trouble] = {
    "500": wire.answers(500, NO),
    "502": wire.web_page(502),
    "503": wire.answers(503, NO),
    "504": wire.answers(504, NO),
    "silence": wire.silence,
    "silence after it was done": wire.silence_after,
    "a line that breaks": wire.cut_before,
    "a line that breaks after it was done": wire.cut_after,
    "a web page with status 200": wire.web_page(),
}


@check.each("A write that meets {} is Unavailable and ambiguous, and is not repeated.", _UNSURE)
async def unsure_write(trial: Trial, trouble: Trouble) -> None:
    await _each_write(trial, lambda: trouble, c.Unavailable, ambiguous=True)


@check("A write that never left is Unavailable, not ambiguous, and not repeated.")
async def unsent_write(trial: Trial) -> None:
    await _each_write(trial, lambda: wire.unreachable, c.Unavailable, ambiguous=False)


_LOST: dict[str, Trouble] = {
    "was done": wire.silence_after,
    "was done and its answer cut off": wire.cut_after,
    "was not done": wire.silence,
}


async def _repeated(trial: Trial, trouble: Trouble, *, restart: bool) -> None:
    for write in await all_writes(trial):
        needed = await cost(trial, write)
        for step in range(needed):
            aimed = await write.aim(trial)
            before = trial.line.landed()
            trial.line.hit(wire.is_write, trouble, skip=step)
            await refused(aimed.send(False), c.Unavailable, by=write.name)
            if restart:
                await trial.restart()
            trial.rig.advance(90)
            task = await aimed.send(True)
            landed = trial.line.landed() - before
            require(landed == needed, f"{write.name}: carried out {landed} times, not {needed}")
            flaw = aimed.flaw()
            require(flaw is None, f"{write.name}: {flaw}")
            await agrees(trial, task, write.name)


async def agrees(trial: Trial, task: c.Task, name: str) -> None:
    """What a write returned is what the provider says."""
    is_open = task.state is c.TaskState.OPEN
    require(is_open == trial.rig.is_open(task.id), f"{name}: returned as {task.state.value}")


@check.each("Sent again, a write that {} is done once.", _LOST)
async def again(trial: Trial, trouble: Trouble) -> None:
    await _repeated(trial, trouble, restart=False)


@check.each("Sent again after a restart, a write that {} is done once.", _LOST)
async def again_restarted(trial: Trial, trouble: Trouble) -> None:
    await _repeated(trial, trouble, restart=True)


@check.each(
    "Nothing is sent again while reads meet {}, for it may have been done.",
    {"a 503": wire.answers(503, NO), "a web page": wire.web_page()},
)
async def blind(trial: Trial, trouble: Trouble) -> None:
    for write in await all_writes(trial):
        aimed = await write.aim(trial)
        trial.line.hit(wire.is_write, wire.silence_after)
        await refused(aimed.send(False), c.Unavailable, by=write.name)
        before = trial.line.writes()
        trial.line.hit(lambda sent: not sent.is_write, trouble, times=None)
        await refused(aimed.send(True), c.Unavailable, c.Malformed, by=write.name)
        written = trial.line.writes() - before
        require(not written, f"{write.name}: written again without having looked")
        trial.line.clear()


@check("A write that was done counts as done though its answer can't be read.")
async def unreadable_answer(trial: Trial) -> None:
    for write in await all_writes(trial):
        needed = await cost(trial, write)
        aimed = await write.aim(trial)
        before = trial.line.landed()
        trial.line.hit(wire.is_write, wire.truncated, times=None)
        try:
            task = await aimed.send(False)
        except c.Unavailable as error:
            require(error.ambiguous, f"{write.name}: not said to be ambiguous")
            trial.line.clear()
            task = await aimed.send(True)
        trial.line.clear()
        landed = trial.line.landed() - before
        require(landed == needed, f"{write.name}: carried out {landed} times, not {needed}")
        await agrees(trial, task, write.name)
