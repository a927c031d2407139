"""Nobody is kept out: axe's rules hold on every part of the page, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.pages import Stage

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
    stage = Stage(page)
    found: dict[str, list[str]] = {}
    ben = await stage.sit("Ben Okafor")
    await expect(ben.where.get_by_role("article").last).to_be_visible()
    found["conversation"] = await complaints(page)
    card = ben.where.get_by_role("article").filter(has_text="Priority: high").last
    await card.get_by_role("button", name="Reschedule").click()
    await expect(ben.modal).to_be_visible()
    found["modal"] = await complaints(page)
    await page.keyboard.press("Escape")
    await expect(ben.modal).to_be_hidden()
    await expect(await ben.open_home()).to_contain_text("as of")
    found["home"] = await complaints(page)
    board = await stage.board("Close")
    await board.get_by_text("Add a task").click()
    await board.get_by_text("Requests of the app").click()
    found["board"] = await complaints(page)
    await stage.trouble("Close")
    found["trouble"] = await complaints(page)
    await stage.part("People")
    found["people"] = await complaints(page)
    assert {part: said for part, said in found.items() if said} == {}
