"""`/healthz`: what it tells of the database, of Slack, and of each connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot.health import ASK_AGAIN
from sandbox.faults import Fault, Trouble
from tests.scenarios.world import START, World, make_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with make_world(tmp_path) as made:
        yield made


async def health(world: World) -> tuple[int, dict[str, Any]]:
    transport = httpx2.ASGITransport(app=world.bot.asgi(takes_slack=True))
    async with httpx2.AsyncClient(transport=transport, base_url="http://bot.test") as http:
        answer = await http.get("/healthz")
    return answer.status_code, answer.json()


async def test_before_and_after_the_first_poll(world: World) -> None:
    status, said = await health(world)
    unpolled = {"state": "not polled yet", "last_good_poll": None, "since": None}
    assert status == 200
    assert said == {
        "status": "ok",
        "database": "ok",
        "slack": "ok",
        "connections": {"close": unpolled, "reten": unpolled},
    }
    await world.poll()
    status, said = await health(world)
    assert status == 200
    for name in ("close", "reten"):
        polled = said["connections"][name]
        assert (polled["state"], polled["since"]) == ("ok", None)
        assert START <= datetime.fromisoformat(polled["last_good_poll"]) <= world.clock.now()


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
