"""What the bot is there for: a task arrives, is answered by a click, and is done."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.pages import Backstage, Seat, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

STOPS = 150
"""More than the page has places where the focus can be."""


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 800)])
async def test_a_task_is_answered_by_a_click(visit: Visit, width: int, height: int) -> None:
    page = await visit(width=width, height=height)
    stage, title = Stage(page), f"Thank the customer {width}"
    await Backstage(page).add("close", title, "Ben Okafor")
    ben = await stage.sit("Ben Okafor")
    await ben.card(title).get_by_role("button", name="Complete").click()
    await expect(ben.card(title)).to_contain_text("✅")
    task = await stage.task("Close", title)
    await expect(task.get_by_role("button", name=f"Finish: {title}")).to_be_hidden()
    await stage.part("Slack")
    await ben.card(title).get_by_role("button", name="Undo").click()
    await expect(ben.card(title).get_by_role("button", name="Complete")).to_be_visible()
    await stage.task("Close", title)
    await expect(task.get_by_role("button", name=f"Finish: {title}")).to_be_visible()


async def test_a_date_in_the_past_is_refused_at_its_field(visit: Visit) -> None:
    page = await visit()
    stage, title = Stage(page), "Farmacia Estrella"
    await Backstage(page).add("reten", title, "Ana Ruiz", day="2031-05-05", hour="10:00")
    ana = await stage.sit("Ana Ruiz")
    await ana.card(title).get_by_role("button", name="Reprogramar visita").click()
    field = ana.modal.get_by_label("Nueva fecha y hora")
    await field.fill("2020-05-05T10:00")
    await ana.modal.get_by_role("button", name="Enviar").click()
    await expect(field).to_have_accessible_description(re.compile("Eso ya pasó"))
    await expect(field).to_be_focused()
    await field.fill("2031-05-06T09:30")
    await ana.modal.get_by_role("button", name="Enviar").click()
    await expect(ana.modal).to_be_hidden()
    await expect(ana.card(title)).to_contain_text("Reprogramar visita")
    await expect(await stage.task("Reten", title)).to_contain_text("Reprogramar visita")


async def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = await visit()
    title = "Water the office plants"
    await Backstage(page).add("close", title, "Ben Okafor")
    ben = await Stage(page).sit("Ben Okafor")
    complete = ben.card(title).get_by_role("button", name="Complete")
    await expect(complete).to_be_visible()
    reschedule = ben.card(title).get_by_role("button", name="Reschedule")
    await tab_to(page, reschedule)
    await page.keyboard.press("Enter")
    await expect(ben.modal).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(ben.modal).to_be_hidden()
    await expect(reschedule).to_be_focused()
    await tab_to(page, complete, "Shift+Tab")
    await page.keyboard.press("Enter")
    undo = ben.card(title).get_by_role("button", name="Undo")
    await tab_to(page, undo)
    await page.keyboard.press("Space")
    await tab_to(page, ben.card(title).get_by_role("button", name="Snooze"))
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(ben.card(title)).to_contain_text("💤")


async def test_what_one_of_two_answers_the_other_sees(visit: Visit) -> None:
    page = await visit()
    stage, title = Stage(page), "Visitar juntos a Bodega Luna"
    await Backstage(page).add("vambe", title, "Ana Ruiz", "Ben Okafor")
    ana = await stage.sit("Ana Ruiz")
    ben = await stage.beside("Ben Okafor")
    await expect(ben.card(title).get_by_role("button", name="Snooze")).to_be_visible()
    await ana.card(title).get_by_role("button", name="Completado").click()
    await expect(ana.card(title)).to_contain_text("✅")
    await expect(ben.card(title)).to_contain_text("Ana Ruiz")
    await expect(ben.card(title).get_by_role("button", name="Completado")).to_be_hidden()


async def test_a_seat_has_a_window_of_its_own(visit: Visit) -> None:
    page = await visit()
    title = "Write to the landlord"
    await Stage(page).sit("Ben Okafor")
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="Ben Okafor in a window of their own").click()
    ben = Seat(await opened.value)
    await Backstage(page).add("close", title, "Ben Okafor")
    await ben.card(title).get_by_role("button", name="Complete").click()
    await expect(ben.card(title)).to_contain_text("✅")


async def test_a_message_becomes_a_task(visit: Visit) -> None:
    page = await visit()
    stage, title = Stage(page), "Sow the lawn"
    await Backstage(page).add("close", title, "Ben Okafor")
    ben = await stage.sit("Ben Okafor")
    await ben.card(title).hover()
    shortcuts = ben.card(title).get_by_role("button", name="Message shortcuts")
    await ben.choose(shortcuts, "Create task")
    await expect(ben.modal.get_by_label("Task", exact=True)).to_have_value(re.compile(title))
    await ben.modal.get_by_label("Task", exact=True).fill("Rake the leaves")
    concerns = ben.modal.get_by_role("button", name="Concerns")
    await concerns.click()
    await ben.modal.get_by_role("combobox").fill("Ac")
    await ben.modal.get_by_role("option", name="Acme Dental").click()
    await ben.modal.get_by_role("button", name="Create").click()
    await expect(ben.modal).to_be_hidden()
    await expect(await stage.task("Close", "Rake the leaves")).to_contain_text("Acme Dental")


async def tab_to(page: Page, goal: Locator, key: str = "Tab") -> None:
    """Press Tab, or the other key, until the goal has the focus."""
    for _ in range(STOPS):
        if await goal.evaluate("goal => goal === document.activeElement"):
            return
        await page.keyboard.press(key)
    await expect(goal).to_be_focused()
