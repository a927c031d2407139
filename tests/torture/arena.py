"""The world of a storm: a workspace with two people, four providers, and the bot's processes."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.clock import SystemClock
from sandbox.serve import serving
from sandbox.slack import SlackSandbox, Workspace
from sandbox.slack.model import Person
from tests.process.place import SIGNING_SECRET, free_port
from tests.torture.accounts import Account, Item, accounts
from tests.torture.arrivals import Arrivals
from tests.torture.zygote import Doom, Life, Zygote, zygote

EMAILS = ("ana@example.com", "ben@example.com")
PATIENCE = 20.0
"""Seconds after which a process that does not get to work is at fault."""


@dataclass(frozen=True, slots=True)
class Role:
    """A process of the deployment: what it is called with, and where it hears Slack, if it does."""

    words: tuple[str, ...]
    port: int = 0


@dataclass
class Arena:
    """Everything that is there during a storm."""

    folder: Path
    slack: SlackSandbox
    arrivals: Arrivals
    accounts: list[Account]
    people: list[Person]
    environment: Mapping[str, str]
    roles: list[Role]
    zygote: Zygote
    http: httpx2.AsyncClient

    @property
    def items(self) -> list[Item]:
        return [item for account in self.accounts for item in account.items.values()]

    async def start(self, role: Role, doom: Doom | None = None) -> Life:
        """Start the process of a role."""
        port = {"PORT": str(role.port)} if role.port else {}
        return await self.zygote.start(list(role.words), {**self.environment, **port}, doom)

    def aim(self, role: Role) -> None:
        """Let Slack deliver to this process from now on."""
        self.slack.deliver_to(f"http://127.0.0.1:{role.port}/slack/events")

    async def well(self, role: Role) -> bool:
        """Whether a process hears, and has polled every connection."""
        try:
            answer = await self.http.get(f"http://127.0.0.1:{role.port}/healthz")
        except httpx2.TransportError:
            return False
        states = answer.json().get("connections", {}).values()
        return answer.status_code == 200 and all(s["state"] != "not polled yet" for s in states)

    @asynccontextmanager
    async def calm(self) -> AsyncIterator[None]:
        """All processes at work while the block runs, and none of them killed; they must stop as
        they should."""
        lives = [await self.start(role) for role in self.roles]
        hearing = next(role for role in self.roles if role.port)
        self.aim(hearing)
        deadline = time.monotonic() + PATIENCE
        while not await self.well(hearing):
            assert time.monotonic() < deadline, f"not well:\n{self.told()}"
            await asyncio.sleep(0.05)
        yield
        for life in lives:
            life.kill(signal.SIGTERM)
        assert [await asyncio.wait_for(life.ended, PATIENCE) for life in lives] == [0] * len(lives)

    async def prepare(self) -> None:
        """Link Reten's people, and let the first polls of all accounts pass."""
        for person, operator in zip(self.people, self.accounts[0].people, strict=True):
            words = ["links", "add", "--slack", person.id, "--connection", "reten"]
            life = await self.zygote.start([*words, "--operator", operator], self.environment)
            assert await life.ended == 0, self.told()
        self.zygote.report.unlink()  # commands are not what dies here
        async with self.calm():
            pass

    def told(self) -> str:
        """The end of what the processes printed."""
        return self.zygote.out.read_text()[-4000:] if self.zygote.out.exists() else ""

    def quieten(self) -> None:
        """End all trouble that is not a killed process."""
        self.slack.faults.clear()
        self.slack.dispatcher.accidents.clear()
        for account in self.accounts:
            account.sim.faults.clear()


class _Doors:
    """Several services behind one server, told apart by the first part of the path."""

    def __init__(self, services: Mapping[str, ASGIApp]) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, name, path = scope["path"].split("/", 2)
        await self._services[name]({**scope, "path": f"/{path}"}, receive, send)


@asynccontextmanager
async def arena(folder: Path, database: str = "") -> AsyncIterator[Arena]:
    """An arena for as long as the block runs. `database`: the address of an empty PostgreSQL
    database, for two webs and two workers; without it, one process runs on SQLite."""
    clock = SystemClock()
    slack = SlackSandbox(Workspace(clock, signing_secret=SIGNING_SECRET))
    slack.dispatcher.answer_within = 1.0
    people = [
        slack.workspace.add_person(name, email=email)
        for name, email in zip(("Ana Ruiz", "Ben Soto"), EMAILS, strict=True)
    ]
    theirs = accounts(clock, EMAILS)
    roles = [Role(("run",), free_port())]
    if database:
        roles = [Role(("web",), free_port()), Role(("web",), free_port())]
        roles += [Role(("worker",)), Role(("worker",))]
    arrivals = Arrivals(slack.app)
    doors = _Doors({"slack": arrivals, **{one.name: one.sim.app for one in theirs}})
    async with (
        serving(doors) as url,
        zygote(folder) as forking,
        httpx2.AsyncClient(trust_env=False, verify=False) as http,
    ):
        slack.base_url = f"{url}/slack"
        nothing = folder / "authorities"
        nothing.mkdir()
        # Nothing here is encrypted, and reading all certificates is most of a start.
        certificates = {"SSL_CERT_DIR": str(nothing)}
        env = (
            certificates
            | _environment(slack, theirs, url)
            | ({"DATABASE_URL": database} if database else {})
        )
        made = Arena(folder, slack, arrivals, theirs, people, env, roles, forking, http)
        try:
            yield made
        finally:
            made.quieten()
            await slack.aclose()


def _environment(slack: SlackSandbox, theirs: list[Account], url: str) -> dict[str, str]:
    env = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": slack.workspace.bot_token,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{url}/slack/api/",
        "HOST": "127.0.0.1",
        "TASKBELL_POLL_INTERVAL": "1",
        "TASKBELL_UNDO_SECONDS": "0.4",
        "TASKBELL_DIGEST_AT": "off",
        "TASKBELL_DUE_SOON": "2s",
        # By the machine's clock, whatever day and hour it is.
        "TASKBELL_WORKING_DAYS": "mon-sun",
        "TASKBELL_QUIET_HOURS": "off",
    }
    ends = {"reten": "/reten", "close": "/close/api/v1", "vambe": "/vambe", "pland": "/pland/v2"}
    for account in theirs:
        env |= account.environment
        env[f"{account.name.upper()}_BASE_URL"] = f"{url}{ends[account.name]}"
    return env
