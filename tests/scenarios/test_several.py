"""Several processes of the bot over one PostgreSQL: what one does, the others neither repeat nor
miss. Each is a bot of its own here, with connections of its own to the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from bot.app import Taskbell, open_taskbell
from bot.counts import SUBMISSIONS
from bot.domain.model import outcome_token
from bot.engine import loop as engine
from bot.store import people, submissions, tasks
from bot.store.database import Tx
from bot.store.submissions import Intent
from sandbox.faults import Fault, Trouble
from sandbox.slack import Message
from tests.databases.kinds import Databases, OnServer
from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World, make_world, until

HOUR = 3600.0
LATEST = """
SELECT max(state_change) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE query = 'LISTEN taskbell' AND datname = current_database()
"""
OPERATORS = [
    ("OP-042", "Ana Ruiz", "SALESMAN"),
    ("OP-043", "Ben Díaz", "SALESMAN"),
    ("OP-044", "Eva Gil", "SALESMAN"),
]


@pytest.fixture
async def server(postgres: Databases) -> AsyncIterator[OnServer]:
    made = postgres.new()
    yield made
    postgres.drop(made)


@pytest.fixture
async def world(server: OnServer) -> AsyncIterator[World]:
    async with make_world(server) as made, made.running_bot(undo_seconds=0):
        yield made


@asynccontextmanager
async def others(world: World, count: int) -> AsyncIterator[list[Taskbell]]:
    """So many more processes on the same database; Slack does not know them."""
    settings = world.settings.model_copy(update={"undo_seconds": 0})
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(open_taskbell(settings, world.clock, owner=True))
            for _ in range(count)
        ]


async def settle(world: World, bots: list[Taskbell]) -> None:
    """Let all of them do what is due, at once."""

    async def wait(seconds: float) -> None:
        world.clock.advance(timedelta(seconds=seconds))

    await asyncio.gather(*(bot.settle(wait) for bot in bots))


def cards_of(someone: Someone) -> list[Message]:
    return [m for m in someone.cards if "Botica" in m.plain()]


# Waking


async def test_a_click_wakes_a_worker_that_looks_for_nothing(
    world: World, server: OnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_REST_SECONDS", HOUR)
    carlos = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.poll()
    async with others(world, 1) as (worker,), worker.working():
        await asleep(server)
        await carlos.card("Botica Norte").press("Venta completada")
        await until(lambda: results_of(world, task["id"]) == 1)
    assert len(world.reten.results) == 1


async def asleep(server: OnServer) -> None:
    """Wait until a process that works has been seen to work, and asks the server nothing more."""
    await until(lambda: len(server.rows("SELECT * FROM lease")) == 2)
    before = None
    while before != (now := server.rows(LATEST)):
        before = now
        await asyncio.sleep(0.5)


def results_of(world: World, task_id: str) -> int:
    return sum(result["activity_id"] == task_id for result in world.reten.results)


async def test_a_click_whose_notice_is_lost_is_found_by_the_next_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_REST_SECONDS", 0.05)
    carlos = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.poll()
    db, now = world.bot.ground.db, world.clock.now()
    async with others(world, 1) as (worker,), worker.working():
        key = await db.read(lambda tx: the_key(tx, task["id"]))
        body = {"task": key, "outcome": outcome_token("SALE_COMPLETED"), "fields": {}}
        intent = Intent("click", "answer", carlos.id, body, now)
        # Not urgent: nobody is told of it.
        await db.write(lambda tx: submissions.add_intent(tx, intent))
        await until(lambda: results_of(world, task["id"]) == 1)


def the_key(tx: Tx, task_id: str) -> str:
    stored = tasks.find(tx, "reten", task_id)
    assert stored is not None
    return stored.key


async def test_a_worker_hears_again_after_its_line_was_cut(
    world: World, server: OnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST_REST_SECONDS", HOUR)
    carlos = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.poll()
    async with others(world, 1) as (worker,), worker.working():
        await asleep(server)
        assert server.rows(CUT) == [(True,)]
        await carlos.card("Botica Norte").press("Venta completada")
        await until(lambda: results_of(world, task["id"]) == 1)


# Being cut off


async def test_what_a_process_sends_it_gives_up_before_others_take_it_for_gone(
    world: World, postgres: Databases
) -> None:
    carlos = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.poll()
    world.reten.faults.add(Fault(Trouble.HANG, "activity-results"))
    async with others(world, 1) as (worker,), worker.working():
        await carlos.card("Botica Norte").press("Venta completada")
        await until(lambda: any("activity-results" in r.path for r in world.reten.requests))
        postgres.server.stop()
        try:
            await until(lambda: worker.ground.counts.all_of(SUBMISSIONS) != {})
        finally:
            postgres.server.start()
        assert worker.ground.counts.all_of(SUBMISSIONS) == {("reten", "timeout_error"): 1}
        assert results_of(world, task["id"]) == 0


async def test_a_card_that_could_not_be_stored_as_posted_is_found_again(
    world: World, postgres: Databases
) -> None:
    """Nobody takes a server that was away for a mistake of ours: the log of a world has none."""
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    slow = world.fault_at_slack(Trouble.SLOW, "chat.postMessage", seconds=1.0)
    async with others(world, 1) as (worker,), worker.working():
        await worker.tick_all()
        await until(lambda: slow.times == 0)
        postgres.server.stop()
        try:
            await until(lambda: len(cards_of(ana)) == 1)
            await until(lambda: any(e.get("loop") == "dispatching" for e in world.logs))
        finally:
            postgres.server.start()
    await world.pass_time(minutes=2)
    assert len(cards_of(ana)) == 1
    await ana.card("Botica Norte").click("Venta completada")
    assert len(world.reten.results) == 1


# Sharing


async def test_what_several_plan_and_post_at_once_comes_once(world: World) -> None:
    readers = [world.person(name) for _, name, _ in OPERATORS]
    for reader, operator in zip(readers, OPERATORS, strict=True):
        await reader.link("reten", operator[0])
    await world.poll()
    for number in range(15):
        world.reten.add_task(commerce=f"Botica {number}.", operator=OPERATORS[number % 3])
    async with others(world, 3) as bots:
        await bots[0].tick_all()
        await settle(world, bots)
        titles = sorted(f"Botica {number}." for number in range(15))
        shown = [card.plain() for reader in readers for card in cards_of(reader)]
        assert sorted(t for words in shown for t in titles if t in words) == titles
        for reader in readers:
            for card in cards_of(reader):
                await reader.hands.click(card, "Venta completada")
        await settle(world, bots)
    assert sorted(r["activity_id"] for r in world.reten.results) == sorted(
        task["id"] for task in world.reten.tasks()
    )
    assert len([card for reader in readers for card in cards_of(reader)]) == 15
    assert all(card.buttons() == [] for reader in readers for card in cards_of(reader))
    world.assert_no_violations()


async def test_answers_of_two_people_to_one_task_are_one_result_and_a_word(world: World) -> None:
    ana = await world.carlos("Ana Ruiz")
    async with others(world, 3) as bots:
        for number in range(8):
            task = world.reten.add_task(commerce=f"Botica {number}.")
            await world.poll()
            card = ana.card(f"Botica {number}.")
            seen = card.message
            for label in ("Venta completada", "No interesado", "Venta completada"):
                await card.press(label, seen)
            await settle(world, bots)
            assert results_of(world, task["id"]) == 1
            await world.pass_time(minutes=1)
    assert all(card.buttons() == [] for card in cards_of(ana))


async def test_first_polls_of_several_sum_up_once(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await ana.link("reten", "OP-042")
    for number in range(3):
        world.reten.add_task(commerce=f"Botica {number}", scheduled_at=START + timedelta(days=2))
    async with others(world, 3) as bots:
        await asyncio.gather(*(bot.tick_all() for bot in bots))
        await settle(world, bots)
    assert ana.cards == []
    assert len(ana.notices) == 1


async def test_what_is_well_is_told_by_a_process_that_does_not_poll(world: World) -> None:
    await world.carlos()
    async with others(world, 1) as (worker,):
        for _ in range(10):
            world.clock.advance(timedelta(seconds=20))
            await worker.tick_all()
        _, said = await world.bot.health.report()
    assert said["connections"]["reten"]["last_good_poll_seconds"] < 60


async def test_a_key_that_is_refused_is_told_once(world: World) -> None:
    admin = world.person("Carla Ríos")
    async with AsyncExitStack() as stack:
        settings = world.settings.model_copy(update={"admins": (admin.id,)})
        bots = [
            await stack.enter_async_context(open_taskbell(settings, world.clock, owner=True))
            for _ in range(3)
        ]
        world.reten.revoke_key()
        for bot in bots:
            await bot.tick_all()
        await settle(world, bots)
    assert len(admin.notices) == 1


async def test_a_link_made_while_tasks_are_planned_leaves_nobody_without_a_card(
    world: World,
) -> None:
    await world.poll()
    late = [world.person(name) for _, name, _ in OPERATORS]
    for number in range(12):
        world.reten.add_task(commerce=f"Botica {number}.", operator=OPERATORS[number % 3])
    async with others(world, 2) as bots:
        await bots[0].tick_all()
        linking = [
            one.link("reten", operator[0]) for one, operator in zip(late, OPERATORS, strict=True)
        ]
        await asyncio.gather(settle(world, bots), *linking)
        await settle(world, bots)
    assert [len(cards_of(one)) for one in late] == [4, 4, 4]
    linked = await world.bot.ground.db.read(people.links)
    assert len(linked) == 3
