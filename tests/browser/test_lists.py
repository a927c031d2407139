"""Lists: the app's home, and `/tasks`."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.pages import Backstage, Stage, row

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_row_of_the_home_is_answered_in_place(visit: Visit) -> None:
    page = await visit()
    ben = await Stage(page).sit("Ben Okafor")
    title = "Order the brochures"
    await Backstage(page).add("close", title, "Ben Okafor", day="2020-05-05")
    home = await ben.open_home()
    await ben.choose(row(home, title).get_by_role("button", name="Answer"), "Complete")
    await expect(row(home, title)).to_contain_text("✅")
    await row(home, title).get_by_role("button", name="Undo").click()
    await expect(row(home, title).get_by_role("button", name="Answer")).to_be_visible()


async def test_a_list_that_was_asked_for_is_answered_in_place(visit: Visit) -> None:
    page = await visit()
    ben = await Stage(page).sit("Ben Okafor")
    title = "Count the chairs"
    await Backstage(page).add("close", title, "Ben Okafor", day="2020-05-06")
    await expect(ben.card(title)).to_be_visible()
    await ben.say("/tasks")
    shown = ben.where.get_by_role("article").filter(has_text="Only visible to you").last
    await ben.choose(row(shown, title).get_by_role("button", name="Answer"), "Complete")
    await expect(row(shown, title)).to_contain_text("✅")
