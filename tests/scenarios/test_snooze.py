"""Snoozes: silence that a person asked for, and its end at just the moment they asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.preferences import QuietHours, read_quiet
from tests.scenarios.world import START, World

QUIET: QuietHours | None = read_quiet("20:00-08:00")


async def test_a_snoozed_task_is_silent_until_it_comes_back_at_the_bottom(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(minutes=30))
    await world.tick()
    await ana.card("Botica Norte").click("1 hour")
    assert "💤 Back at 11:00" in ana.card("Botica Norte").words
    assert ana.card("Botica Norte").buttons == ["Wake now"]
    assert ana.card("Botica Norte").text == "Botica Norte: Back at 11:00"
    await world.pass_time(minutes=59)
    assert len(ana.cards) == 1

    await world.pass_time(minutes=2)
    first, second = ana.card("Botica Norte").all
    assert "↓ Back below" in first.plain()
    assert "⏰ Back as you asked" in second.plain()
    assert "Overdue since" in second.plain()
    assert "Venta completada" in second.buttons()
    story = (await ana.tasks("why Botica Norte")).words
    assert "put it off for" in story
    assert "as you had put the task off until then" in story
    world.assert_clean()


async def test_a_moment_can_be_picked_and_a_snooze_taken_back(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(days=3))
    await world.tick()
    await ana.card("Botica Norte").click("Pick a time…")
    errors = await ana.fill(Back_at=START - timedelta(hours=1))
    assert "in the past" in errors["Back at"]
    tomorrow = datetime(2026, 4, 16, 18, 30, tzinfo=UTC)
    assert await ana.fill(Back_at=tomorrow) == {}
    assert "💤 Back Tomorrow 20:30" in ana.card("Botica Norte").words

    await ana.card("Botica Norte").click("Wake now")
    assert "Venta completada" in ana.card("Botica Norte").buttons
    await world.pass_time(hours=36)
    assert len(ana.cards) == 1
    assert "brought it back" in (await ana.tasks("why Botica Norte")).words
    world.assert_clean()


async def test_what_is_over_for_today_is_refused(world: World) -> None:
    ana = await world.carlos(timezone="Asia/Tokyo")  # where it is 17:00
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(days=3))
    await world.tick()
    await ana.card("Botica Norte").click("This afternoon")
    assert ana.whispers == ["That moment has passed. Nothing was changed; choose a later one."]
    assert "Venta completada" in ana.card("Botica Norte").buttons


async def test_what_is_finished_meanwhile_does_not_come_back(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=2))
    await world.tick()
    await ana.card("Botica Norte").click("15 minutes")
    world.reten.complete_elsewhere(task["id"])
    await world.tick()
    assert "Completed in Reten" in ana.card("Botica Norte").words
    await world.live_through(150, step=15)
    assert len(ana.cards) == 1


async def test_the_channels_card_is_put_off_by_whoever_may_act(world: World) -> None:
    boss, ben = world.person("Boss"), world.person("Ben Okafor")
    channel = world.slack.workspace.add_channel("dispatch", members=(boss.person, ben.person))
    rules = {"fallback_channel": channel.id, "managers": (boss.id,)}
    async with world.running_bot(**rules):
        await world.poll()
        world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(days=3))
        await world.tick()
        await ben.card("Botica Norte", channel).click("1 hour")
        assert "isn't linked" in ben.whispers_in(channel)[0]
        await boss.card("Botica Norte", channel).click("1 hour")
        assert "💤 Back at" in ben.card("Botica Norte", channel).words
        await world.pass_time(hours=1)
        _, back = ben.card("Botica Norte", channel).all
        assert "Back as you asked" in back.plain()


async def test_a_reminder_waits_for_the_end_of_quiet_hours(world: World) -> None:
    async with world.running_bot(quiet_hours=QUIET):
        ana = await world.carlos(timezone="Europe/Madrid")
        for commerce, minute in (("Botica Norte", 10), ("Botica Sur", -70)):
            due = datetime(2026, 4, 16, 6, tzinfo=UTC) + timedelta(minutes=minute)
            world.reten.add_task(commerce=commerce, scheduled_at=due)
        await world.tick()
        await ana.card("Botica Sur").click("15 minutes")
        await world.pass_time(minutes=15)
        assert len(ana.cards) == 3
        world.clock.set(datetime(2026, 4, 16, 5, 59, tzinfo=UTC))
        await world.settle()
        assert len(ana.cards) == 3
        await world.pass_time(minutes=1)
        assert len(ana.card("Botica Norte").all) == 2
        assert "Due soon" in ana.card("Botica Norte").words
        assert len(ana.card("Botica Sur").all) == 2
