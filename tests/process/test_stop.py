"""Ends, wanted and unwanted: whatever was in flight, the provider has each answer once."""

from __future__ import annotations

import signal

import pytest

from sandbox.faults import Fault, Trouble
from tests.process.place import RESULTS, Place, until


async def press(place: Place, trouble: Trouble, seconds: float = 0) -> None:
    """Click an outcome while the provider is in trouble, and wait until the answer is under way."""
    place.reten.add_task(commerce="Botica Norte")
    card = await place.carded("Botica Norte")
    place.reten.faults.add(Fault(trouble, RESULTS, times=None, seconds=seconds))
    await place.click(card, "Venta completada")
    await until(place.submissions, "the answer is on its way")


async def test_a_stop_hands_back_what_hangs(place: Place) -> None:
    await place.link()
    bot = await place.run()
    await press(place, Trouble.HANG)
    place.reten.faults.add(Fault(Trouble.HANG, times=None))
    polls = len(place.reten.requests)
    await until(lambda: len(place.reten.requests) > polls, "a poll that hangs too")
    assert (await bot.end(signal.SIGTERM, within=9)).status == 0
    place.reten.faults.clear()
    assert place.rows("SELECT state FROM submission") == [("unknown",)]
    async with place.bot():
        await until(lambda: place.rows("SELECT state FROM submission") == [("done",)], "settled")
    assert len(place.reten.results) == 1


async def test_a_stop_finishes_what_is_slow(place: Place) -> None:
    await place.link()
    bot = await place.run()
    await press(place, Trouble.SLOW, seconds=0.5)
    assert (await bot.end(signal.SIGINT, within=9)).status == 0
    assert place.rows("SELECT state FROM submission") == [("done",)]
    assert len(place.reten.results) == 1


@pytest.mark.parametrize("trouble", [Trouble.HANG, Trouble.DROP_AFTER])
async def test_a_crash_in_mid_answer_sends_it_once(place: Place, trouble: Trouble) -> None:
    await place.link()
    bot = await place.run()
    await press(place, trouble)
    await bot.end(signal.SIGKILL)
    place.reten.faults.clear()
    if place.database.shared:  # others can't know that it died, until its leases have run out
        place.change("UPDATE submission SET due_at = 0 WHERE finished_at IS NULL")
        place.change("UPDATE message SET due_at = 0, busy_until = 0 WHERE due_at IS NOT NULL")
    async with place.bot():
        await until(lambda: place.rows("SELECT state FROM submission") == [("done",)], "settled")
        await place.carded("Botica Norte", "you")
    assert len(place.reten.results) == 1
