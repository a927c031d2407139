"""The pictures of the README, taken of the running demo: `make screenshots`.

The demo is played on one and the same day, and its clock is moved to a full minute before each
picture, so that taken again they show the same as long as the program does.
"""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser import chromium
from tests.browser.demo import PATIENCE, demo
from tests.browser.pages import Backstage, Seat, Stage, row

FOLDER = Path(__file__).parents[2] / "docs/pictures"
DAY, NEXT = date(2026, 11, 24), date(2026, 11, 25)


@dataclass(frozen=True, slots=True)
class Studio:
    """A demo, and a browser before it."""

    address: str
    browser: Browser
    desk: Page
    """The demo's page, from which its clock is moved."""

    async def at(self, moment: str, path: str = "", **look: Any) -> Page:
        """A new window, when it is this moment in Madrid ("2026-11-24T14:20"). Look: width, height,
        dark, scale."""
        ana = await self.person("Ana Ruiz")
        await Backstage(self.desk).post("/api/clock", local=moment, person=ana)
        clock = self.desk.get_by_role("region", name="Time")
        await expect(clock.get_by_text(moment[-5:], exact=True)).to_be_visible()
        await expect(clock.get_by_role("progressbar")).to_be_hidden()
        return await self.window(path, **look)

    async def window(
        self,
        path: str = "",
        *,
        width: int = 1400,
        height: int = 860,
        dark: bool = False,
        scale: float = 1,
    ) -> Page:
        """A new window, shown by itself."""
        context = await self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            device_scale_factor=scale,
            locale="en-GB",
            timezone_id="Europe/Madrid",
        )
        context.set_default_timeout(PATIENCE * 1000)
        page = await context.new_page()
        await page.goto(path or "/")
        return page

    async def person(self, name: str) -> str:
        """The id of a person."""
        people = (await Backstage(self.desk).get("/api/stage"))["people"]
        return next(one["id"] for one in people if one["name"] == name)

    async def seat(self, moment: str, name: str, **look: Any) -> Seat:
        """A person's seat in a window of its own."""
        return Seat(await self.at(moment, f"/seat.html#person={await self.person(name)}", **look))


async def shot(page: Page) -> bytes:
    """What the window shows, without loss; the window is closed afterwards."""
    await page.mouse.move(0, 0)
    for frame in page.frames:
        await frame.evaluate("document.getAnimations().forEach((one) => one.finish())")
    browser = await page.context.new_cdp_session(page)
    # Half of what PNG takes; Playwright itself knows no WebP.
    taken = await browser.send("Page.captureScreenshot", {"format": "webp", "quality": 100})
    await page.context.close()
    return base64.b64decode(taken["data"])


async def card(studio: Studio) -> bytes:
    """A card that has been answered, and one that is open."""
    ben = await studio.seat(f"{DAY}T14:15", "Ben Okafor", width=720, height=600, scale=1.5)
    await ben.where.get_by_role("button", name="Dismiss").click()
    done = ben.card("Agree on the renewal price")
    await done.get_by_role("button", name="Complete").click()
    await expect(done.get_by_role("button", name="Undo")).to_be_visible()
    return await shot(ben.page)


async def outage(studio: Studio) -> bytes:
    """Close is down; the card waits and says so."""
    page = await studio.at(f"{DAY}T14:30")
    stage, title = Stage(page), "Send the invoice to Kessler & Sons"
    await Backstage(page).add("close", title, "Ben Okafor", day=str(DAY), hour="16:00")
    ben = await stage.sit("Ben Okafor")
    complete = ben.card(title).get_by_role("button", name="Complete")
    await expect(complete).to_be_visible()
    panel = await stage.trouble("Close")
    await panel.get_by_role("switch", name="Down: Close").click()
    await complete.click()
    await expect(ben.card(title)).to_contain_text("I keep trying")
    taken = await shot(page)
    await Backstage(studio.desk).post("/api/troubles/clear")
    return taken


async def people(studio: Studio) -> bytes:
    """What Ana answers, Ben's card follows."""
    page = await studio.at(f"{DAY}T14:40")
    stage, title = Stage(page), "Llamar juntos a Bodega Luna"
    due = {"day": str(DAY), "hour": "18:00", "priority": "high"}
    await Backstage(page).add("vambe", title, "Ana Ruiz", "Ben Okafor", **due)
    ana, ben = stage.seat("Ana Ruiz"), await stage.beside("Ben Okafor")
    await expect(ben.card(title).get_by_role("button", name="Completado")).to_be_visible()
    await ana.card(title).get_by_role("button", name="Completado").click()
    await expect(ana.card(title)).to_contain_text("✅")
    await expect(ben.card(title)).to_contain_text("✅")
    await stage.board("Vambe")
    return await shot(page)


async def tasks(studio: Studio) -> bytes:
    """The list that Ben has asked for."""
    ben = await studio.seat(f"{DAY}T14:45", "Ben Okafor", width=720, height=660, scale=1.5)
    await ben.say("/tasks")
    await expect(ben.where.get_by_role("article").last).to_contain_text("Only visible to you")
    # It has been read by then.
    await expect(ben.where.get_by_role("button", name="Taskbell", exact=True)).to_be_visible()
    return await shot(ben.page)


async def phone(studio: Studio) -> bytes:
    """Ana's Slack in a narrow window."""
    page = await studio.at(f"{DAY}T14:50", width=390, height=800, scale=1.5)
    ana = Stage(page).seat("Ana Ruiz")
    await expect(ana.where.get_by_role("article").last).to_be_visible()
    return await shot(page)


async def dark(studio: Studio) -> bytes:
    """A manager's morning and an admin's, in dark colours."""
    page = await studio.at(f"{DAY}T14:55", dark=True)
    stage = Stage(page)
    jonas, carla = await stage.sit("Jonas Weber"), await stage.beside("Carla Nunes")
    for seat in (jonas, carla):
        await expect(seat.where.get_by_role("article").last).to_be_visible()
    await carla.say("/tasks admin")
    await expect(carla.where.get_by_role("article").last).to_contain_text("Only visible to you")
    return await shot(page)


async def digest(studio: Studio) -> bytes:
    """The morning's message, with a row that was answered in place."""
    ben = await studio.seat(f"{NEXT}T09:31", "Ben Okafor", width=720, height=620, scale=1.5)
    message = ben.where.get_by_role("article").last
    first = row(message, "Collect the references")
    await ben.choose(first.get_by_role("button", name="Answer"), "Complete")
    await expect(first).to_contain_text("✅")
    return await shot(ben.page)


PICTURES: dict[str, Callable[[Studio], Awaitable[bytes]]] = {
    "card": card,
    "outage": outage,
    "people": people,
    "tasks": tasks,
    "phone": phone,
    "dark": dark,
    "digest": digest,
}
"""In the order in which they are taken: the time goes forwards."""


async def main(folder: Path) -> None:
    """Take them all into this folder."""
    expect.set_options(timeout=PATIENCE * 1000)
    with TemporaryDirectory() as place:
        async with chromium.launched() as browser, demo(Path(place), DAY) as address:
            desk = await browser.new_page(base_url=address)
            await desk.goto("/")
            studio = Studio(address, browser, desk)
            for name, take in PICTURES.items():
                picture = folder / f"{name}.webp"
                picture.write_bytes(await take(studio))
                sys.stdout.write(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    if not chromium.found():
        sys.exit(chromium.MISSING)
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(main(FOLDER))
