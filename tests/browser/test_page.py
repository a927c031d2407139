"""The page as a whole."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_page_shows_what_came_up(visit: Visit) -> None:
    page = await visit()
    await expect(page.get_by_text("Farmacia San José").first).to_be_visible()
