"""Push that is signed: it shortens the wait, and with all of it lost nothing is missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from bot.pushes import KEEP, tidy
from bot.request_body import MAX_BYTES
from bot.store.database import Tx
from sandbox.faults import Fault, Trouble
from sandbox.providers.close_webhooks import Delivery, signature
from tests.databases.kinds import AnyDatabase
from tests.scenarios.pushing import PUBLIC, add_task, ben, bring, bring_all, hook
from tests.scenarios.world import World, make_world, until

LISTING = "/api/v1/task/"


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    """A world whose bot can be reached from outside, and has subscribed."""
    async with make_world(database) as made, made.running_bot(public_url=PUBLIC):
        await made.tick()
        yield made


def polls(world: World) -> int:
    """How many times the bot has asked Close what is open."""
    wanted = {("is_complete", "false"), ("_skip", "0")}
    return sum(one.path == LISTING and wanted <= set(one.query) for one in world.close.requests)


async def stored(world: World) -> int:
    rows = await world.bot.ground.db.read(lambda tx: tx.rows("SELECT * FROM push"))
    return len(rows)


def resigned(world: World, one: Delivery, body: bytes) -> Delivery:
    """Another body in its place, as Close itself would sign it."""
    stamp = one.headers["close-sig-timestamp"]
    proof = signature(hook(world)["signature_key"], stamp, body)
    return replace(one, body=body, headers={**one.headers, "close-sig-hash": proof})


async def test_a_push_brings_the_card_at_once(world: World) -> None:
    assert (hook(world)["url"], hook(world)["status"]) == (f"{PUBLIC}/webhooks/close", "active")
    someone = await ben(world)
    task = add_task(world)
    await bring_all(world)
    assert "Complete" in someone.card("Send the contract").buttons

    world.clock.advance(timedelta(seconds=3))
    world.close.complete_elsewhere(task["id"])
    await bring_all(world)
    assert "Completed in Close" in someone.card("Send the contract").words
    assert len(someone.cards) == 1
    world.assert_clean()


async def test_what_is_repeated_and_out_of_order_is_told_once(world: World) -> None:
    someone = await ben(world)
    for number in range(5):
        task = add_task(world, f"Call number {number}")
        world.close.edit(task["id"], text=f"Call again {number}")
    deliveries = world.close.webhooks.take_deliveries()
    mixed = [*deliveries[::-2], *deliveries, *deliveries[::2]]
    assert set(await bring(world, *mixed)) == {200}
    await world.settle()
    assert len(someone.cards) == 5
    assert await stored(world) == len(deliveries)

    before = polls(world)
    await world.pass_time(hours=71)
    assert set(await bring(world, *mixed)) == {200}
    await world.settle()
    assert polls(world) == before
    assert len(someone.cards) == 5


async def test_what_proves_nothing_changes_nothing(world: World) -> None:
    await ben(world)
    add_task(world)
    (genuine,) = world.close.webhooks.take_deliveries()
    before = polls(world)
    headers = dict(genuine.headers)
    for change in (
        {"close-sig-hash": "0" * 64},
        {"close-sig-hash": ""},
        {"close-sig-hash": "ñ"},
        {"close-sig-timestamp": str(int(headers["close-sig-timestamp"]) + 1)},
        {"close-sig-timestamp": ""},
        {"close-sig-timestamp": "soon"},
    ):
        assert await bring(world, replace(genuine, headers=headers | change)) == [401], change
    garbage = (b"", b"{}", b"[]", b"\xff", b'{"event": null}', b"[" * 10_000, b'{"event":{"id":1}}')
    for body in garbage:
        assert await bring(world, replace(genuine, body=body)) == [401]
        assert await bring(world, resigned(world, genuine, body)) == [400], body[:20]
    huge = b" " * (MAX_BYTES + 1)
    assert await bring(world, resigned(world, genuine, huge)) == [413]
    world.clock.advance(timedelta(days=30))
    assert await bring(world, genuine) == [401]
    await world.settle()
    assert await stored(world) == 0
    assert polls(world) == before
    refused = [event for event in world.logs if event["event"] == "push refused"]
    assert 1 <= len(refused) <= 1 + len(garbage)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/webhooks/nobody", 404),
        ("POST", "/webhooks/reten", 404),
        ("POST", "/webhooks/close/more", 404),
        ("POST", "/webhooks/", 404),
        ("GET", "/webhooks/close", 405),
    ],
)
async def test_other_paths_lead_nowhere(world: World, method: str, path: str, status: int) -> None:
    transport = httpx2.ASGITransport(app=world.bot.asgi(takes_slack=False))
    async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC) as http:
        assert (await http.request(method, path, content=b"{}")).status_code == status


async def test_a_removed_task_is_noticed_in_a_large_account(world: World) -> None:
    """No listing of what changed has it, and everything is listed but every 15 minutes."""
    someone = await ben(world)
    for number in range(320):
        world.close.add_task(f"Somebody's task {number}")
    task = add_task(world)
    await world.poll()
    world.close.webhooks.take_deliveries()
    listed = polls(world)
    world.close.remove(task["id"])
    await bring_all(world)
    assert "No longer in Close" in someone.card("Send the contract").words
    assert polls(world) == listed
    world.assert_clean()


async def test_with_push_dead_nothing_is_missed(world: World) -> None:
    someone = await ben(world)
    kept = add_task(world, "Call the notary")
    removed = add_task(world, "Order the paper")
    world.close.webhooks.take_deliveries()
    await world.tick()
    assert len(someone.cards) == 2
    world.close.complete_elsewhere(kept["id"])
    world.close.remove(removed["id"])
    add_task(world, "Send the contract")
    lost = world.close.webhooks.take_deliveries()
    await world.tick()
    assert "Completed in Close" in someone.card("Call the notary").words
    assert "No longer in Close" in someone.card("Order the paper").words
    assert "Complete" in someone.card("Send the contract").buttons

    # What is delivered days later tells nothing that is not known.
    shown = [card.plain() for card in someone.cards]
    await world.pass_time(hours=60)
    assert set(await bring(world, *lost)) == {200}
    await world.settle()
    assert [card.plain() for card in someone.cards] == shown


async def test_a_push_during_a_poll_waits_and_is_not_lost(world: World) -> None:
    someone = await ben(world)
    before = polls(world)
    world.close.faults.add(Fault(Trouble.HANG, LISTING, times=None))
    ticking = asyncio.create_task(world.bot.tick_all())
    await until(lambda: any(one.status is None for one in world.close.requests))
    add_task(world)
    assert await bring(world, *world.close.webhooks.take_deliveries()) == [200]
    settling = asyncio.create_task(world.settle())
    await asyncio.sleep(0.2)  # long enough for a second listing to begin, if it could
    assert sum(one.status is None for one in world.close.requests) == 1
    world.close.faults.clear()
    await asyncio.gather(ticking, settling)
    assert polls(world) == before + 2
    assert len(someone.cards) == 1


async def test_many_pushes_are_few_polls(world: World) -> None:
    someone = await ben(world)
    before, task = polls(world), add_task(world)
    for round_ in range(10):
        for number in range(20):
            world.close.edit(task["id"], text=f"Task {round_}.{number}")
        await bring_all(world)
    assert polls(world) == before + 1
    await world.pass_time(seconds=1)
    assert polls(world) == before + 1
    await world.pass_time(seconds=2)
    assert polls(world) == before + 2
    assert len(someone.cards) == 1
    assert "Task 9.19" in someone.card("Task").words
    await world.pass_time(minutes=5)
    assert polls(world) == before + 2


async def test_after_a_poll_that_failed_pushes_wait_for_the_timer(world: World) -> None:
    someone = await ben(world)
    trouble = Fault(Trouble.STATUS, LISTING, status=400, times=None)
    world.close.faults.add(trouble)
    for number in range(10):
        add_task(world, f"Task {number}")
        await bring_all(world)
        await world.pass_time(seconds=3)
    asked = [one for one in world.close.requests if one.status == 400]
    assert len(asked) == 1
    trouble.times = 0
    await world.tick()
    assert all(f"Task {number}" in str(someone.messages) for number in range(10))


async def test_a_refused_key_is_left_alone(world: World) -> None:
    await ben(world)
    add_task(world)
    deliveries = world.close.webhooks.take_deliveries()
    world.close.revoke_key()
    await world.tick()
    asked = len(world.close.requests)
    assert await bring(world, *deliveries) == [200]
    await world.settle()
    assert len(world.close.requests) == asked


async def test_the_echo_of_our_own_answer_changes_nothing(world: World) -> None:
    someone = await ben(world)
    add_task(world)
    await bring_all(world)
    await world.pass_time(seconds=3)
    await someone.card("Send the contract").click("Complete")
    shown = someone.card("Send the contract").words
    calls = len(world.slack.calls)
    await bring_all(world)
    assert someone.card("Send the contract").words == shown
    assert len(world.slack.calls) == calls
    world.assert_clean()


@pytest.mark.sqlite_alone
async def test_what_can_not_be_stored_is_asked_for_again(world: World) -> None:
    someone = await ben(world)
    add_task(world)
    (genuine,) = world.close.webhooks.take_deliveries()
    event = {**json.loads(genuine.body)["event"], "id": "ev_" + "x" * 500_000}
    large = resigned(world, genuine, json.dumps({"event": event}).encode())
    db = world.bot.ground.db

    def fill_the_disk(tx: Tx) -> None:
        (size,) = tx.rows("PRAGMA page_count")
        tx.rows(f"PRAGMA max_page_count = {size['page_count']}")

    await db.write(fill_the_disk)
    assert await bring(world, large) == [503]
    assert [event["event"] for event in world.logs if event["log_level"] == "warning"] == [
        "push not stored"
    ]
    await db.write(lambda tx: tx.rows("PRAGMA max_page_count = 100000"))
    assert await bring(world, large) == [200]
    await world.settle()
    assert len(someone.cards) == 1


async def test_pushes_are_forgotten_in_the_end(world: World) -> None:
    await ben(world)
    add_task(world)
    await bring_all(world)
    world.clock.advance(KEEP - timedelta(hours=1))
    await tidy(world.bot.ground)
    assert await stored(world) == 1
    world.clock.advance(timedelta(hours=2))
    await tidy(world.bot.ground)
    assert await stored(world) == 0


async def test_the_secret_stays_out_of_the_log(world: World) -> None:
    someone = await ben(world)
    add_task(world)
    (genuine,) = world.close.webhooks.take_deliveries()
    assert await bring(world, replace(genuine, body=b"{}"), genuine) == [401, 200]
    await world.settle()
    assert len(someone.cards) == 1
    told = repr(world.logs)
    assert hook(world)["signature_key"] not in told
    assert "Send the contract" not in told
    assert genuine.headers["close-sig-hash"] not in told
