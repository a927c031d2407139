"""Reminders: at the bottom, once, and never about what no longer matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World

SOON = START + timedelta(hours=2)


def live(someone: Someone, title: str) -> list[str]:
    """The cards with outcome buttons."""
    cards = [card for card in someone.cards if title in card.plain()]
    return [card.plain() for card in cards if "Venta completada" in card.buttons()]


async def test_reminders_come_below_and_older_cards_fold(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    world.reten.add_task(commerce="Botica Norte", scheduled_at=SOON)
    await world.tick()
    await world.pass_time(hours=1, minutes=44)
    assert len(ana.cards) == 1

    await world.pass_time(minutes=1)
    first, second = ana.card("Botica Norte").all
    assert "Reminder below" in first.plain()
    assert first.buttons() == []
    assert "Due soon" in second.plain()
    assert "12:00" in second.plain()
    assert "Venta completada" in second.buttons()

    await world.pass_time(minutes=15)
    assert "Due now" in ana.card("Botica Norte").words
    assert "Overdue" not in ana.card("Botica Norte").words
    assert len(ana.cards) == 2
    assert len(live(ana, "Botica Norte")) == 1

    await world.pass_time(minutes=1)
    assert "Overdue since" in ana.card("Botica Norte").words
    await world.live_through(120, step=10)
    assert len(ana.cards) == 2
    assert len(live(ana, "Botica Norte")) == 1
    world.assert_clean()


async def test_a_finished_task_is_not_brought_up_again(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte", scheduled_at=SOON)
    elsewhere = world.reten.add_task(commerce="Botica Sur", scheduled_at=SOON)
    await world.tick()
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    world.reten.complete_elsewhere(elsewhere["id"])
    await world.tick()
    await world.live_through(150, step=10)
    assert len(ana.cards) == 2


async def test_an_answer_on_its_way_keeps_the_reminder_back(world: World) -> None:
    """And a reminder is due all the same when the answer is taken back."""
    ana = await world.carlos()
    world.reten.add_task(
        commerce="Botica Norte", scheduled_at=START + timedelta(minutes=15, seconds=3)
    )
    await world.tick()
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=4)
    assert len(ana.cards) == 1
    await ana.card("Botica Norte").click("Undo")
    assert len(ana.cards) == 2
    assert "Due soon" in ana.card("Botica Norte").words


async def test_baseline_tasks_are_reminded_of_only_when_their_moment_comes(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await ana.link("reten", "OP-042")
    world.reten.add_task(commerce="Botica Vieja", scheduled_at=START - timedelta(minutes=30))
    world.reten.add_task(commerce="Botica Ya", scheduled_at=START)
    world.reten.add_task(commerce="Botica Norte", scheduled_at=SOON)
    await world.poll()
    assert ana.cards == []
    await world.live_through(150, step=10)
    assert {card.text.partition(":")[0] for card in ana.cards} == {"Botica Norte"}
    assert len(ana.cards) == 1
    assert len(live(ana, "Botica Norte")) == 1


async def test_after_a_long_downtime_nothing_stale_comes(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte", scheduled_at=SOON)
    world.reten.add_task(commerce="Botica Sur", scheduled_at=START + timedelta(hours=9, minutes=50))
    await world.tick()
    world.clock.advance(timedelta(hours=10))
    async with world.running_bot():
        await world.tick()
        assert len(ana.card("Botica Norte").all) == 1
        assert "Overdue since" in ana.card("Botica Norte").words
        (_, late) = ana.card("Botica Sur").all
        assert "Overdue since" in late.plain()
    world.assert_clean()


async def test_a_task_moved_to_an_earlier_hour_is_reminded_of_at_once(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(days=1))
    await world.tick()
    world.clock.advance(timedelta(hours=1))
    world.reten.edit(task["id"], scheduled_at=world.clock.now() + timedelta(minutes=5))
    await world.tick()
    assert "Due soon" in ana.card("Botica Norte").words
    assert len(live(ana, "Botica Norte")) == 1


async def test_a_task_moved_to_a_later_hour_is_reminded_of_again(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=SOON)
    await world.tick()
    await world.pass_time(hours=1, minutes=46)
    assert len(ana.cards) == 2
    world.reten.edit(task["id"], scheduled_at=SOON + timedelta(days=1))
    await world.tick()
    assert "Overdue" not in ana.card("Botica Norte").words
    await world.live_through(60, step=20)
    assert len(ana.cards) == 2
    await world.pass_time(hours=23)
    assert len(ana.cards) == 3
    assert len(live(ana, "Botica Norte")) == 1


async def test_a_day_gets_no_timed_reminder_and_is_overdue_when_it_is_over(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com", timezone="America/New_York")
    user = world.close.add_user("Ben Okafor", "ben@example.com")
    await world.poll()
    world.close.add_task("Send the contract", assigned_to=user["id"], date="2026-04-15")
    await world.tick()
    await world.live_through(12 * 60, step=120)
    assert len(ben.cards) == 1
    assert "Overdue" not in ben.card("Send the contract").words
    world.clock.set(datetime(2026, 4, 16, 3, 59, tzinfo=UTC))  # 23:59 in New York
    await world.settle()
    assert "Overdue" not in ben.card("Send the contract").words
    await world.pass_time(minutes=1)
    assert "Overdue since Wed 15 Apr" in ben.card("Send the contract").words
    assert len(ben.cards) == 1
    world.assert_clean()


@pytest.mark.parametrize(
    "date", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00"]
)
async def test_a_date_at_the_end_of_the_calendar_stops_nothing(world: World, date: str) -> None:
    """Systems write such days for "never"."""
    ben = world.person("Ben Okafor", email="ben@example.com", timezone="Europe/Madrid")
    user = world.close.add_user("Ben Okafor", "ben@example.com")
    world.close.add_task("Old never", assigned_to=user["id"], date=date)
    await world.poll()
    world.close.add_task("Never", assigned_to=user["id"], date=date)
    world.close.add_task("Send the contract", assigned_to=user["id"], date="2026-04-15")
    await world.tick()
    assert "Complete" in ben.card("Send the contract").buttons
    assert "Complete" in ben.card("Never").buttons
    assert "Never" in (await ben.tasks("all")).words
    await ben.card("Never").click("Complete")
    assert ben.card("Never").buttons == ["Undo"]
