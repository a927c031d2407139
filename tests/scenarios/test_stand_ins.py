"""Whose task it is for now: of somebody who is away, and of whoever takes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.slack.desk import Click
from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World

FRIDAY = START + timedelta(days=2)


async def wants(world: World, someone: Someone, **chosen: str) -> None:
    """Settings, as their form stores them."""
    click = Click(f"settings {someone.id}", "settings", someone.id, {"chosen": chosen})
    await world.bot.desk.record(click)
    await world.settle()


async def test_a_delegate_reads_and_answers_what_somebody_who_is_away_has(world: World) -> None:
    ana, ben = await world.carlos(), world.person("Ben Okafor")
    known = world.reten.add_task(commerce="Botica Norte", scheduled_at=FRIDAY)
    world.reten.add_task(commerce="Botica Sur", scheduled_at=FRIDAY)
    await world.tick()
    await wants(world, ana, absence=f"delegate {ben.id} 2026-04-15")
    assert "Now with" in ana.card("Botica Norte").words
    assert ana.card("Botica Sur").buttons == []
    await ben.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    assert world.result_of(known["id"])["task_result"]["operator_external_id"] == "OP-042"
    world.reten.add_task(commerce="Botica Nueva", scheduled_at=FRIDAY)
    await world.tick()
    assert "Botica Nueva" not in str(ana.messages)
    why = (await ben.tasks("why Botica Nueva")).words
    assert "is away, and you stand in for them" in why

    world.clock.set(datetime(2026, 4, 16, tzinfo=UTC))
    await world.settle()
    assert "Now with" in ben.card("Botica Sur").words
    assert "Venta completada" in ana.card("Botica Sur").buttons
    assert len(ana.card("Botica Sur").all) == 1
    assert "Venta completada" in ana.card("Botica Nueva").buttons
    world.assert_clean()


async def test_who_wants_nothing_while_away_is_told_nothing(world: World) -> None:
    ana = await world.carlos()
    await wants(world, ana, absence="skip 2026-04-15")
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(minutes=20))
    await world.tick()
    await world.live_through(60, step=10)
    world.clock.advance(timedelta(days=1))
    await world.tick()
    assert ana.cards == []
    assert "Botica Norte" in (await ana.tasks("all")).words


async def test_who_takes_a_task_hears_nothing_of_it(world: World) -> None:
    boss = world.person("Bea Boss", email="bea@example.com")
    world.close.add_user("Bea Boss", "bea@example.com")
    stranger = world.close.add_user("Eve Stranger", "eve@example.com")
    channel = world.slack.workspace.add_channel("dispatch", members=[boss.person])
    async with world.running_bot(fallback_channel=channel.id, managers=(boss.id,)):
        await world.poll()
        world.close.add_task("Call back", assigned_to=stranger["id"], date="2026-04-17")
        await world.tick()
        await boss.card("Call back", channel).click("Reassign")
        assert await boss.fill(Give_it_to="Bea Boss") == {}
        assert "Now with" in boss.card("Call back", channel).words
        await world.live_through(10, step=5)
        assert boss.cards == []
        assert "Call back" in (await boss.tasks("all")).words
