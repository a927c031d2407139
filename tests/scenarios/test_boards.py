"""Boards: many new tasks as one list, what was held as one, and the digest that lives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.domain.preferences import QUIET
from bot.slack.desk import Click
from sandbox.faults import Trouble
from sandbox.slack import Message
from tests.scenarios.pages import Someone, event_of
from tests.scenarios.world import START, World

MADRID = timedelta(hours=2)
DIGEST = time(8, 30)


def boards(someone: Someone) -> list[Message]:
    return [m for m in someone.messages if event_of(m) == "taskbell_board"]


def menus(message: Message) -> int:
    """How many rows can be answered."""
    return sum("accessory" in block for block in message.blocks)


def row(message: Message, title: str) -> str:
    """The words of a row, whatever block it is."""
    (found,) = [line for line in message.plain().splitlines() if title in line]
    return found


@asynccontextmanager
async def speaking_at_its_hours(world: World, **more: Any) -> AsyncIterator[None]:
    """Quiet from 20:00 to 08:00, digest at 08:30."""
    async with world.running_bot(quiet_hours=QUIET, digest_at=DIGEST, **more):
        yield


async def until(world: World, day: int, hour: int, minute: int = 0) -> None:
    """Let the bot do what is due by that hour of Madrid, in April."""
    then = datetime(2026, 4, day, hour, minute, tzinfo=UTC) - MADRID
    world.clock.advance(then - world.clock.now())
    await world.settle()


async def test_twelve_new_tasks_are_one_list_that_is_answered_in_place(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    for number in range(12):
        world.reten.add_task(
            commerce=f"Botica {number:02}", scheduled_at=START + timedelta(hours=3 + number)
        )
    await world.tick()
    assert ana.cards == []
    (board,) = boards(ana)
    assert board.text.startswith("12 new tasks\n")
    assert "Botica 00" in board.text
    assert menus(board) == 12

    await ana.hands.click(board, "Venta completada", near="Botica 00")
    await world.settle()
    assert "“Venta completada” is about to be sent" in row(ana.hands.again(board), "Botica 00")
    await world.pass_time(seconds=6)
    assert "✅" in row(ana.hands.again(board), "Botica 00")
    assert "you, 10:00" in row(ana.hands.again(board), "Botica 00")
    assert menus(ana.hands.again(board)) == 11
    assert len(ana.messages) == 1
    world.assert_clean()


async def test_a_refusal_shows_at_its_row(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    for number in range(6):
        world.reten.add_task(commerce=f"Botica {number}")
    await world.tick()
    (board,) = boards(ana)
    world.fault_at_results(Trouble.STATUS, status=422)
    await ana.hands.click(board, "Venta completada", near="Botica 3")
    await world.pass_time(seconds=6)
    assert "⚠️" in row(ana.hands.again(board), "Botica 3")
    assert menus(ana.hands.again(board)) == 6


async def test_the_digest_lives_through_its_day(world: World) -> None:
    async with speaking_at_its_hours(world):
        ana = await world.carlos(timezone="Europe/Madrid")
        late = world.reten.add_task(commerce="Vieja", scheduled_at=START - timedelta(days=2))
        today = world.reten.add_task(commerce="Arriba", scheduled_at=START + timedelta(hours=32))
        world.reten.add_task(commerce="Sur", scheduled_at=START + timedelta(days=9))
        await world.tick()
        assert len(ana.cards) == 3
        await until(world, 16, 8, 29)
        assert boards(ana) == []

        await until(world, 16, 8, 30)
        (digest,) = boards(ana)
        assert digest.text.startswith("Thu 16 Apr: 1 overdue, 1 today\n")
        assert "🔴 Vieja" in row(digest, "Vieja")
        assert "3 days" in row(digest, "Vieja")
        assert "🕓 18:00  Arriba" in row(digest, "Arriba")
        assert "Sur" not in digest.plain()

        world.reten.complete_elsewhere(late["id"])
        await world.tick()
        assert "✅ Vieja — Completed in Reten" in row(ana.hands.again(digest), "Vieja")
        await ana.card("Arriba").click("Venta completada")
        await world.pass_time(seconds=6)
        assert "✅ Arriba — Venta completada · you, 08:30" in ana.hands.again(digest).plain()
        assert menus(ana.hands.again(digest)) == 0

        shown = ana.hands.again(digest)
        world.reten.edit(today["id"], reason=("CHURN_RISK", "Riesgo"))
        await until(world, 17, 9)
        assert len(boards(ana)) == 1  # nothing is overdue or due: no digest
        assert ana.hands.again(digest).plain() == shown.plain()
        world.assert_clean()


async def test_the_first_digest_is_of_the_day_of_the_link_if_its_hour_is_to_come(
    world: World,
) -> None:
    async with world.running_bot(digest_at=time(10, 30)):
        ana = await world.carlos(timezone="Europe/Madrid")
        world.reten.add_task(commerce="Vieja", scheduled_at=START - timedelta(days=2))
        await world.tick()
        await until(world, 15, 10, 29)
        assert boards(ana) == []
        await until(world, 15, 10, 30)
        (digest,) = boards(ana)
        assert digest.text.startswith("Wed 15 Apr: 1 overdue\n")


async def test_a_newer_digest_closes_the_older(world: World) -> None:
    async with speaking_at_its_hours(world):
        ana = await world.carlos(timezone="Europe/Madrid")
        world.reten.add_task(commerce="Vieja", scheduled_at=START - timedelta(days=2))
        await world.tick()
        await until(world, 16, 8, 30)
        await until(world, 17, 8, 30)
        first, second = boards(ana)
        assert "3 days" in row(first, "Vieja")
        assert menus(first) == 0
        assert "4 days" in row(second, "Vieja")
        assert menus(second) == 1


async def test_what_comes_at_night_is_told_in_the_morning_as_it_is_then(world: World) -> None:
    async with world.running_bot(quiet_hours=QUIET):
        ana = await world.carlos(timezone="Europe/Madrid")
        await until(world, 15, 22)
        kept = [world.reten.add_task(commerce=f"Botica {n}") for n in range(3)]
        await world.tick()
        assert ana.messages == []
        world.reten.complete_elsewhere(kept[0]["id"])
        world.reten.edit(kept[1]["id"], reason=("CHURN_RISK", "Otra cosa"))
        await until(world, 16, 7, 59)
        await world.tick()
        assert ana.messages == []
        await until(world, 16, 8)
        (board,) = boards(ana)
        assert board.text.startswith("Held back until now: 2 new tasks")
        assert "Botica 0" not in board.plain()
        assert "Otra cosa" in row(board, "Botica 1")
        assert ana.cards == []
        world.assert_clean()


async def test_after_a_silence_only_the_newest_digest_comes(world: World) -> None:
    async with speaking_at_its_hours(world):
        ana = await world.carlos(timezone="Europe/Madrid")
        world.reten.add_task(commerce="Vieja", scheduled_at=START - timedelta(days=2))
        await world.tick()
    world.clock.advance(timedelta(days=5))  # a weekend among them
    async with speaking_at_its_hours(world):
        await world.settle()
        (digest,) = boards(ana)
        assert digest.text.startswith("Mon 20 Apr")
        await until(world, 20, 18)
        assert len(boards(ana)) == 1


async def test_a_digest_that_slack_did_not_take_gives_way_to_the_newest(world: World) -> None:
    async with speaking_at_its_hours(world):
        ana = await world.carlos(timezone="Europe/Madrid")
        world.reten.add_task(commerce="Vieja", scheduled_at=START - timedelta(days=2))
        await world.tick()
        world.fault_at_slack(Trouble.STATUS, "chat.postMessage", times=None, status=503)
        for day in (16, 17):
            await until(world, day, 8, 30)
        assert boards(ana) == []
        world.slack.faults.clear()
        await until(world, 17, 12)
        (digest,) = boards(ana)
        assert digest.text.startswith("Fri 17 Apr")
        assert "Vieja" in digest.plain()


async def test_a_redraw_that_was_lost_comes_again(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    tasks = [world.reten.add_task(commerce=f"Botica {n}") for n in range(6)]
    await world.tick()
    (board,) = boards(ana)
    world.fault_at_slack(Trouble.DROP, "chat.update")
    world.reten.complete_elsewhere(tasks[2]["id"])
    await world.tick()
    assert "✅" not in row(ana.hands.again(board), "Botica 2")
    async with world.running_bot():
        await world.pass_time(minutes=5)
        assert "✅" in row(ana.hands.again(board), "Botica 2")
        redraws = [call for call in world.slack.calls if call.method == "chat.update"]
        await world.tick()
        assert [c for c in world.slack.calls if c.method == "chat.update"] == redraws


async def test_more_than_a_board_holds_is_counted_and_can_be_shown(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    for number in range(37):
        world.reten.add_task(commerce=f"Botica {number:02}")
    await world.tick()
    (board,) = boards(ana)
    assert menus(board) == 20 + len(["Show"])
    assert "and 17 more" in board.plain()
    await ana.hands.click(board, "Show")
    await world.settle()
    shown = ana.messages[-1]
    assert shown.ephemeral
    assert "1 of 4" in shown.plain()
    assert ana.hands.again(board).plain() == board.plain()
    world.assert_clean()


async def test_a_summary_of_what_was_there_waits_for_the_morning(world: World) -> None:
    async with world.running_bot(quiet_hours=QUIET):
        await until(world, 15, 22)
        ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
        await ana.link("reten", "OP-042")
        await world.bot.sync()  # her zone
        world.reten.add_task(commerce="Vieja", scheduled_at=START)
        await ana.unlink("reten", "OP-042")
        await world.tick()
        await ana.link("reten", "OP-042")
        await world.settle()
        night = list(ana.messages)
        await until(world, 16, 8)
        assert (night, len(ana.messages)) == ([], 1)


async def test_who_stands_in_for_somebody_finds_their_tasks_in_the_digest(world: World) -> None:
    async with speaking_at_its_hours(world):
        ana = await world.carlos(timezone="Europe/Madrid")
        ben = world.person("Ben Okafor", timezone="Europe/Madrid")
        world.reten.add_task(commerce="Vieja", scheduled_at=START - timedelta(days=2))
        await world.tick()
        chosen = {"absence": f"delegate {ben.id} 2026-04-17"}
        await world.bot.desk.record(Click("away", "settings", ana.id, {"chosen": chosen}))
        await world.settle()
        await until(world, 16, 8, 30)
        assert boards(ana) == []
        (digest,) = boards(ben)
        assert "🔴 Vieja" in row(digest, "Vieja")
        assert menus(digest) == 1
