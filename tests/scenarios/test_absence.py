"""Absence is not completion: a listing that can't be trusted closes nothing."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.tasks import open_of_all
from sandbox.faults import Fault, Trouble
from sandbox.providers.reten import TASKS
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, until


async def watched(world: World) -> Someone:
    """Somebody with a card at each provider."""
    ana = world.person("Ana Ruiz", email="ana@example.com")
    world.close.add_user("Ana Ruiz", "ana@example.com")
    await ana.link("reten", "OP-042")
    await world.poll()
    mine = next(u["id"] for u in world.close.users.values() if u["email"] == "ana@example.com")
    world.reten.add_task(commerce="Botica Norte")
    world.close.add_task("Send the contract", assigned_to=mine)
    await world.tick()
    return ana


def is_open(ana: Someone) -> bool:
    open_in_reten = "Venta completada" in ana.card("Botica Norte").buttons
    return open_in_reten and "Complete" in ana.card("Send the contract").buttons


@pytest.mark.parametrize("breakage", ["html", "truncated", "missing_id", "wrong_types"])
async def test_a_broken_page_closes_nothing(world: World, breakage: str) -> None:
    ana = await watched(world)
    calls = len(world.slack.calls)
    for sim in (world.reten, world.close):
        sim.break_page(breakage)
    await world.tick()
    await world.poll()
    assert is_open(ana)
    assert len(world.slack.calls) == calls

    for sim in (world.reten, world.close):
        sim.mend_pages()
    world.reten.add_task(commerce="Botica Sur")
    await world.tick()
    assert is_open(ana)
    assert "Venta completada" in ana.card("Botica Sur").buttons
    world.assert_no_violations()


async def test_values_that_no_list_names_are_shown_all_the_same(world: World) -> None:
    ana = await watched(world)
    for sim in (world.reten, world.close):
        sim.break_page("unknown_enum")
    await world.tick()
    assert is_open(ana)


@pytest.mark.parametrize("page", [1, 2])
async def test_a_page_that_fails_closes_nothing(world: World, page: int) -> None:
    ana = await watched(world)
    for number in range(150):
        world.reten.add_task(commerce=f"Otra {number}", operator=None)
    await world.tick()
    if page > 1:
        world.reten.faults.add(Fault(Trouble.SLOW, TASKS, times=page - 1))
    world.reten.faults.add(Fault(Trouble.STATUS, TASKS, times=1, status=500))
    assert not await world.poll()
    assert is_open(ana)
    assert await world.poll()
    assert is_open(ana)


async def test_an_empty_listing_is_not_believed(world: World) -> None:
    """A missing task is looked up before its card changes."""
    ana = await watched(world)
    empty = b'{"data":[],"meta":{"page":1,"per_page":100,"total":0,"totalPages":0}}'
    kind = {"content-type": "application/json"}
    world.reten.faults.add(
        Fault(Trouble.STATUS, TASKS, times=2, status=200, headers=kind, body=empty)
    )
    await world.tick()
    assert is_open(ana)
    asked = [dict(r.query) for r in world.reten.requests if r.path == TASKS]
    assert any("external_commerce_id" in query for query in asked)


async def test_a_look_up_that_fails_closes_nothing(world: World) -> None:
    """And is the provider's trouble, not ours: the poll says so and the next one goes on."""
    ana = await watched(world)
    for task in world.reten.tasks():
        world.reten.complete_elsewhere(task["id"])
    removed = world.reten.add_task(commerce="Botica Sur")
    await world.tick()
    assert "Completed in Reten" in ana.card("Botica Norte").words
    world.reten.remove(removed["id"])
    listed = world.reten.faults.add(Fault(Trouble.SLOW, TASKS, times=2))
    world.reten.faults.add(Fault(Trouble.STATUS, TASKS, times=1, status=500))
    assert not await world.poll()
    assert listed.times == 0
    assert "Venta completada" in ana.card("Botica Sur").buttons
    assert await world.poll()
    assert "No longer in Reten" in ana.card("Botica Sur").words
    assert [e for e in world.logs if e["event"] == "poll failed"]


async def test_an_item_that_stays_unreadable_does_not_stop_the_others(world: World) -> None:
    """One broken row must not keep what was finished elsewhere from being noticed for ever."""
    ana = await watched(world)
    world.reten.add_task(commerce="Botica Sur")
    await world.tick()
    done = next(t for t in world.reten.tasks() if t["commerceName"] == "Botica Sur")
    world.reten.edit(world.reten.tasks()[0]["id"], scheduledAt=42)
    world.reten.complete_elsewhere(done["id"])
    await world.live_through(2)
    assert "Completed in Reten" in ana.card("Botica Sur").words
    assert "Venta completada" in ana.card("Botica Norte").buttons


async def test_many_pages_whose_rows_move_meanwhile(world: World) -> None:
    """Rows that shift from one page to the one before are missed once, not closed."""
    ana = world.person("Ana Ruiz")
    await ana.link("reten", "OP-042")
    made = [world.reten.add_task(commerce=f"Botica {n:04}.", operator=None) for n in range(500)]
    for number in range(20):
        world.reten.add_task(commerce=f"Mía {number:02}.")
    await world.poll()
    world.reten.faults.add(Fault(Trouble.SLOW, TASKS, times=4))
    world.reten.faults.add(Fault(Trouble.SLOW, TASKS, times=1, seconds=0.05))
    poll = asyncio.create_task(world.poll())
    asked = len(world.reten.requests)
    await until(lambda: len(world.reten.requests) >= asked + 5)
    for task in made[:20]:  # while the fifth page is on its way
        world.reten.complete_elsewhere(task["id"])
    assert await poll
    assert len(await open_ids(world)) in (420, 520)
    assert (await ana.tasks("all")).words.count("Mía") == 10
    assert await world.poll()
    assert len(await open_ids(world)) == 500
    assert {t["id"] for t in world.reten.tasks() if t["status"] == "PENDING"} == (
        await open_ids(world)
    )
    world.assert_clean()


async def open_ids(world: World) -> set[str]:
    stored = await world.bot.ground.db.read(open_of_all)
    return {one.task.id for one in stored}


async def test_a_task_that_no_listing_shows_is_not_asked_for_again_and_again(world: World) -> None:
    ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
    await ana.link("reten", "OP-042")
    await world.poll()
    task = world.reten.add_task("Botica Norte")
    await world.tick()
    world.reten.edit(task["id"], status="ON_HOLD")  # neither PENDING nor IN_PROGRESS

    for _ in range(3):
        await world.tick()
    asked = [r for r in world.reten.requests if "external_commerce_id" in dict(r.query)]
    assert len(asked) == 1
    assert "Venta completada" in ana.card("Botica Norte").buttons

    world.reten.cancel(task["id"])
    await world.pass_time(minutes=15)
    await world.tick()
    assert "Cancelled" in ana.card("Botica Norte").words
