"""A Slack workspace and a page to use it, at one clock: enough for any Slack app.

town = Town(manifest=Manifest.from_mapping(...))
people(town.slack.workspace)
async with town.opened(8800) as origin:
    environment = town.environment()       # what the app under test is started with
    town.slack.deliver_to("http://127.0.0.1:3000/slack/events")
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence

from sandbox.clock import Clock
from sandbox.journey import Journeys
from sandbox.page.app import page_app
from sandbox.page.boards import Board
from sandbox.page.changes import Changes, Watched
from sandbox.page.clock_acts import ClockActs, Moment
from sandbox.page.guard import OwnOriginOnly
from sandbox.page.mounts import Mounts
from sandbox.page.tour_acts import TourActs
from sandbox.page.trouble_acts import TroubleActs
from sandbox.program import Program
from sandbox.providers.service import ShownSim
from sandbox.running_clock import RunningClock, WorldClock
from sandbox.serve import serving
from sandbox.slack import Manifest, SlackSandbox, Workspace
from sandbox.tour import Scene, Step, Tour
from sandbox.trouble import Panel


class Town:
    """A workspace with an app, and the providers that the app works with, if there are any.

    Payloads to the app are signed at the town's clock, or at `signing_clock`: an app that checks
    them against the machine's time needs `SystemClock()` there once the town's clock is moved."""

    def __init__(
        self,
        clock: WorldClock | None = None,
        *,
        signing_clock: Clock | None = None,
        manifest: Manifest | None = None,
        providers: Mapping[str, ShownSim] | None = None,
    ) -> None:
        """`manifest`: of the app under test; without one, everything reaches it. `providers`: by
        the name that stands in their addresses."""
        self.clock: WorldClock = clock or RunningClock()
        self.slack = SlackSandbox(
            Workspace(self.clock, manifest=manifest), signing_clock=signing_clock
        )
        self.changes = Changes()
        """What tells open pages to look again; `changes.notify()` after a change made by hand."""
        self.roles: dict[str, str] = {}
        """A word about a person, such as what they are for the app, by user id."""
        self.program: Program | None = None
        """The app under test, where the sandbox may kill and start it."""
        self.moments: Sequence[Moment] = ()
        """Where the page offers to move the clock; set before it is opened, as all that is an
        app's."""
        self.tour: Sequence[Step] = ()
        """What people who meet the app do first."""
        settled = self.slack.dispatcher.settled
        self.journeys = Journeys(self.clock, lambda: self.program, self.changes, settled)
        self._providers = providers or {}
        self.troubles = Panel(self.slack, self._providers, self.clock, self.changes.notify)
        """What breaks things on demand."""

    def environment(self) -> dict[str, str]:
        """The variables that the app under test is started with (HTTP; for Socket Mode add
        `SLACK_APP_TOKEN`, which is `slack.workspace.app_token`)."""
        workspace = self.slack.workspace
        return {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": f"{self.slack.base_url}/api/",
        }

    @contextlib.asynccontextmanager
    async def opened(self, port: int = 0) -> AsyncIterator[str]:
        """Serve everything on this machine while the block runs; gives the address of the page,
        without a slash at its end. Port 0 takes a free one."""
        self.changes.reopen()
        async with serving(self._app(), port=port) as origin:
            self.slack.base_url = f"{origin}/slack"
            try:
                yield origin
            finally:
                await self._quieten()

    async def _quieten(self) -> None:
        """End what would keep the server waiting."""
        await self.journeys.stop()
        self.changes.close()
        for simulated in self._providers.values():
            simulated.faults.clear()
        await self.slack.aclose()

    def _boards(self) -> dict[str, Board]:
        """How the page shows the providers."""
        return {}

    def _app(self) -> OwnOriginOnly:
        services = {f"/{name}": simulated.app for name, simulated in self._providers.items()}
        services["/slack"] = self.slack.app
        watched = {path: Watched(app, self.changes) for path, app in services.items()}
        app_name = self.slack.workspace.bot.real_name
        boards = self._boards()
        scene = Scene(self.slack.workspace, boards, self.troubles, self.clock)
        page = page_app(
            self.slack,
            boards,
            ClockActs(self.clock, self.journeys, self.slack.workspace, self.moments),
            TroubleActs(self.troubles, lambda: self.program, app_name),
            TourActs(Tour(self.tour, scene), self.changes),
            self.roles,
            self.changes,
        )
        return OwnOriginOnly(Mounts(watched, page))
