"""The noise budget: what one working day of one person may cost, notification by notification."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.domain.preferences import QUIET
from sandbox.faults import Fault, Trouble
from tests.scenarios.pages import Someone, event_of
from tests.scenarios.world import World

MINE, ANOTHER = ("OP-042", "Carlos Pérez", "SALESMAN"), ("OP-077", "Lucía Gómez", "SALESMAN")
STEP, NIGHT = timedelta(minutes=30), timedelta(hours=6)


def madrid(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 4, day, hour - 2, minute, tzinfo=UTC)


def notifications(world: World, someone: Someone) -> list[tuple[str, str]]:
    """What made a sound: when by their clock, and the first words on the lock screen. A message is
    heard when it is posted; redraws and private sentences are not."""
    where = (someone.id, world.slack.workspace.direct(someone.person).id)
    return [
        (f"{call.at + timedelta(hours=2):%a %H:%M}", first_words(call.arguments["text"]))
        for call in world.slack.calls_of("chat.postMessage")
        if call.ok and call.arguments["channel"] in where
    ]


def first_words(text: str) -> str:
    return text.split("\n")[0].split(" (")[0]


async def until(world: World, then: datetime, step: timedelta = STEP) -> None:
    """Let time pass as it does, the timers ticking."""
    while world.clock.now() < then - step:
        world.clock.advance(step)
        await world.tick()
    world.clock.advance(then - world.clock.now())
    await world.tick()


async def outage(world: World, until_then: datetime, during: str) -> None:
    """Reten is away for a while, in which a task comes."""
    world.reten.faults.add(Fault(Trouble.STATUS, times=None, status=503))
    await until(world, until_then - STEP)
    world.reten.add_task(commerce=during, scheduled_at=madrid(24, 12))
    await until(world, until_then)
    world.reten.faults.clear()


async def test_a_working_day_with_forty_tasks(world: World) -> None:
    admin = world.person("Ada Admin")
    rules = {"quiet_hours": QUIET, "digest_at": time(8, 30), "admins": (admin.id,)}
    async with world.running_bot(**rules):
        ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
        await ana.link("reten", "OP-042")
        old = [
            world.reten.add_task(commerce=f"Overdue {n}", scheduled_at=madrid(13, 9 + n))
            for n in range(8)
        ]
        due = [
            world.reten.add_task(commerce=f"Today {n}", scheduled_at=madrid(16, 13 + n, 40))
            for n in range(4)
        ]
        later = [
            world.reten.add_task(commerce=f"Later {n}", scheduled_at=madrid(20 + n % 5, 12))
            for n in range(16)
        ]
        await world.poll()
        await until(world, madrid(15, 20), NIGHT)
        before = len(notifications(world, ana))

        # Six come in the evening and at night; one is finished elsewhere, one moves on.
        await until(world, madrid(15, 23), NIGHT)
        night = [world.reten.add_task(commerce=f"Night {n}") for n in range(6)]
        await until(world, madrid(16, 2), NIGHT)
        world.reten.complete_elsewhere(night[0]["id"])
        world.reten.reassign(night[1]["id"], ANOTHER)
        await until(world, madrid(16, 8), NIGHT)
        await until(world, madrid(16, 8, 30))
        # She works through her digest, where nothing makes a sound.
        (digest,) = [m for m in ana.messages if event_of(m) == "taskbell_board"]
        for task in (*old[:3], due[3]):
            await ana.hands.click(digest, "Venta completada", near=task["commerceName"])
            await world.pass_time(seconds=10)
        await until(world, madrid(16, 9, 30))
        world.reten.add_task(commerce="Morning", scheduled_at=madrid(21, 12))
        await until(world, madrid(16, 10))
        for number in range(8):
            world.reten.add_task(commerce=f"Burst {number}", scheduled_at=madrid(22, 12))
        await until(world, madrid(16, 10, 30))
        await outage(world, madrid(16, 11, 30), during="First outage")
        for task in later[:10]:
            world.reten.edit(task["id"], reason=("CHURN_RISK", "Otra cosa"))
        for task in old[3:5]:
            world.reten.reassign(task["id"], ANOTHER)
        theirs = world.reten.add_task(commerce="Taken over", operator=ANOTHER)
        await until(world, madrid(16, 12))
        world.reten.reassign(theirs["id"], MINE)
        await until(world, madrid(16, 14))
        # An answer that waits for a provider that is away: only its row says so.
        card = ana.card("Today 0")
        await card.press("Venta completada")
        await outage(world, madrid(16, 15), during="Second outage")
        world.reten.edit(later[0]["id"], scheduled_at=madrid(17, 12))
        await until(world, madrid(16, 20, 30))
        world.reten.add_task(commerce="Too late")
        await until(world, madrid(16, 23, 45), NIGHT)

        assert notifications(world, ana)[before:] == [
            ("Thu 08:30", "Thu 16 Apr: 8 overdue, 4 today, 4 new"),
            ("Thu 10:00", "Morning: due Tue 21 Apr, 12:00"),
            ("Thu 10:30", "8 new tasks"),
            ("Thu 12:00", "First outage: due Fri 24 Apr, 12:00"),
            ("Thu 12:30", "Taken over: no due date"),
            ("Thu 13:30", "Today 0: due soon, due today 13:40"),
            ("Thu 14:30", "Today 1: due soon, due today 14:40"),
            ("Thu 15:30", "Today 2: due soon, due today 15:40"),
            ("Thu 15:30", "Second outage: due Fri 24 Apr, 12:00"),
        ]
