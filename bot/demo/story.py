"""What has happened before somebody opens the page: a working day has passed, with a digest and
answers elsewhere, and a few things have just come up."""

from __future__ import annotations

import contextlib
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox import seeds
from sandbox.page.clock_acts import Moment
from sandbox.slack.errors import SandboxError
from sandbox.world import World

MOMENTS = (
    Moment("Quiet hours", time(20, 30)),
    Moment("End of quiet", time(8, 1), working_days=1),
    Moment("Digest", time(8, 31), working_days=1),
)
"""Where the page offers to move the clock."""

_ZONE = ZoneInfo("Europe/Madrid")
_BEFORE, _MORNING, _LATER, _NOON, _START = (
    time(17), time(8, 50), time(9, 40), time(14, 6), time(14, 10)
)  # fmt: skip
_TICKED = "Send the signed contract"
_SATURDAY = 5


class Days:
    """The moments of the story: on the last working day the bot begins to work, and on the first
    one from `today` on somebody opens the page, at `start`. Holidays differ from person to person,
    and the bot is told of none."""

    def __init__(self, today: date) -> None:
        first = today
        while first.weekday() >= _SATURDAY:
            first += timedelta(days=1)
        last = first - timedelta(days=1)
        while last.weekday() >= _SATURDAY:
            last -= timedelta(days=1)
        self.before = datetime.combine(last, _BEFORE, _ZONE)
        self.morning, self.later, self.noon, self.start = (
            datetime.combine(first, at, _ZONE) for at in (_MORNING, _LATER, _NOON, _START)
        )

    @classmethod
    def now(cls) -> Days:
        return cls(datetime.now(_ZONE).date())


async def play(world: World, days: Days) -> None:
    """From the bot's first poll to the start of the demo."""
    await _look(world)
    await _until(world, days.morning)
    moved, finished = _news_of_the_morning(world, days)
    await _look(world)
    await _until(world, days.later)
    _work_of_others(world, moved, finished)
    await _look(world)
    await _until(world, days.noon)
    await _request(world)
    _news_for_nobody(world, days)
    world.bring_news(days.start)
    await _look(world)
    await _until(world, days.start)


async def _until(world: World, moment: datetime) -> None:
    """Somebody who has the page open already may be further on."""
    if moment > world.clock.now():
        await world.journeys.to(moment)


async def _look(world: World) -> None:
    if world.program is not None:
        await world.program.look(everywhere=True)


def _news_of_the_morning(world: World, days: Days) -> tuple[str, str]:
    """Two tasks for Ana: one that will be moved, and one that will be done elsewhere."""
    ana, close, pland = world.cast.ana, world.close, world.pland
    moved = pland.add_task(
        "Schlüsselübergabe Praxis am Markt",
        seeds.at_pland(pland, ana),
        days.start + timedelta(hours=2, minutes=30),
        "open",
        description="<p>Der Schlüssel liegt beim Pförtner.</p>",
    )
    lead = close.add_lead("Kessler & Sons")
    today = days.start.date().isoformat()
    finished = close.add_task("Send the price list", seeds.at_close(close, ana), lead, today)
    return moved["_id"], finished["id"]


def _work_of_others(world: World, moved: str, finished: str) -> None:
    """Ben takes over the one and finishes the other, and one that stands in Ana's digest."""
    close, ben = world.close, world.cast.ben
    world.pland.reassign(moved, seeds.at_pland(world.pland, ben))
    in_the_digest = next(one["id"] for one in close.tasks if one["text"] == _TICKED)
    for task in (finished, in_the_digest):
        close.complete_elsewhere(task, by=seeds.at_close(close, ben))


async def _request(world: World) -> None:
    """Ben asks to be linked at Reten, which knows no addresses: an admin has to decide. A machine
    that is too slow for Slack's three seconds starts without."""
    ben = world.slack.as_person(world.cast.ben)
    with contextlib.suppress(SandboxError):
        await ben.command("/tasks", "link")
        if (form := ben.modal) is not None:
            operator, *_ = await ben.options(form, "link.operator", seeds.BEN_AT_RETEN[1])
            await ben.fill("link.operator", operator, typed=seeds.BEN_AT_RETEN[1])
            await ben.submit()


def _news_for_nobody(world: World, days: Days) -> None:
    """What has no operator, or one whom nobody in Slack is."""
    pland, start = world.pland, days.start
    pland.add_task(
        "Vertretung Turnhalle Ostring",
        None,
        start + timedelta(hours=4),
        "new",
        "high",
        description="<p>Die Kollegin ist krank.</p>",
    )
    _, colleague, _ = seeds.RETEN_OPERATORS
    world.reten.add_task(
        "Perfumería Alba", operator=colleague, scheduled_at=start + timedelta(hours=3)
    )
