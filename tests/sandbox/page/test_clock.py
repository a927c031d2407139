"""The page's side of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from sandbox.clock import MovableClock
from sandbox.page.clock_acts import Moment
from sandbox.world import World
from tests.sandbox.page.conftest import Page

START = datetime(2026, 4, 9, 12, 10, tzinfo=UTC)
NOON_IN_MADRID = datetime(2026, 4, 10, 10, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    world = World(MovableClock(START))
    world.moments = (Moment("Quiet hours", time(20, 30)),)
    return world


async def test_the_clock_tells_where_it_can_go(page: Page, world: World) -> None:
    shown = (await page.client.get("/api/clock", params={"person": page.person})).json()
    evening = datetime(2026, 4, 9, 18, 30, tzinfo=UTC)
    assert shown == {
        "now": START.timestamp(),
        "journey": None,
        "moments": [{"name": "Quiet hours", "at": evening.timestamp()}],
    }
    await page.client.post("/api/clock", json={"to": evening.timestamp()})
    assert world.clock.now() == evening


async def test_a_date_and_an_hour_are_those_of_the_person(page: Page, world: World) -> None:
    await page.post("/api/clock", local="2026-04-10T12:00")
    assert world.clock.now() == NOON_IN_MADRID


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"to": START.timestamp() - 60}, "forwards only"),
        ({"to": (START + timedelta(days=32)).timestamp()}, "31 days"),
        ({"minutes": 0}, "minutes"),
        ({"local": "2026-04-10T12:00+02:00", "person": "U"}, "local"),
        ({}, "minutes, a moment"),
        ({"minutes": 15, "to": START.timestamp() + 60}, "minutes, a moment"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_a_sentence(
    page: Page, world: World, asked: dict[str, object], words: str
) -> None:
    answer = await page.client.post("/api/clock", json=asked)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert world.clock.now() == START


async def test_stopping_where_nothing_moves_does_nothing(page: Page) -> None:
    answer = await page.client.post("/api/clock/stop", json={})
    assert answer.json() == {"now": START.timestamp()}
