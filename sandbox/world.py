"""A whole small world on this machine: a Slack workspace, four providers, one clock, and a page
to use them.

    world = World()
    world.seed()
    async with world.served() as address:
        environment = world.environment()      # what the app under test is started with
        world.slack.deliver_to("http://127.0.0.1:3000/slack/events")
        print(address.page_url)
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sandbox import seeds
from sandbox.clock import Clock
from sandbox.page.boards import Board, CloseBoard, PlandBoard, RetenBoard, VambeBoard
from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.reten import RetenSim
from sandbox.providers.vambe import VambeSim
from sandbox.running_clock import RunningClock, WorldClock
from sandbox.slack import Manifest
from sandbox.town import Town


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything of a served world is: one origin, several paths."""

    page_url: str
    slack_api_url: str
    reten_base_url: str
    close_base_url: str
    vambe_base_url: str
    pland_base_url: str


class World(Town):
    """A town with people who have tasks at Reten, Close, Vambe and PlanD."""

    def __init__(
        self,
        clock: WorldClock | None = None,
        *,
        signing_clock: Clock | None = None,
        manifest: Manifest | None = None,
    ) -> None:
        """`manifest`: of the app under test; without one, everything reaches it."""
        clock = clock or RunningClock()
        self.reten = RetenSim(clock)
        self.close = CloseSim(clock)
        self.vambe = VambeSim(clock)
        self.pland = PlandSim(clock)
        super().__init__(
            clock,
            signing_clock=signing_clock,
            manifest=manifest or Manifest(bot_name="Taskbell"),
            providers={
                "reten": self.reten,
                "close": self.close,
                "vambe": self.vambe,
                "pland": self.pland,
            },
        )
        self.cast = seeds.people(self.slack.workspace)
        seeds.members(self.close, self.vambe, self.pland, self.cast)
        seeds.kinds(self.pland)
        self._addresses: Addresses | None = None

    def seed(self, now: datetime | None = None) -> None:
        """Give the people a handful of tasks at each provider, due about `now` (the clock's)."""
        now = now or self.clock.now()
        seeds.reten_tasks(self.reten, now)
        seeds.close_tasks(self.close, self.cast, now)
        seeds.vambe_tasks(self.vambe, self.cast, now)
        seeds.pland_tasks(self.pland, self.cast, now)
        self.changes.notify()

    def bring_news(self, now: datetime | None = None) -> None:
        """Let one more task come up at each provider, for who has polled before, due soon after
        `now` (the clock's)."""
        now = now or self.clock.now()
        seeds.reten_news(self.reten, now)
        seeds.close_news(self.close, self.cast, now)
        seeds.vambe_news(self.vambe, self.cast, now)
        seeds.pland_news(self.pland, self.cast, now)
        self.changes.notify()

    def links(self) -> list[tuple[str, str, str]]:
        """Slack user, connection and operator where the provider has no directory to match by."""
        return [(self.cast.ana.id, "reten", seeds.ANA_AT_RETEN[0])]

    @property
    def addresses(self) -> Addresses:
        """Where everything is; only while the world is served."""
        if self._addresses is None:
            raise RuntimeError("the world is not served: use `async with world.served()`")
        return self._addresses

    def environment(self) -> dict[str, str]:
        """The variables that the app under test is started with (HTTP; for Socket Mode add
        `SLACK_APP_TOKEN`, which is `slack.workspace.app_token`)."""
        addresses = self.addresses
        return super().environment() | {
            "RETEN_API_KEY": self.reten.key,
            "RETEN_BASE_URL": addresses.reten_base_url,
            "CLOSE_API_KEY": self.close.key,
            "CLOSE_BASE_URL": addresses.close_base_url,
            "VAMBE_API_KEY": self.vambe.key,
            "VAMBE_BASE_URL": addresses.vambe_base_url,
            "PLAND_API_KEY": self.pland.key,
            "PLAND_BASE_URL": addresses.pland_base_url,
        }

    @contextlib.asynccontextmanager
    async def served(self, port: int = 0) -> AsyncIterator[Addresses]:
        """Serve everything on this machine while the block runs. Port 0 takes a free one."""
        async with self.opened(port) as origin:
            self._addresses = Addresses(
                page_url=f"{origin}/",
                slack_api_url=f"{origin}/slack/api/",
                reten_base_url=f"{origin}/reten",
                close_base_url=f"{origin}/close/api/v1",
                vambe_base_url=f"{origin}/vambe",
                pland_base_url=f"{origin}/pland/v2",
            )
            try:
                yield self._addresses
            finally:
                self._addresses = None

    def _boards(self) -> dict[str, Board]:
        return {
            "reten": RetenBoard(self.reten, seeds.RETEN_OPERATORS, seeds.REASONS),
            "close": CloseBoard(self.close),
            "vambe": VambeBoard(self.vambe),
            "pland": PlandBoard(self.pland),
        }
