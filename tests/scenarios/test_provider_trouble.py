"""A provider in trouble: the admins hear of it once, and nobody else's work waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from sandbox.faults import Fault, Trouble
from sandbox.providers.reten import TASKS
from tests.scenarios.pages import Someone
from tests.scenarios.world import World


@pytest.fixture
async def admin(world: World) -> AsyncIterator[Someone]:
    """An admin of a bot that watches both providers."""
    ada = world.person("Ada Admin")
    async with world.running_bot(admins=(ada.id,)):
        await world.poll()
        yield ada


async def at_both(world: World) -> Someone:
    """Somebody with tasks at both providers."""
    ana = world.person("Ana Ruiz", email="ana@example.com")
    world.close.add_user("Ana Ruiz", "ana@example.com")
    await ana.link("reten", "OP-042")
    await world.poll()
    return ana


def mine(world: World) -> str:
    return str(next(u["id"] for u in world.close.users.values() if u["email"] == "ana@example.com"))


async def test_a_revoked_key_stops_one_connection_and_is_told_once(
    world: World, admin: Someone
) -> None:
    ana = await at_both(world)
    world.reten.revoke_key()
    await world.live_through(2)
    (told,) = admin.notices
    assert told.startswith("Reten refuses the key")
    asked = len(world.reten.requests)
    world.close.add_task("Send the contract", assigned_to=mine(world))
    await world.live_through(5)
    assert len(world.reten.requests) == asked
    assert "Complete" in ana.card("Send the contract").buttons
    assert len(admin.notices) == 1

    world.reten.restore_key()
    world.reten.add_task(commerce="Botica Norte")
    await world.live_through(120, step=20)
    assert admin.notices[1:] == ["Reten is answering again. What waited is being sent now."]
    assert "Venta completada" in ana.card("Botica Norte").buttons
    assert ana.notices == []


async def test_an_answer_waits_for_a_key_that_was_revoked(world: World, admin: Someone) -> None:
    ana = await at_both(world)
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    card = ana.card("Botica Norte")
    await card.click("Venta completada")
    world.reten.revoke_key()
    await world.pass_time(seconds=6)
    await world.tick()
    assert card.buttons == []
    assert "nothing is lost" in card.words
    assert len(admin.notices) == 1
    world.reten.restore_key()
    await world.live_through(70, step=10)
    assert len(world.reten.results) == 1
    assert "Venta completada · you" in card.words
    assert len(admin.notices) == 2


async def test_a_withdrawn_permission_to_write_is_told(world: World, admin: Someone) -> None:
    """The polls go on, so only the answer shows that the key may no longer write."""
    ana = await at_both(world)
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.reten.add_task(commerce="Botica Sur")
    await world.tick()
    world.reten.withdraw("SUBMIT_ACTIVITY_RESULT")
    card = ana.card("Botica Norte")
    await card.click("Venta completada")
    await ana.card("Botica Sur").click("Venta completada")
    await world.pass_time(seconds=6)
    await world.live_through(15, step=3)
    assert card.buttons == []
    assert "nothing is lost" in card.words
    world.reten.grant("SUBMIT_ACTIVITY_RESULT")
    await world.live_through(10, step=2)
    assert "Venta completada · you" in card.words
    began, ended = admin.notices
    assert "Give the key the permission to write" in began
    assert ended == "Reten takes answers again. What waited is being sent now."


async def test_a_provider_away_is_told_after_a_while_and_once(world: World, admin: Someone) -> None:
    ana = await at_both(world)
    world.reten.faults.add(Fault(Trouble.STATUS, TASKS, times=None, status=500))
    await world.live_through(4)
    assert admin.notices == []
    await world.live_through(8)
    (told,) = admin.notices
    assert told.startswith("Reten is not answering")
    world.close.add_task("Send the contract", assigned_to=mine(world))
    await world.tick()
    assert "Complete" in ana.card("Send the contract").buttons
    world.reten.faults.clear()
    await world.live_through(3)
    assert admin.notices[1:] == ["Reten is answering again. What waited is being sent now."]


async def test_a_short_outage_is_nobodys_business(world: World, admin: Someone) -> None:
    await at_both(world)
    world.reten.faults.add(Fault(Trouble.STATUS, TASKS, times=3, status=500))
    await world.live_through(6)
    assert admin.notices == []


async def test_a_key_that_is_refused_after_an_outage_is_told_too(
    world: World, admin: Someone
) -> None:
    await at_both(world)
    world.reten.faults.add(Fault(Trouble.STATUS, TASKS, times=None, status=500))
    await world.live_through(7)
    world.reten.revoke_key()
    world.reten.faults.clear()
    await world.live_through(3)
    first, second = admin.notices
    assert first.startswith("Reten is not answering")
    assert second.startswith("Reten refuses the key")
    world.reten.restore_key()
    await world.live_through(120, step=30)
    assert len(admin.notices) == 3


async def test_trouble_is_told_in_the_alert_channel_when_there_is_one(world: World) -> None:
    ada = world.person("Ada Admin")
    channel = world.slack.workspace.add_channel("alerts", members=[ada.person])
    async with world.running_bot(admins=(ada.id,), alert_channel=channel.id):
        await world.poll()
        world.close.revoke_key()
        await world.live_through(3)
        (told,) = world.channel_words(channel)
        assert told.startswith("Close refuses the key")
        assert ada.messages == []


async def test_a_directory_that_fails_is_the_providers_trouble(
    world: World, admin: Someone
) -> None:
    await at_both(world)
    world.clock.advance(timedelta(hours=2))
    world.close.faults.add(Fault(Trouble.STATUS, "/user/", times=None, status=500))
    await world.live_through(7)
    assert [told.partition(" is")[0] for told in admin.notices] == ["Close"]
