"""A tour: steps that an app gives, and what ends each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.tour import Broken, Closed, Condition, Passed, Reopened, Shown, Step, Target, Told
from sandbox.world import World
from tests.sandbox.page.conftest import Page

Json = dict[str, Any]

TITLE = "Send the signed contract"
TARGET = Target(panel="boards/close")


def step(done: Condition | None) -> Step:
    return Step("Title", "Words", TARGET, done)


@pytest.fixture
def world() -> World:
    world = World(MovableClock())
    world.seed()
    ana = world.cast.ana.id
    conditions = (
        Closed("close", TITLE),
        Reopened("close", TITLE),
        Broken("pland", "down"),
        Passed(timedelta(minutes=10)),
        Told(ana),
        Shown(ana, "for everybody"),
        None,
    )
    world.tour = [step(one) for one in conditions]
    return world


async def on(page: Page) -> Json | None:
    answer: Json = (await page.client.get("/api/tour")).json()
    assert answer["steps"] == 7
    found: Json | None = answer["step"]
    return found


async def number(page: Page) -> int:
    found = await on(page)
    assert found is not None
    return int(found["number"])


async def test_each_step_ends_with_what_it_asks_for(page: Page, world: World) -> None:
    first = await on(page)
    assert first == {
        "number": 1,
        "title": "Title",
        "words": "Words",
        "target": {"panel": "boards/close", "seat": "", "message": "", "button": ""},
        "waits": True,
    }
    task = next(one["id"] for one in world.close.tasks if one["text"] == TITLE)
    world.close.complete_elsewhere(task)
    assert await number(page) == 2
    world.close.edit(task, is_complete=False)
    assert await number(page) == 3
    world.troubles.turn("pland", "down", on=True)
    assert await number(page) == 4
    world.clock.advance(timedelta(minutes=9))
    assert await number(page) == 4
    world.clock.advance(timedelta(minutes=1))
    assert await number(page) == 5
    post(world, world.cast.ben.id)
    assert await number(page) == 5
    post(world, world.cast.ana.id)
    assert await number(page) == 6
    workspace = world.slack.workspace
    workspace.add_post(world.cast.tasks, workspace.bot.id, "Something for everybody")
    last = await on(page)
    assert last
    assert (last["number"], last["waits"]) == (7, False)


def post(world: World, person: str) -> None:
    """The app tells somebody something that they alone see."""
    workspace = world.slack.workspace
    workspace.add_post(world.cast.tasks, workspace.bot.id, "For you alone", only_for=person)


async def test_what_is_so_from_the_start_ends_no_step(page: Page, world: World) -> None:
    await page.client.post("/api/tour/next", json={})
    assert await number(page) == 2
    assert await number(page) == 2


async def test_people_go_back_and_on_leave_and_come_again(page: Page) -> None:
    for act, expected in (("next", 2), ("next", 3), ("back", 2), ("back", 1), ("back", 1)):
        await page.client.post(f"/api/tour/{act}", json={})
        assert await number(page) == expected
    await page.client.post("/api/tour/skip", json={})
    assert await on(page) is None
    await page.client.post("/api/tour/again", json={})
    for _ in range(7):
        await page.client.post("/api/tour/next", json={})
    assert await on(page) is None
    assert (await page.client.post("/api/tour/elsewhere", json={})).status_code == 404


async def test_without_steps_there_is_no_tour() -> None:
    async with (
        World().served() as addresses,
        httpx2.AsyncClient(base_url=addresses.page_url, trust_env=False) as client,
    ):
        assert (await client.get("/api/tour")).json() == {"steps": 0, "step": None}
        await client.post("/api/tour/again", json={})
        assert (await client.get("/api/tour")).json() == {"steps": 0, "step": None}
