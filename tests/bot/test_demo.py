"""The demo's story and its tour fit what the sandbox is seeded with."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx2
import pytest

from bot.demo import story, tour
from sandbox.world import World


@pytest.mark.parametrize(
    ("today", "before", "start"),
    [
        ("2026-04-09", "2026-04-08", "2026-04-09"),
        ("2026-04-10", "2026-04-09", "2026-04-10"),
        ("2026-04-11", "2026-04-10", "2026-04-13"),
        ("2026-04-12", "2026-04-10", "2026-04-13"),
        ("2026-04-13", "2026-04-10", "2026-04-13"),
    ],
)
def test_the_demo_plays_on_a_working_day(today: str, before: str, start: str) -> None:
    days = story.Days(date.fromisoformat(today))
    moments = (days.before, days.morning, days.later, days.noon, days.start)
    assert [one.date().isoformat() for one in moments] == [before, *[start] * 4]
    assert sorted(moments) == [*moments]


async def test_what_the_tour_points_at_is_there() -> None:
    world = World()
    world.seed()
    world.bring_news()
    world.tour = tour.steps(world.cast)
    async with (
        world.served() as addresses,
        httpx2.AsyncClient(base_url=addresses.page_url, trust_env=False) as client,
    ):
        boards = (await client.get("/api/boards")).json()
        services = (await client.get("/api/troubles")).json()["services"]
        shown = [await on(client)]
        while (await client.post("/api/tour/next", json={})) and (step := await on(client)):
            shown.append(step)
    open_ones = {task["title"] for board in boards.values() for task in board["tasks"]}
    places = {"clock", "people", *(f"boards/{name}" for name in boards)}
    for service in services:
        place = f"trouble/{service['name']}"
        places |= {place, *(f"{place}/{one['name']}" for one in service["troubles"])}
    assert [step["number"] for step in shown] == [*range(1, len(world.tour) + 1)]
    for step in shown:
        target = step["target"]
        assert target["panel"] in places or target["seat"] == world.cast.ana.id
        assert target["message"] in {"", *open_ones}


async def on(client: httpx2.AsyncClient) -> Any:
    return (await client.get("/api/tour")).json()["step"]
