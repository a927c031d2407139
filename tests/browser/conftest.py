"""A browser for all tests of this folder, and a demo that they leave running and whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import chromium
from tests.browser.demo import PATIENCE, demo
from tests.browser.watch import Watch

Visit = Callable[..., Awaitable[Page]]
"""Opens the demo's page in a window of its own: `await visit(width=390, height=800)`."""

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium.found():
        return
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE * 1000)
    async with chromium.launched() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where the demo of all files is that have none of their own."""
    async with demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture
def watch(address: str) -> Watch:
    return Watch(address.rstrip("/"))


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, address: str, watch: Watch) -> AsyncIterator[Visit]:
    contexts = []

    async def opened(
        path: str = "/", *, width: int = 1400, height: int = 900, dark: bool = False
    ) -> Page:
        context = await browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        watch.hear(context)
        page = await context.new_page()
        await page.goto(path)
        return page

    yield opened
    watch.end()
    for context in contexts:
        await context.close()
    assert watch.unexcused() == []
