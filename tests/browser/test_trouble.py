"""The panel that breaks things, and cards that stay honest meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.demo import demo
from tests.browser.pages import Backstage, Seat, Stage
from tests.browser.watch import Watch

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A demo that may be broken."""
    async with demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


async def carded(page: Page, title: str) -> tuple[Seat, Locator]:
    """Ben's seat, and his card of a new task at Close."""
    await Backstage(page).add("close", title, "Ben Okafor")
    ben = await Stage(page).sit("Ben Okafor")
    await expect(ben.card(title).get_by_role("button", name="Complete")).to_be_visible()
    return ben, ben.card(title)


async def test_a_card_waits_for_a_provider_that_is_down(visit: Visit) -> None:
    page = await visit()
    _, card = await carded(page, "Ring the bell")
    down = (await Stage(page).trouble("Close")).get_by_role("switch", name="Down: Close")
    await down.click()
    await expect(down).to_be_checked()
    await expect(page.get_by_role("status").filter(has_text="Close is down")).to_be_visible()
    await card.get_by_role("button", name="Complete").click()
    await expect(card).to_contain_text("I keep trying")
    await expect(card.get_by_role("button", name="Complete")).to_be_hidden()
    await down.click()
    await expect(card).to_contain_text("✅")
    assert await Backstage(page).writes("close") == 1


@pytest.mark.parametrize(
    ("service", "trouble"), [("Close", "Lost reply"), ("Slack", "Duplicated click")]
)
async def test_what_is_done_is_done_once(visit: Visit, service: str, trouble: str) -> None:
    page = await visit()
    _, card = await carded(page, f"Oil the hinges ({trouble})")
    panel, before = await Stage(page).trouble(service), await Backstage(page).writes("close")
    switch = panel.get_by_role("switch", name=trouble)
    await switch.click()
    await expect(switch).to_be_checked()
    await card.get_by_role("button", name="Complete").click()
    await expect(switch).not_to_be_checked()
    await expect(card).to_contain_text("✅")
    assert await Backstage(page).writes("close") == before + 1


async def test_a_click_while_the_bot_is_away_fails_for_all_to_see(
    visit: Visit, watch: Watch
) -> None:
    watch.excuse("502 (Bad Gateway)")
    page = await visit()
    ben, card = await carded(page, "Feed the goldfish")
    panel, before = await Stage(page).trouble(), await Backstage(page).writes("close")
    complete = card.get_by_role("button", name="Complete")
    await panel.get_by_role("button", name="Kill Taskbell").click()
    start = panel.get_by_role("button", name="Start Taskbell")
    await expect(start).to_be_visible()
    await complete.click()
    await expect(ben.where.get_by_role("alert")).to_contain_text("did not respond")
    await start.click()
    await expect(panel.get_by_role("status").filter(has_text="running")).to_be_visible()
    await complete.click()
    await expect(card).to_contain_text("✅")
    assert await Backstage(page).writes("close") == before + 1
