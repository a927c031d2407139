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
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sandbox import seeds
from sandbox.clock import Clock
from sandbox.journey import Journeys
from sandbox.page.app import page_app
from sandbox.page.boards import Board, CloseBoard, PlandBoard, RetenBoard, VambeBoard
from sandbox.page.changes import Changes, Watched
from sandbox.page.clock_acts import ClockActs, Moment
from sandbox.page.guard import OwnOriginOnly
from sandbox.page.mounts import Mounts
from sandbox.page.trouble_acts import TroubleActs
from sandbox.program import Program
from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.reten import RetenSim
from sandbox.providers.service import ProviderSim
from sandbox.providers.vambe import VambeSim
from sandbox.running_clock import RunningClock, WorldClock
from sandbox.serve import serving
from sandbox.slack import Manifest, SlackSandbox, Workspace
from sandbox.trouble import Panel


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything of a served world is: one origin, several paths."""

    page_url: str
    slack_api_url: str
    reten_base_url: str
    close_base_url: str
    vambe_base_url: str
    pland_base_url: str


class World:
    """A workspace with people, Reten, Close, Vambe and PlanD, all at one clock.

    Payloads to the app are signed at that clock, or at `signing_clock`: an app that checks them
    against the machine's time needs `SystemClock()` there once the world's clock is moved."""

    def __init__(
        self,
        clock: WorldClock | None = None,
        *,
        signing_clock: Clock | None = None,
        manifest: Manifest | None = None,
    ) -> None:
        """`manifest`: of the app under test; without one, everything reaches it."""
        self.clock: WorldClock = clock or RunningClock()
        self.slack = SlackSandbox(
            Workspace(self.clock, manifest=manifest or Manifest(bot_name="Taskbell")),
            signing_clock=signing_clock,
        )
        self.reten = RetenSim(self.clock)
        self.close = CloseSim(self.clock)
        self.vambe = VambeSim(self.clock)
        self.pland = PlandSim(self.clock)
        self.changes = Changes()
        """What tells open pages to look again; `changes.notify()` after a change made by hand."""
        self.cast = seeds.people(self.slack.workspace)
        seeds.members(self.close, self.vambe, self.pland, self.cast)
        seeds.kinds(self.pland)
        self.roles: dict[str, str] = {}
        """A word about a person, such as what they are for the app, by user id."""
        self.program: Program | None = None
        """The app under test, where the sandbox may kill and start it."""
        self.moments: Sequence[Moment] = ()
        """Where the page offers to move the clock; set before `served`, as all that is an app's."""
        self.journeys = Journeys(self.clock, lambda: self.program, self.changes)
        self.troubles = Panel(self.slack, self._providers, self.clock, self.changes.notify)
        """What breaks things on demand."""
        self._addresses: Addresses | None = None

    def seed(self, now: datetime | None = None) -> None:
        """Give the people a handful of tasks at each provider, due about `now` (the clock's)."""
        now = now or self.clock.now()
        seeds.reten_tasks(self.reten, now)
        seeds.close_tasks(self.close, self.cast, now)
        seeds.vambe_tasks(self.vambe, self.cast, now)
        seeds.pland_tasks(self.pland, self.cast, now)
        self.changes.notify()

    def bring_news(self) -> None:
        """Let one more task come up at each provider, for who has polled before."""
        now = self.clock.now()
        seeds.reten_news(self.reten, now)
        seeds.close_news(self.close, self.cast, now)
        seeds.vambe_news(self.vambe, self.cast, now)
        seeds.pland_news(self.pland, self.cast, now)
        self.changes.notify()

    def links(self) -> list[tuple[str, str, str]]:
        """Slack user, connection and operator where the provider has no directory to match by."""
        return [(self.cast.ana.id, "reten", seeds.ANA_AT_RETEN[0])]

    @property
    def _providers(self) -> dict[str, ProviderSim]:
        """By the name that stands in their addresses."""
        return {
            "reten": self.reten,
            "close": self.close,
            "vambe": self.vambe,
            "pland": self.pland,
        }

    @property
    def addresses(self) -> Addresses:
        """Where everything is; only while the world is served."""
        if self._addresses is None:
            raise RuntimeError("the world is not served: use `async with world.served()`")
        return self._addresses

    def environment(self) -> dict[str, str]:
        """The variables that the app under test is started with (HTTP; for Socket Mode add
        `SLACK_APP_TOKEN`, which is `slack.workspace.app_token`)."""
        workspace, addresses = self.slack.workspace, self.addresses
        return {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": addresses.slack_api_url,
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
        self.changes.reopen()
        async with serving(self._app(), port=port) as origin:
            self.slack.base_url = f"{origin}/slack"
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
                await self._quieten()

    async def _quieten(self) -> None:
        """End what would keep the server waiting."""
        self._addresses = None
        await self.journeys.stop()
        self.changes.close()
        for simulated in self._providers.values():
            simulated.faults.clear()
        await self.slack.aclose()

    def _time(self) -> ClockActs:
        return ClockActs(self.clock, self.journeys, self.slack.workspace, self.moments)

    def _trouble(self) -> TroubleActs:
        return TroubleActs(self.troubles, lambda: self.program, self.slack.workspace.bot.real_name)

    def _app(self) -> OwnOriginOnly:
        boards: dict[str, Board] = {
            "reten": RetenBoard(self.reten, seeds.RETEN_OPERATORS, seeds.REASONS),
            "close": CloseBoard(self.close),
            "vambe": VambeBoard(self.vambe),
            "pland": PlandBoard(self.pland),
        }
        services = {f"/{name}": simulated.app for name, simulated in self._providers.items()}
        services["/slack"] = self.slack.app
        watched = {path: Watched(app, self.changes) for path, app in services.items()}
        page = page_app(self.slack, boards, self._time(), self._trouble(), self.roles, self.changes)
        return OwnOriginOnly(Mounts(watched, page))
