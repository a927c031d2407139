"""`/healthz`: what it tells of the database, of Slack, and of each connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx2
import pytest

from bot.domain.model import Whisper
from bot.health import ASK_AGAIN
from bot.store import messages
from bot.stuck import UNPOLLED, WAITED
from sandbox.faults import Fault, Trouble
from tests.databases.kinds import AnyDatabase
from tests.scenarios.world import START, World, make_world


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database) as made:
        yield made


async def health(world: World) -> tuple[int, dict[str, Any]]:
    transport = httpx2.ASGITransport(app=world.bot.asgi(takes_slack=True))
    async with httpx2.AsyncClient(transport=transport, base_url="http://bot.test") as http:
        answer = await http.get("/healthz")
    return answer.status_code, answer.json()


async def test_before_and_after_the_first_poll(world: World) -> None:
    status, said = await health(world)
    nothing = {"waiting": 0, "oldest_seconds": None}
    unpolled = {
        "state": "not polled yet",
        "last_good_poll": None,
        "last_good_poll_seconds": None,
        "since": None,
        "answers": nothing,
    }
    assert status == 200
    assert said == {
        "status": "ok",
        "database": "ok",
        "slack": "ok",
        "stuck": [],
        "deliveries": nothing,
        "connections": {"close": unpolled, "reten": unpolled},
    }
    await world.poll()
    status, said = await health(world)
    assert status == 200
    for name in ("close", "reten"):
        polled = said["connections"][name]
        assert (polled["state"], polled["since"]) == ("ok", None)
        assert START <= datetime.fromisoformat(polled["last_good_poll"]) <= world.clock.now()
    await world.pass_time(minutes=7)
    age = (await health(world))[1]["connections"]["reten"]["last_good_poll_seconds"]
    assert 7 * 60 <= age < 8 * 60


async def test_a_providers_trouble_is_told_and_leaves_the_bot_well(world: World) -> None:
    await world.poll()
    good = (await health(world))[1]["connections"]["reten"]["last_good_poll"]
    world.reten.revoke_key()
    await world.pass_time(minutes=1)
    since = world.clock.now()
    await world.poll()
    status, said = await health(world)
    assert status == 200
    troubled = said["connections"]["reten"]
    assert (troubled["state"], troubled["last_good_poll"]) == ("unauthorized", good)
    assert since <= datetime.fromisoformat(troubled["since"]) <= world.clock.now()
    assert said["connections"]["close"]["state"] == "ok"


@pytest.mark.parametrize("revoked", [True, False])
async def test_trouble_with_slack_is_unwell_until_it_ends(world: World, revoked: bool) -> None:
    assert (await health(world))[0] == 200
    if revoked:
        world.slack.workspace.token_error = "token_revoked"
    else:
        world.slack.faults.add(Fault(Trouble.DROP, "auth.test", times=None))
    assert (await health(world))[0] == 200  # what is known is told for a while
    await world.pass_time(seconds=ASK_AGAIN.total_seconds())
    status, said = await health(world)
    assert (status, said["status"], said["database"]) == (503, "unwell", "ok")
    assert ("token_revoked" in said["slack"]) == revoked
    assert world.slack.workspace.bot_token not in str(said)
    world.slack.workspace.token_error = None
    world.slack.faults.clear()
    await world.pass_time(seconds=ASK_AGAIN.total_seconds())
    assert (await health(world))[0] == 200


async def test_what_waits_is_counted_and_dated(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.poll()
    world.fault_at_results(Trouble.STATUS, status=503, times=None)
    world.fault_at_slack(Trouble.STATUS, "chat.", status=503, times=None)
    await ana.card("Botica Norte").click("Venta completada")
    world.reten.add_task(commerce="Botica Sur")
    await world.poll()
    await world.pass_time(minutes=3)
    _, said = await health(world)
    assert said["deliveries"]["waiting"] == 1
    assert 150 <= said["deliveries"]["oldest_seconds"] <= 240
    assert said["connections"]["reten"]["answers"]["waiting"] == 1
    assert 150 <= said["connections"]["reten"]["answers"]["oldest_seconds"] <= 240
    assert said["connections"]["close"]["answers"] == {"waiting": 0, "oldest_seconds": None}


async def test_what_stands_still_is_unwell_in_a_process_that_works(world: World) -> None:
    await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.bot.tick_all()
    await world.bot.ground.db.write(
        lambda tx: messages.add_notice(tx, "U1", Whisper("baseline"), world.clock.now())
    )
    world.clock.advance(WAITED)
    status, said = await health(world)
    assert (status, said["stuck"]) == (200, ["deliveries"])  # somebody else's doing
    world.bot.health.works = True
    status, said = await health(world)
    assert (status, said["status"]) == (503, "unwell")


async def test_polls_that_neither_end_nor_fail_are_unwell(world: World) -> None:
    await world.poll()
    world.bot.health.works = True
    world.clock.advance(UNPOLLED)
    await health(world)  # it asks Slack first, which takes its time
    status, said = await health(world)
    assert (status, said["stuck"]) == (503, ["polls of close", "polls of reten"])
    world.reten.revoke_key()
    await world.poll()
    status, said = await health(world)
    assert (status, said["stuck"]) == (200, [])
