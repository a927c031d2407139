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


async def test_a_command_is_offered_while_it_is_typed(visit: Visit) -> None:
    page = await visit()
    ben = await Stage(page).sit("Ben Okafor")
    line = ben.where.get_by_label("Message or command")
    await line.press_sequentially("/ta")
    await expect(ben.where.get_by_role("option", name="/tasks")).to_contain_text("overdue")
    await line.press("Tab")
    await expect(line).to_have_value("/tasks ")
    await line.press_sequentially("help")
    await line.press("Enter")
    await expect(ben.where.get_by_role("article").last).to_contain_text("/tasks find")


async def test_a_long_list_is_paged(visit: Visit) -> None:
    page = await visit()
    stage = Stage(page)
    board = await stage.board("Vambe")
    await board.get_by_text("Add a task").click()
    form = board.locator("form")
    await form.get_by_label("Task").fill("Ligar ao cliente")
    await form.get_by_label("Ana Ruiz").uncheck()
    await form.get_by_label("Carla Nunes").check()
    await form.get_by_label("How many").fill("50")
    await form.get_by_role("button", name="Add").click()
    await expect(form.get_by_role("status")).to_contain_text("Added 50 tasks")
    carla = await stage.sit("Carla Nunes")
    told = carla.where.get_by_role("article").filter(has_text="Ligar ao cliente")
    await expect(told.last).to_be_visible()
    await carla.say("/tasks all")
    shown = carla.where.get_by_role("article").last
    await expect(shown).to_contain_text("‹ 1 de 6 ›")
    await shown.get_by_role("button", name="Próxima").click()
    await expect(shown).to_contain_text("‹ 2 de 6 ›")
