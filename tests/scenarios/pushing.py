"""Close's pushes in the scenarios: who gets tasks, and the way from Close to the bot."""

from __future__ import annotations

from collections.abc import Mapping

import httpx2

from sandbox.providers.close_webhooks import Delivery
from sandbox.providers.service import Record
from tests.scenarios.pages import Someone
from tests.scenarios.world import World

PUBLIC = "https://bell.example.com"


async def ben(world: World) -> Someone:
    """A user of Close, on a connection that is being watched."""
    someone = world.person("Ben Okafor")
    await someone.link("close", world.close.key_owner["id"])
    await world.poll()
    return someone


def add_task(world: World, text: str = "Send the contract") -> Record:
    """A task of that user."""
    return world.close.add_task(text, assigned_to=world.close.key_owner["id"])


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


async def bring(world: World, *deliveries: Delivery) -> list[int]:
    """Carry what Close sends to the bot; how each was answered."""
    transport = httpx2.ASGITransport(app=world.bot.asgi(takes_slack=True))
    async with httpx2.AsyncClient(transport=transport) as http:
        answers = [
            await http.post(one.url, content=one.body, headers=_raw(one.headers))
            for one in deliveries
        ]
    assert [answer.text for answer in answers if "Traceback" in answer.text] == []
    return [answer.status_code for answer in answers]


async def bring_all(world: World) -> None:
    """Carry all that Close has to tell, and let the bot do what is due: no timer ticks."""
    deliveries = world.close.webhooks.take_deliveries()
    assert deliveries
    assert set(await bring(world, *deliveries)) == {200}
    await world.settle()


def hook(world: World) -> Record:
    """The subscription; there is one."""
    (found,) = world.close.webhooks.subscriptions.values()
    return found
