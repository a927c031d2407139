"""The browser that is on this machine, started so that it speaks to nobody by itself."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "Chromium is missing: apt install chromium; then `make test`"

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def found() -> str | None:
    """Where Chromium is, if it is on the PATH."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextlib.asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser without a window while the block runs."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found(), args=[*_FLAGS])
        try:
            yield browser
        finally:
            await browser.close()
