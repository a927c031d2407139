"""What is stuck reaches the admins once when it begins and once when it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.store.database import to_ms
from bot.stuck import QUIET, UNPOLLED, WAITED
from tests.databases.kinds import AnyDatabase
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, make_world

WAITS = "A message has been waiting for a quarter of an hour"
SILENT = "I have stopped hearing from Reten"


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database, ("reten",)) as made:
        yield made


async def passes(world: World, span: timedelta) -> None:
    """Time passes, and the watch looks at every minute, but nobody polls."""
    for _ in range(int(span / timedelta(minutes=1)) + 2):
        await world.pass_time(minutes=1)
        await world.bot.stuck_watch.tick()
    await world.settle()


def told(admin: Someone, words: str) -> int:
    return sum(words in text for text in admin.notices)


async def test_a_message_that_nobody_gets_is_told_once_and_its_end_too(world: World) -> None:
    admin, ana = world.person("Carla Admin"), world.person("Ana Ruiz")
    async with world.running_bot(admins=(admin.id,)):
        await ana.link("reten", "OP-042")
        await world.poll()
        world.slack.workspace.direct(ana.person).restricted = "restricted_action_read_only_channel"
        world.reten.add_task(commerce="Botica Norte")
        await world.poll()
        await passes(world, WAITED - timedelta(minutes=5))
        assert told(admin, WAITS) == 0
        await passes(world, timedelta(minutes=30))
        assert told(admin, WAITS) == 1
        assert told(admin, "restricted_action_read_only_channel") == 1
        assert told(admin, "No message waits") == 0
        world.slack.workspace.direct(ana.person).restricted = ""
        await passes(world, timedelta(hours=1))
        assert ana.card("Botica Norte")
        assert (told(admin, WAITS), told(admin, "No message waits")) == (1, 1)


async def test_while_slack_takes_nothing_nothing_is_said_of_messages(world: World) -> None:
    admin = world.person("Carla Admin")
    async with world.running_bot(admins=(admin.id,)):
        await admin.link("reten", "OP-042")
        await world.poll()
        world.slack.workspace.token_error = "token_revoked"
        await world.bot.slack_watch.tick()
        world.reten.add_task(commerce="Botica Norte")
        await world.poll()
        await passes(world, timedelta(hours=1))
        world.slack.workspace.token_error = None
        await world.bot.slack_watch.tick()
        await passes(world, timedelta(minutes=10))
        assert admin.card("Botica Norte")
        assert told(admin, WAITS) == 0


async def test_polls_that_neither_end_nor_fail_are_told_once_and_their_end_too(
    world: World,
) -> None:
    admin = world.person("Carla Admin")
    async with world.running_bot(admins=(admin.id,)):
        await world.poll()
        await passes(world, UNPOLLED - timedelta(minutes=5))
        assert told(admin, SILENT) == 0
        await passes(world, timedelta(minutes=30))
        assert told(admin, SILENT) == 1
        await world.poll()
        await passes(world, timedelta(minutes=5))
        assert (told(admin, SILENT), told(admin, "Reten is being polled again")) == (1, 1)


async def test_a_poll_that_fails_is_told_as_what_it_is(world: World) -> None:
    admin = world.person("Carla Admin")
    async with world.running_bot(admins=(admin.id,)):
        await world.poll()
        world.reten.revoke_key()
        await world.poll()
        await passes(world, timedelta(hours=1))
        assert told(admin, SILENT) == 0
        assert told(admin, "Reten refuses the key") == 1


async def test_a_machine_that_was_asleep_catches_up_without_a_word(world: World) -> None:
    admin = world.person("Carla Admin")
    async with world.running_bot(admins=(admin.id,)):
        await world.poll()
        await world.bot.stuck_watch.tick()
        world.clock.advance(timedelta(hours=9))
        await world.bot.stuck_watch.tick()
        await world.poll()
        await passes(world, timedelta(minutes=10))
        assert (told(admin, SILENT), told(admin, "is being polled again")) == (0, 0)


async def test_quiet_polls_become_known_to_other_processes(
    world: World, database: AnyDatabase
) -> None:
    def stored() -> int:
        ((good_at,),) = database.rows("SELECT good_at FROM connection WHERE name = 'reten'")
        return int(good_at)

    await world.poll()
    for _ in range(12):
        world.clock.advance(timedelta(minutes=1))
        await world.tick()
        await world.bot.stuck_watch.tick()
        age = timedelta(milliseconds=to_ms(world.clock.now()) - stored())
        assert age <= QUIET + timedelta(minutes=1)
