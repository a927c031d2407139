"""`taskbell demo`: the sandbox and the bot, two real processes, used as the page uses them."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import httpx2
import pytest

from tests.process.place import PATIENCE, Place, free_port

Json = dict[str, Any]

NEWS = {
    "reten": ("Ana", "Farmacia San José"),
    "close": ("Ana", "Welcome the new customer"),
    "vambe": ("Ben", "Confirmar la visita a Panadería Sur"),
    "pland": ("Ana", "Nachkontrolle Foyer Rathaus"),
}
"""Who gets the card of what comes up at each provider."""


class DemoPage:
    """The page of a running demo."""

    def __init__(self, http: httpx2.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url

    async def get(self, path: str, **query: str) -> Json:
        answer = await self._http.get(f"{self._url}{path}", params=query)
        found: Json = answer.json()
        return found

    async def until(self, what: str, look: Callable[[], Awaitable[Any]]) -> Any:
        """Wait until `look` finds something."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                found = await look()
            except httpx2.TransportError:  # not up yet
                found = None
            if found:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{what}: not within {PATIENCE} s")

    async def card(self, name: str, title: str) -> tuple[str, Json] | None:
        """The person, and the message that is their card with buttons, if it is there."""
        people = (await self.get("/api/state"))["people"]
        person = next(one["id"] for one in people if one["name"].startswith(name))
        for message in (await self.get("/api/state", person=person))["messages"]:
            if message["text"].startswith(title) and button_of(message, ""):
                return person, message
        return None

    async def post(self, path: str, **body: Any) -> None:
        answer = await self._http.post(f"{self._url}{path}", json=body, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text

    async def runs(self) -> bool:
        """Whether its bot does."""
        program = (await self.get("/api/troubles"))["program"]
        return program is not None and bool(program["state"] == "running")

    async def press(self, person: str, message: Json, label: str) -> None:
        where = {"person": person, "channel": message["channel"], "ts": message["ts"]}
        found = button_of(message, label)
        assert found, message
        await self.post("/api/press", **where, **found)

    async def is_finished(self, board: str, title: str) -> bool:
        tasks = (await self.get("/api/boards"))[board]["tasks"]
        (task,) = [one for one in tasks if one["title"] == title]
        return not task["open"]


def button_of(message: Json, label: str) -> Json | None:
    """Where the first button stands whose words begin with the label."""
    for block in message["blocks"]:
        for element in block.get("elements", []):
            if element["type"] == "button" and element["text"]["text"].startswith(label):
                return {"block_id": block["block_id"], "action_id": element["action_id"]}
    return None


@pytest.mark.sqlite_alone
async def test_the_demo_writes_clicks_back_though_its_bot_is_killed(place: Place) -> None:
    port = free_port()
    demo = await place.start("demo", "--port", str(port))
    page = DemoPage(place.http, f"http://127.0.0.1:{port}")
    await page.until("the bot runs", page.runs)
    cards = {
        board: await page.until(f"a card of {board}", partial(page.card, name, title))
        for board, (name, title) in NEWS.items()
    }
    await page.press(*cards["vambe"], "Complet")
    await page.until("finished at vambe", partial(page.is_finished, "vambe", NEWS["vambe"][1]))

    await page.post("/api/troubles/pland/down", on=True)
    await page.press(*cards["pland"], "Complet")
    await page.post("/api/program/kill")
    assert not await page.runs()
    await page.post("/api/troubles/clear")
    await page.post("/api/program/start")
    assert await page.runs()
    await page.until("finished at pland", partial(page.is_finished, "pland", NEWS["pland"][1]))
    assert not await page.is_finished("reten", NEWS["reten"][1])

    ended = await demo.end(signal.SIGTERM)
    assert ended.status == 0
    assert ended.out.splitlines() == [
        f"Taskbell's demo is at http://127.0.0.1:{port}/ (stop with Ctrl-C)"
    ]
