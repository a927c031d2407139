"""The page in words of those who use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.async_api import FrameLocator, Locator, Page, expect


def row(place: Locator, words: str) -> Locator:
    """The row of a list, with its button."""
    return place.locator(".section").filter(has_text=words).last


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's Slack: a frame of the stage, or a window of its own."""

    page: Page
    frame: FrameLocator | None = None

    @property
    def where(self) -> FrameLocator | Page:
        """Where everything of it is."""
        return self.frame or self.page

    def card(self, title: str) -> Locator:
        """The newest message under this title."""
        heading = self.page.get_by_role("heading", name=title)
        return self.where.get_by_role("article").filter(has=heading).last

    @property
    def modal(self) -> Locator:
        return self.where.locator("#modal")

    @property
    def messages(self) -> Locator:
        return self.where.get_by_role("tabpanel", name="Messages")

    @property
    def home(self) -> Locator:
        return self.where.get_by_role("tabpanel", name="Home")

    async def open_home(self) -> Locator:
        """The app's home tab, opened."""
        await self.where.get_by_role("tab", name="Home").click()
        return self.home

    async def say(self, line: str) -> None:
        """Type a message or a command, and send it."""
        await self.where.get_by_label("Message or command").fill(line)
        await self.where.get_by_role("button", name="Send", exact=True).click()

    async def choose(self, button: Locator, choice: str) -> None:
        """Open a menu or a list of options and choose from it."""
        await button.click()
        item = self.where.get_by_role("menuitem", name=choice)
        await item.or_(self.where.get_by_role("option", name=choice)).click()


@dataclass(frozen=True, slots=True)
class Stage:
    """The page: people, their seats, and what stands behind Slack."""

    page: Page

    def seat(self, name: str) -> Seat:
        """The seat of a person that is open."""
        return Seat(self.page, self.page.frame_locator(f'iframe[title="Slack of {name}"]'))

    async def sit(self, name: str) -> Seat:
        """Show a person's seat where another one was."""
        await self.part("People")
        people = self.page.get_by_role("region", name="People")
        await people.get_by_role("button", name=name).first.click()
        return self.seat(name)

    async def beside(self, name: str) -> Seat:
        """Show a person's seat beside the others."""
        await self.page.get_by_role("button", name=f"Show {name} beside").click()
        return self.seat(name)

    async def part(self, name: str) -> None:
        """Show one part of the page: a narrow one has a button for each, a wide one has tabs for
        what stands behind Slack and shows the rest always."""
        parts = self.page.get_by_role("navigation", name="Parts of the page")
        if await parts.is_visible():
            await parts.get_by_role("button", name=name).click()
        elif name in {"Providers", "Trouble"}:
            await self.page.get_by_role("tab", name=name).click()

    async def board(self, name: str) -> Locator:
        """A provider's board, shown."""
        await self.part("Providers")
        choice = self.page.get_by_role("group", name="Choose a provider")
        await choice.get_by_role("button", name=name).click()
        return self.page.get_by_role("region", name=name, exact=True)

    async def trouble(self, service: str | None = None) -> Locator:
        """The panel that breaks things, with the switches of a service."""
        await self.part("Trouble")
        panel = self.page.get_by_role("region", name="Trouble")
        if service:
            choice = panel.get_by_role("group", name="Choose a service")
            await choice.get_by_role("button", name=service).click()
        return panel

    async def travel(self, goal: str, arrival: str) -> None:
        """Move the time by one of the clock's buttons, until it shows the arrival."""
        await self.part("People")
        clock = self.page.get_by_role("region", name="Time")
        await clock.get_by_role("button", name=goal).click()
        await expect(clock.get_by_text(arrival, exact=True)).to_be_visible()
        await expect(clock.get_by_role("progressbar")).to_be_hidden()
        await self.part("Slack")

    async def task(self, board: str, title: str) -> Locator:
        """A task on a board."""
        return (await self.board(board)).get_by_role("article", name=title, exact=True)


@dataclass(frozen=True, slots=True)
class Backstage:
    """What a test arranges without the page, by the page's interface."""

    page: Page

    async def get(self, path: str) -> Any:
        answer = await self.page.request.get(path)
        await expect(answer).to_be_ok()
        return await answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.page.request.post(path, data=body)
        await expect(answer).to_be_ok()
        return await answer.json()

    async def add(self, board: str, title: str, *names: str, **more: Any) -> None:
        """Add a task for people of these names; hours are those of the first of them."""
        told = (await self.get("/api/boards"))[board]
        operators = [one["id"] for one in told["operators"] if one["name"] in names]
        people = {one["name"]: one["id"] for one in (await self.get("/api/stage"))["people"]}
        body = {"person": people[names[0]], "title": title, "operators": operators, **more}
        await self.post(f"/api/boards/{board}/tasks", **body)

    async def writes(self, board: str) -> int:
        """How many requests of the app wrote something at a provider, or tried to."""
        requests = (await self.get("/api/boards"))[board]["requests"]
        return sum(one["times"] for one in requests if one["wrote"])
