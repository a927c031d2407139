"""Push that proves nothing: at a path that nobody can guess, a reason to look and nothing more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import httpx2
import pytest

from adapters import registry
from bot.connections import ConnectionSettings
from bot.request_body import MAX_BYTES
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import PlandSim
from sandbox.serve import serving
from tests.databases.kinds import AnyDatabase
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, make_world

PUBLIC = "https://bell.example.com"
HOOKS = "/integrations/webhooks/"


@dataclass
class Company:
    """A world with a PlanD company in it."""

    world: World
    pland: PlandSim
    ben: Someone
    connections: tuple[ConnectionSettings, ...]

    @asynccontextmanager
    async def restarted(self) -> AsyncIterator[None]:
        """A fresh process of the bot, with the company among its connections."""
        more = {"connections": self.connections, "public_url": PUBLIC}
        async with self.world.running_bot(**more):
            yield

    def add_task(self, title: str = "Clean the lobby") -> str:
        task = self.pland.add_task(title, assignee=self.pland.key_owner["_id"])
        return str(task["_id"])

    async def post(self, url: str, body: bytes = b"{}") -> int:
        transport = httpx2.ASGITransport(app=self.world.bot.asgi(takes_slack=True))
        async with httpx2.AsyncClient(transport=transport) as http:
            return (await http.post(url, content=body)).status_code

    async def bring_all(self) -> None:
        """Carry all that PlanD has to tell, and let the bot do what is due: no timer ticks."""
        deliveries = self.pland.webhooks.take_deliveries()
        assert deliveries
        for one in deliveries:
            assert await self.post(one.url, one.body) == 200
        await self.world.settle()

    @property
    def url(self) -> str:
        """Where PlanD calls."""
        (found,) = {hook["url"] for hook in self.pland.webhooks.hooks.values()}
        return str(found)

    @property
    def token(self) -> str:
        return self.url.rpartition("/")[2]

    def asked(self) -> int:
        return len(self.pland.requests)


@pytest.fixture
async def company(database: AnyDatabase) -> AsyncIterator[Company]:
    async with make_world(database) as world:
        pland = PlandSim(world.clock)
        async with serving(pland.app) as url:
            options = registry.find("pland").options(api_key=pland.key, base_url=f"{url}/v2")
            one = ConnectionSettings(name="pland", provider="pland", options=options)
            connections = (*world.settings.connections, one)
            made = Company(world, pland, world.person("Ben Okafor"), connections)
            async with made.restarted():
                await made.ben.link("pland", str(pland.key_owner["_id"]))
                await world.tick()
                yield made
                assert pland.violations == []
                told = repr(world.logs)
                assert [secret for secret in pland.canaries if secret in told] == []
            pland.faults.clear()


async def test_a_poke_brings_the_card_at_once(company: Company) -> None:
    company.add_task()
    await company.bring_all()
    assert "Complete" in company.ben.card("Clean the lobby").buttons
    company.world.assert_clean()


async def test_what_is_removed_or_finished_is_noticed_at_once(company: Company) -> None:
    removed, finished = company.add_task(), company.add_task("Wash the windows")
    await company.bring_all()
    company.pland.remove(removed)
    company.pland.complete_elsewhere(finished)
    await company.world.pass_time(seconds=3)
    await company.bring_all()
    for title in ("Clean the lobby", "Wash the windows"):
        assert "Complete" not in company.ben.card(title).buttons
    assert len(company.ben.cards) == 2


async def test_the_path_can_not_be_guessed(company: Company) -> None:
    assert len(company.token) >= 43
    assert company.url == f"{PUBLIC}/webhooks/pland/{company.token}"
    before = company.asked()
    guesses = (
        "/webhooks/pland",
        "/webhooks/pland/x",
        "/webhooks/pland/%C3%B1",
        f"/webhooks/pland/{company.token[:-1]}",
        f"/webhooks/pland/{company.token}x",
        f"/webhooks/pland/{company.token}/x",
        f"/webhooks/close/{company.token}",
    )
    for path in guesses:
        assert await company.post(f"{PUBLIC}{path}") == 404, path
    assert await company.post(company.url, b" " * (MAX_BYTES + 1)) == 413
    await company.world.settle()
    assert company.asked() == before
    assert company.token not in repr(company.world.logs)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 10_000, b'{"data": {"_id": "../users"}}'])
async def test_whatever_it_says_it_is_only_a_reason_to_look(company: Company, body: bytes) -> None:
    company.add_task()
    claimed = {"type": "DELETE", "entity": "task", "data": {"_id": company.add_task("Stay")}}
    for said in (body, json.dumps(claimed).encode()):
        assert await company.post(company.url, said) == 200
    await company.world.settle()
    for title in ("Clean the lobby", "Stay"):
        assert "Complete" in company.ben.card(title).buttons


async def test_many_pokes_wait_as_one(company: Company) -> None:
    assert {await company.post(company.url) for _ in range(50)} == {200}
    db = company.world.bot.ground.db
    (row,) = await db.read(lambda tx: tx.rows("SELECT * FROM push"))
    assert row["handled_at"] is None
    before = company.asked()
    await company.world.settle()
    one_poll = company.asked() - before
    assert one_poll > 0
    for _ in range(5):
        await company.post(company.url)
        await company.world.settle()
    assert company.asked() == before + one_poll
    await company.world.pass_time(seconds=3)
    assert company.asked() == before + 2 * one_poll


async def test_lost_hooks_are_made_again_at_the_same_path(company: Company) -> None:
    url = company.url
    wanted = {hook["type"] for hook in company.pland.webhooks.hooks.values()}
    assert wanted == {"CREATE", "UPDATE", "DELETE"}
    company.pland.webhooks.hooks.popitem()
    await company.world.live_through(60, step=10)
    assert {hook["type"] for hook in company.pland.webhooks.hooks.values()} == wanted
    assert company.url == url
    async with company.restarted():
        await company.world.tick()
        assert company.url == url
        assert len(company.pland.webhooks.hooks) == 3


async def test_a_refusal_that_quotes_the_address_is_not_logged_whole(company: Company) -> None:
    url, world = company.url, company.world
    company.pland.webhooks.hooks.clear()
    said = json.dumps({"errors": [{"message": f"{urlsplit(url).path} is not reachable"}]}).encode()
    json_ = {"content-type": "application/json"}
    company.pland.faults.add(
        Fault(Trouble.STATUS, HOOKS, "POST", status=400, body=said, headers=json_, times=None)
    )
    world.clock.advance(timedelta(hours=1))
    await world.tick()
    (told,) = [event for event in world.logs if event["event"] == "not subscribed"]
    assert "/webhooks/pland/*** is not reachable" in told["error"]
    assert url.rpartition("/")[2] not in repr(world.logs)
