"""The ladder: a manager hears of what nobody reacts to, and can stop it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.domain.preferences import QUIET
from sandbox.faults import Trouble
from sandbox.slack import Message
from tests.scenarios.pages import Someone, event_of
from tests.scenarios.world import START, World

RULES: dict[str, Any] = {"quiet_hours": QUIET, "digest_at": time(8, 30)}


def overdue_boards(someone: Someone) -> list[Message]:
    found = [m for m in someone.messages if event_of(m) == "taskbell_board"]
    return [m for m in found if "without a reaction" in m.text]


async def morning(world: World, day: int) -> None:
    """Half past eight in Madrid, in April."""
    world.clock.advance(datetime(2026, 4, day, 6, 30, tzinfo=UTC) - world.clock.now())
    await world.tick()


async def test_a_manager_hears_of_it_three_times_at_most(world: World) -> None:
    boss = world.person("Bea Boss", timezone="Europe/Madrid")
    async with world.running_bot(**RULES, managers=(boss.id,)):
        ana = await world.carlos("Ana Ruiz", timezone="Europe/Madrid")
        world.reten.add_task(commerce="Forgotten", scheduled_at=START + timedelta(hours=1))
        world.reten.add_task(commerce="Worked on", scheduled_at=START + timedelta(hours=1))
        await world.tick()
        heard = []
        for day in range(16, 31):
            await morning(world, day)
            heard.append(sum("Forgotten" in board.text for board in overdue_boards(boss)))
            if day == 16:  # what they do about it counts, even if they take it back
                await ana.card("Worked on").click("Venta completada")
                await ana.card("Worked on").click("Undo")
        assert heard == [0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3]
        first = overdue_boards(boss)[0]
        assert "Forgotten" in first.plain()
        assert "Worked on" not in first.plain()
        assert "ana.ruiz" in first.plain()
        assert overdue_boards(ana) == []
        assert "Got it" not in first.buttons()  # a newer one took its place


async def test_who_will_see_to_it_stops_it(world: World) -> None:
    boss = world.person("Bea Boss", timezone="Europe/Madrid")
    async with world.running_bot(**RULES, managers=(boss.id,)):
        await world.carlos("Ana Ruiz", timezone="Europe/Madrid")
        task = world.reten.add_task(commerce="Forgotten", scheduled_at=START + timedelta(hours=1))
        await world.tick()
        await morning(world, 17)
        (board,) = overdue_boards(boss)
        await boss.hands.click(board, "Got it")
        await world.settle()
        assert "You will see to it" in boss.hands.again(board).plain()
        assert "Got it" not in boss.hands.again(board).buttons()
        for day in range(20, 25):
            await morning(world, day)
        assert len(overdue_boards(boss)) == 1

        world.reten.edit(task["id"], scheduled_at=datetime(2026, 4, 24, 12, tzinfo=UTC))
        for day in range(25, 29):
            await morning(world, day)
        assert len(overdue_boards(boss)) == 2
        world.assert_clean()


async def test_without_managers_the_channel_for_alerts_hears_of_it(world: World) -> None:
    boss = world.person("Bea Boss")
    channel = world.slack.workspace.add_channel("alerts", members=[boss.person])
    async with world.running_bot(**RULES, alert_channel=channel.id, timezone="Europe/Madrid"):
        stranger = world.person("Eve")
        await world.carlos("Ana Ruiz", timezone="Europe/Madrid")
        world.reten.add_task(commerce="Forgotten", scheduled_at=START + timedelta(hours=1))
        await world.tick()
        await morning(world, 16)
        assert "without a reaction" not in "\n".join(world.channel_words(channel))
        await morning(world, 17)
        (words,) = [w for w in world.channel_words(channel) if "without a reaction" in w]
        assert "Forgotten" in words
        (board,) = [m for m in boss.hands.messages(channel) if "Got it" in m.buttons()]
        await stranger.hands.click(board, "Got it")
        await world.settle()
        assert "Got it" in boss.hands.again(board).buttons()


async def test_what_slack_did_not_take_stands_on_the_next_list(world: World) -> None:
    boss = world.person("Bea Boss", timezone="Europe/Madrid")
    async with world.running_bot(**RULES, managers=(boss.id,)):
        await world.carlos("Ana Ruiz", timezone="Europe/Madrid")
        world.reten.add_task(commerce="Forgotten", scheduled_at=START + timedelta(hours=1))
        world.reten.add_task(commerce="Later", scheduled_at=START + timedelta(days=1))
        await world.tick()
        wait = {"retry-after": str(73 * 3600)}
        refused = {"times": None, "status": 429, "headers": wait}
        world.fault_at_slack(Trouble.STATUS, "chat.postMessage", **refused)
        await morning(world, 17)
        assert overdue_boards(boss) == []
        world.slack.faults.clear()
        await morning(world, 20)
        assert overdue_boards(boss) == []
        world.clock.advance(timedelta(hours=2))
        await world.settle()
        (board,) = overdue_boards(boss)
        assert "Later" in board.text
        assert "Forgotten" in board.text
