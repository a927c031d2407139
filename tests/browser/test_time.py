"""The clock is moved, and the bot says what it has to say then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.demo import demo
from tests.browser.pages import Backstage, Stage, row

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A demo whose time may be moved."""
    async with demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


async def test_a_reminder_comes_before_a_task_is_due(visit: Visit) -> None:
    page = await visit()
    stage, title = Stage(page), "Call the tax office"
    ben = await stage.sit("Ben Okafor")
    now = datetime.fromtimestamp((await Backstage(page).get("/api/stage"))["now"], ZoneInfo("UTC"))
    due = now.astimezone(ZoneInfo("Europe/London")) + timedelta(minutes=25)
    day, hour = due.date().isoformat(), due.strftime("%H:%M")
    await Backstage(page).add("close", title, "Ben Okafor", day=day, hour=hour)
    await expect(ben.card(title)).to_be_visible()
    await stage.travel("+15 min", (due - timedelta(minutes=10)).strftime("%H:%M"))
    await expect(ben.card(title)).to_contain_text("⏰")
    await expect(ben.where.get_by_text("Reminder below").last).to_be_visible()


async def test_the_night_is_quiet_and_the_morning_tells_all(visit: Visit) -> None:
    page = await visit()
    stage, title = Stage(page), "Responder à carta da noite"
    zone = page.get_by_role("region", name="Time")
    # What is on its way to the app when the time is moved would come too late.
    async with page.expect_response("**/api/home"):
        ben = await stage.sit("Ben Okafor")
    await expect(zone).to_contain_text("Europe/London")
    await stage.travel("Quiet hours", "20:30")
    await Backstage(page).add("vambe", title, "Ben Okafor", "Carla Nunes")
    async with page.expect_response("**/api/home"):
        carla = await stage.beside("Carla Nunes")
    await expect(carla.card(title)).to_be_visible()
    await expect(ben.card(title)).to_have_count(0)
    await stage.sit("Ben Okafor")
    await expect(zone).to_contain_text("Europe/London")
    await stage.travel("Digest", "08:31")
    await expect(ben.card(title)).to_have_count(0)
    digest = ben.where.get_by_role("article").last
    await expect(digest).to_contain_text("Overdue")
    await expect(row(digest, title).get_by_role("button", name="Answer")).to_be_visible()
