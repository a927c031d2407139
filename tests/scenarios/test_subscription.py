"""Subscriptions: made where we can be reached, mended when they break, never in a poll's way."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.faults import Fault, Trouble
from sandbox.providers.close_webhooks import Delivery
from tests.databases.kinds import AnyDatabase
from tests.scenarios.pushing import PUBLIC, add_task, ben, bring, bring_all, hook
from tests.scenarios.world import World, make_world


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    """A world whose bot can be reached from outside, and has subscribed."""
    async with make_world(database) as made, made.running_bot(public_url=PUBLIC):
        await made.tick()
        yield made


async def test_a_paused_or_deleted_subscription_is_mended_within_the_hour(world: World) -> None:
    someone = await ben(world)
    hook(world)["status"] = "paused"
    add_task(world)
    assert world.close.webhooks.take_deliveries() == []
    await world.tick()
    assert "Complete" in someone.card("Send the contract").buttons
    assert hook(world)["status"] == "paused"
    await world.live_through(60, step=10)
    assert hook(world)["status"] == "active"

    world.close.webhooks.subscriptions.clear()
    await world.live_through(60, step=10)
    add_task(world, "Call the notary")
    await bring_all(world)
    assert "Complete" in someone.card("Call the notary").buttons
    world.assert_clean()


async def test_another_secret_is_learnt_within_the_hour(world: World) -> None:
    someone = await ben(world)
    hook(world)["signature_key"] = "ab" * 32
    add_task(world)
    deliveries = world.close.webhooks.take_deliveries()
    assert await bring(world, *deliveries) == [401]
    await world.live_through(60, step=10)
    assert await bring(world, *deliveries) == [200]
    assert len(someone.cards) == 1


async def test_a_restart_keeps_the_subscription(world: World) -> None:
    someone = await ben(world)
    before = dict(hook(world))
    async with world.running_bot(public_url=PUBLIC):
        add_task(world)
        await bring_all(world)
        assert "Complete" in someone.card("Send the contract").buttons
        await world.tick()
        assert hook(world) == before
    async with world.running_bot(public_url="https://moved.example.com/bell"):
        await world.tick()
        assert hook(world)["url"] == "https://moved.example.com/bell/webhooks/close"
    world.assert_clean()


async def test_without_an_address_nobody_is_asked_to_call(database: AnyDatabase) -> None:
    async with make_world(database) as world:
        await world.tick()
        assert world.close.webhooks.subscriptions == {}
        assert await bring(world, Delivery(f"{PUBLIC}/webhooks/close", {}, b"{}")) == [404]
        world.assert_clean()


async def test_a_refused_subscription_disturbs_no_poll(database: AnyDatabase) -> None:
    async with make_world(database) as world, world.running_bot(public_url=PUBLIC):
        refusing = Fault(Trouble.STATUS, "/webhook/", status=403, times=None)
        world.close.faults.add(refusing)
        someone = await ben(world)
        await world.tick()
        assert await bring(world, Delivery(f"{PUBLIC}/webhooks/close", {}, b"{}")) == [503]
        add_task(world)
        await world.live_through(50, step=5)
        assert "Complete" in someone.card("Send the contract").buttons
        told = [event for event in world.logs if event["log_level"] not in ("debug", "info")]
        assert [event["event"] for event in told] == ["not subscribed"]
        refusing.times = 0
        await world.live_through(20, step=5)
        assert hook(world)["status"] == "active"


async def test_a_subscription_is_tried_again_soon_where_the_provider_was_away(
    database: AnyDatabase,
) -> None:
    async with make_world(database) as world, world.running_bot(public_url=PUBLIC):
        away = Fault(Trouble.STATUS, "/webhook/", status=503, times=None)
        world.close.faults.add(away)
        await world.tick()
        away.times = 0
        await world.live_through(4)
        assert world.close.webhooks.subscriptions == {}
        await world.live_through(2)
        assert hook(world)["status"] == "active"
