"""The guided first minute: it ends by what a newcomer does, and points at it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.pages import Backstage, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_tour_is_done_by_doing(visit: Visit) -> None:
    page = await visit()
    stage, tour = Stage(page), page.get_by_role("complementary", name="Tour")
    await Backstage(page).post("/api/tour/again")
    ana = stage.seat("Ana Ruiz")
    await expect(tour).to_contain_text("1 of 7")
    card = ana.card("Welcome the new customer")
    await card.get_by_role("button", name="Complete").click()
    await expect(tour).to_contain_text("2 of 7")
    await card.get_by_role("button", name="Deshacer").click()
    await expect(tour).to_contain_text("3 of 7")
    await ana.say("/tasks")
    await expect(tour).to_contain_text("4 of 7")
    down = page.get_by_role("switch", name="Down: PlanD")
    await down.click()
    await expect(tour).to_contain_text("5 of 7")
    card = ana.card("Nachkontrolle Foyer Rathaus")
    await card.get_by_role("button", name="Complete").click()
    await expect(card).to_contain_text("PlanD")
    await page.get_by_role("button", name="All well again").click()
    await expect(tour).to_contain_text("6 of 7")
    await tour.get_by_role("button", name="Next").click()
    await tour.get_by_role("button", name="Finish").click()
    await expect(tour).to_be_hidden()
    await expect(card).to_contain_text("✅")
