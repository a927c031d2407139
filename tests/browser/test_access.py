"""Nobody is kept out: axe's rules hold on every part of the page, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.pages import Backstage, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 390, "height": 800, "dark": True}

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


async def complaints(page: Page) -> list[str]:
    """What axe says of a page and of each frame in it."""
    options = {"iframes": False, "runOnly": [*RULES], "resultTypes": ["violations"]}
    found = []
    for frame in page.frames:
        for violation in (await Axe().run(frame, options=options)).response["violations"]:
            places = [
                f"{one['html'][:200]} ({one['failureSummary']})" for one in violation["nodes"]
            ]
            found.append(f"{frame.url} {violation['id']}: {places}")
    return found


@pytest.mark.parametrize("look", [WIDE, NARROW], ids=["wide and light", "narrow and dark"])
async def test_axe_has_nothing_to_say(visit: Visit, look: dict[str, Any]) -> None:
    page = await visit(**look)
    stage, found = Stage(page), list[str]()
    await Backstage(page).post("/api/tour/again")
    await expect(page.get_by_role("complementary", name="Tour")).to_be_visible()
    # It brings what it is about to the front first, in a narrow window over anything else.
    await expect(page.locator("[data-name=board-close]")).to_have_attribute("aria-pressed", "true")
    ben = await stage.sit("Ben Okafor")
    card = ben.where.get_by_role("article").filter(has_text="Priority: high").last
    await expect(card).to_be_visible()
    found += await complaints(page)

    await Backstage(page).post("/api/tour/skip")
    await card.get_by_role("button", name="Reschedule").click()
    await expect(ben.modal).to_be_visible()
    board = await stage.board("Close")
    await board.get_by_text("Add a task").click()
    await board.get_by_text("Requests of the app").click()
    found += await complaints(page)

    await stage.part("Slack")
    await ben.modal.get_by_role("button", name="Cancel").click()
    await expect(await ben.open_home()).to_contain_text("as of")
    await stage.trouble("Close")
    found += await complaints(page)

    await stage.part("People")
    found += await complaints(page)
    assert found == []
