"""Loops: no wake is lost, an error only rests, and a stop lets the work at hand finish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.engine import loop as engine
from bot.engine.loop import Loop
from sandbox.clock import MovableClock

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
Due = datetime | None


class Work:
    """Counts its rounds; each waits for leave where `gated`, and answers the next of `answers`."""

    def __init__(self, *answers: Due | Exception, gated: bool = False) -> None:
        self.answers = list(answers)
        self.rounds = 0
        self.finished = 0
        self._gated = gated
        self._leave = asyncio.Semaphore(0)
        self._changed = asyncio.Condition()

    async def __call__(self) -> Due:
        async with self._changed:
            self.rounds += 1
            self._changed.notify_all()
        if self._gated:
            await self._leave.acquire()
        self.finished += 1
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def go_on(self) -> None:
        self._leave.release()

    async def begun(self, rounds: int) -> None:
        """Wait for that round; long before the loop would look again on its own."""
        async with asyncio.timeout(2), self._changed:
            await self._changed.wait_for(lambda: self.rounds >= rounds)


@asynccontextmanager
async def looping(work: Callable[[], Awaitable[Due]]) -> AsyncIterator[Loop]:
    loop = Loop("test", work, MovableClock(NOW))
    task = asyncio.create_task(loop.run())
    yield loop
    loop.stop()
    async with asyncio.timeout(2):
        await task


async def test_it_works_at_once_and_then_only_when_woken() -> None:
    work = Work()
    async with looping(work) as loop:
        await work.begun(1)
        for round_ in (2, 3, 4):
            await settled()
            assert work.rounds == round_ - 1
            loop.wake()
            await work.begun(round_)


async def settled() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_wake_during_the_work_is_not_lost() -> None:
    work = Work(gated=True)
    async with looping(work) as loop:
        await work.begun(1)
        loop.wake()
        loop.wake()
        work.go_on()
        await work.begun(2)
        work.go_on()
        await settled()
        assert work.rounds == 2


@pytest.mark.parametrize("due", [NOW, NOW - timedelta(days=1), NOW + timedelta(milliseconds=20)])
async def test_what_is_due_is_done_without_a_wake(due: datetime) -> None:
    work = Work(due)
    async with looping(work):
        await work.begun(2)


async def test_it_looks_again_on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may have left work; what is due in a year does not keep it from looking."""
    monkeypatch.setattr(engine, "LONGEST_REST_SECONDS", 0.01)
    work = Work(None, NOW + timedelta(days=365))
    async with looping(work):
        await work.begun(3)


async def test_an_error_rests_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engine, "RETRY_SECONDS", 0.01)
    work = Work(ValueError("once"), OSError("twice"))
    async with looping(work):
        await work.begun(3)


class Away(Exception):
    """Nobody's mistake."""


async def test_what_was_foreseen_is_told_once_and_its_end_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "RETRY_SECONDS", 0.01)
    work = Work(Away("gone"), Away("gone"), Away("still gone"), NOW)
    loop = Loop("test", work, MovableClock(NOW), (Away,))
    with capture_logs() as logs:
        task = asyncio.create_task(loop.run())
        await work.begun(5)
        loop.stop()
        await task
    told = [(one["log_level"], one["event"], one.get("error")) for one in logs]
    assert told == [
        ("warning", "work waits", "gone"),
        ("warning", "work waits", "still gone"),
        ("info", "work goes on", None),
    ]


async def test_what_another_process_has_in_its_hands_is_no_reason_to_spin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "SHORTEST_REST_SECONDS", 3600.0)
    monkeypatch.setattr(engine, "LONGEST_REST_SECONDS", 3600.0)
    work = Work(NOW - timedelta(seconds=1), NOW)
    async with looping(work) as loop:
        await work.begun(1)
        await settled()
        assert work.rounds == 1
        loop.wake()
        await work.begun(2)


async def test_a_stop_lets_the_work_finish_and_begins_no_more() -> None:
    work = Work(NOW, gated=True)
    loop = Loop("test", work, MovableClock(NOW))
    task = asyncio.create_task(loop.run())
    await work.begun(1)
    loop.stop()
    loop.wake()
    await settled()
    assert not task.done()
    work.go_on()
    async with asyncio.timeout(2):
        await task
    assert (work.rounds, work.finished) == (1, 1)


async def test_one_that_was_stopped_before_it_began_does_nothing() -> None:
    work = Work()
    loop = Loop("test", work, MovableClock(NOW))
    loop.stop()
    await loop.run()
    assert work.rounds == 0
