"""Timers: who has claimed a tick runs its job, once; a stop waits for jobs, and not for ever."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.engine.timers import Timers
from bot.store import connections
from bot.store.sqlite import SqliteDatabase

SOON = timedelta(seconds=0.02)
LONG = timedelta(hours=1)


class Job:
    def __init__(self, *, hangs: bool = False) -> None:
        self.begun = self.ended = 0
        self.cancelled = False
        self.leave = asyncio.Event()
        if not hangs:
            self.leave.set()
        self.first = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        self.first.set()
        try:
            await self.leave.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        self.ended += 1


async def yes(name: str, interval: timedelta) -> bool:
    return True


async def reached(event: asyncio.Event) -> None:
    async with asyncio.timeout(5):
        await event.wait()


async def test_a_job_runs_at_once_and_then_at_each_interval() -> None:
    rounds, enough = 0, asyncio.Event()

    async def job() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            enough.set()

    timers = Timers(yes)
    timers.every(SOON, "job", job)
    timers.start()
    await reached(enough)
    await timers.stop(1)


async def test_a_tick_that_another_has_is_let_go() -> None:
    asked, enough = [], asyncio.Event()

    async def claim(name: str, interval: timedelta) -> bool:
        asked.append((name, interval))
        if len(asked) == 3:
            enough.set()
        return False

    job = Job()
    timers = Timers(claim)
    timers.every(SOON, "job", job)
    timers.start()
    await reached(enough)
    await timers.stop(1)
    assert job.begun == 0
    assert {name for name, _ in asked} == {"job"}
    assert all(interval < SOON for _, interval in asked)


async def test_a_stop_waits_for_the_job_at_hand() -> None:
    job = Job(hangs=True)
    timers = Timers(yes)
    timers.every(LONG, "job", job)
    timers.start()
    await reached(job.first)
    stopping = asyncio.create_task(timers.stop(5))
    await asyncio.sleep(0)
    assert not stopping.done()
    job.leave.set()
    await stopping
    assert (job.ended, job.cancelled) == (1, False)


async def test_a_stop_cancels_what_takes_too_long(caplog: pytest.LogCaptureFixture) -> None:
    job = Job(hangs=True)
    timers = Timers(yes)
    timers.every(LONG, "job", job)
    timers.start()
    await reached(job.first)
    await timers.stop(0.01)
    await asyncio.sleep(0)
    assert job.cancelled
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_nothing_begins_after_a_stop() -> None:
    job = Job()
    timers = Timers(yes)
    timers.every(SOON, "job", job)
    timers.start()
    await timers.stop(1)
    for _ in range(10):
        await asyncio.sleep(0)
    assert job.begun == 0


async def test_a_stop_without_a_start_is_fine() -> None:
    await Timers(yes).stop(1)


async def test_a_job_that_fails_is_run_again() -> None:
    rounds, enough = 0, asyncio.Event()

    async def job() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            enough.set()
        raise ValueError(rounds)

    timers = Timers(yes)
    timers.every(SOON, "job", job)
    timers.start()
    await reached(enough)
    await timers.stop(1)


class Away(Exception):
    """Nobody's mistake."""


async def test_what_was_foreseen_is_told_in_a_line_and_the_timer_goes_on() -> None:
    rounds, enough = 0, asyncio.Event()

    async def job() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            enough.set()
        raise Away("gone")

    timers = Timers(yes, (Away,))
    timers.every(SOON, "job", job)
    with capture_logs() as logs:
        timers.start()
        await reached(enough)
        await timers.stop(1)
    assert {(one["log_level"], one["error"]) for one in logs} == {("warning", "gone")}
    assert all("exc_info" not in one for one in logs)


async def test_what_is_every_process_s_own_asks_for_no_turn() -> None:
    async def never(name: str, interval: timedelta) -> bool:
        raise AssertionError(name)

    job = Job()
    timers = Timers(never)
    timers.every(LONG, "job", job, alone=False)
    timers.start()
    await reached(job.first)
    await timers.stop(1)
    assert job.ended == 1


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "taskbell.db", owner=True)
    yield database
    await database.close()


async def test_of_several_timers_over_one_row_one_has_each_tick(db: SqliteDatabase) -> None:
    refused = asyncio.Event()
    answers: list[bool] = []

    async def claim(name: str, interval: timedelta) -> bool:
        now = datetime.now(UTC)
        won = await db.write(lambda tx: connections.claim_tick(tx, name, now, interval))
        answers.append(won)
        if len(answers) == 4:
            refused.set()
        return won

    job = Job()
    several = [Timers(claim) for _ in range(4)]
    for timers in several:
        timers.every(LONG, "poll", job)
        timers.start()
    await reached(refused)
    await asyncio.gather(*(timers.stop(1) for timers in several))
    assert sorted(answers) == [False, False, False, True]
    assert job.begun == 1
