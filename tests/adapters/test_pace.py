"""Pace: whoever is waited for goes before listings, in the order of their coming."""

from __future__ import annotations

import asyncio

from adapters.pace import RESERVE, Pace, waited_for

BURST = 8
OTHERS = int(BURST * (1 - RESERVE))


async def take(pace: Pace, name: str, taken: list[str]) -> None:
    await pace.take()
    taken.append(name)


async def settled() -> None:
    """Let all go that need not wait."""
    for _ in range(200):
        await asyncio.sleep(0)


async def test_listings_leave_a_part_of_a_burst() -> None:
    pace, taken = Pace(BURST), list[str]()
    pages = [asyncio.create_task(take(pace, "page", taken)) for _ in range(2 * BURST)]
    await settled()
    listed = len(taken)
    with waited_for():
        answers = [asyncio.create_task(take(pace, "answer", taken)) for _ in range(BURST - OTHERS)]
    await settled()
    assert listed <= OTHERS + 1
    assert taken[listed:].count("answer") == BURST - OTHERS
    await cancelled(pages + answers)


async def test_an_answer_waits_for_one_page_at_most() -> None:
    pace, taken = Pace(BURST), list[str]()
    with waited_for():
        await asyncio.gather(*(take(pace, "answer", taken) for _ in range(BURST)))
    pages = [asyncio.create_task(take(pace, "page", taken)) for _ in range(BURST)]
    await settled()
    listed = len(taken)
    with waited_for():
        await take(pace, "answer", taken)
    assert taken[listed:].count("page") <= 1
    await cancelled(pages)


async def test_pages_go_on_while_answers_wait() -> None:
    pace, taken = Pace(BURST), list[str]()
    with waited_for():
        answers = [asyncio.create_task(take(pace, "answer", taken)) for _ in range(BURST + 4)]
    await settled()
    await take(pace, "page", taken)
    await cancelled(answers)
    assert taken.count("answer") == BURST + 4


async def cancelled(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
