"""What costs nothing: polls that find nothing new; and a whole day without a word too many."""

from __future__ import annotations

from datetime import timedelta

from tests.databases.kinds import AnyDatabase
from tests.scenarios.world import START, World


async def test_a_poll_that_finds_nothing_new_does_nothing(
    world: World, database: AnyDatabase
) -> None:
    """No call to Slack and no write, but once in a while that the poll was good."""
    ana = world.person("Ana Ruiz", email="ana@example.com")
    mine = world.close.add_user("Ana Ruiz", "ana@example.com")["id"]
    await ana.link("reten", "OP-042")
    await world.poll()
    for number in range(20):
        world.reten.add_task(commerce=f"Botica {number}", scheduled_at=START + timedelta(days=9))
        world.close.add_task(f"Call {number}", assigned_to=mine, date="2026-04-29")
    await world.live_through(2)
    with database.watched() as version:
        calls, before, writes = len(world.slack.calls), version(), 0
        for _ in range(5):
            world.clock.advance(timedelta(seconds=5))
            await world.tick()
            writes += version() != before
            before = version()
    assert len(world.slack.calls) == calls
    assert writes == 0
    world.assert_clean()


async def test_a_whole_day_leaves_nothing_private_in_the_log(world: World) -> None:
    """`World` looks for secrets and people in the log of every scenario; this one logs much."""
    ana = world.person("Ana Ruiz", email="ana@example.com", timezone="Europe/Madrid")
    mine = world.close.add_user("Ana Ruiz", "ana@example.com")["id"]
    await ana.link("reten", "OP-042")
    await world.poll()
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=1))
    world.close.add_task("Send the contract", assigned_to=mine, date="2026-04-15")
    await world.tick()
    world.slack.rate_limit("chat.update", retry_after=5)
    world.reten.break_page("wrong_types")
    await ana.card("Send the contract").click("Complete")
    await world.live_through(2)
    world.reten.revoke_key()
    await ana.card("Botica Norte").click("Venta completada")
    await world.live_through(10, step=2)
    world.close.revoke_key()
    await world.slack.revoke_tokens()
    await world.live_through(10, step=5)
    assert len(world.logs) > 10
    world.assert_discreet()
    assert task["status"] == "PENDING"
