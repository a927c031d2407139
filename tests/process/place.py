"""A place where real `taskbell` processes run: a folder, a simulated Slack and providers.

The simulators are served by the test's own event loop; the processes find them by their
environment, as in production. Whatever a process prints is searched for tracebacks and secrets.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from adapters import registry
from bot.app import open_ground
from bot.domain.clock import SystemClock as BotClock
from bot.linking import add_link
from bot.settings import load
from bot.store.people import Link
from sandbox.clock import SystemClock
from sandbox.providers.close import CloseSim
from sandbox.providers.reten import RetenSim
from sandbox.serve import serving
from sandbox.slack import Message, SlackSandbox, Workspace
from sandbox.slack.model import Person
from tests.databases.kinds import AnyDatabase
from tests.process.forked import Forked, Nursery

PATIENCE = 20.0
"""Seconds after which a process that should have done something is at fault: the machine may be
busy, so that a tight limit would only measure that."""

SIGNING_SECRET = "5ec2e7c0ffee5ec2e7c0ffee5ec2e7c0"
RESULTS = "activity-results"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line that it must have left on stderr."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


@dataclass
class Running:
    """A process under way."""

    process: asyncio.subprocess.Process | Forked
    name: str
    folder: Path
    secrets: tuple[str, ...]
    http: httpx2.AsyncClient
    port: int = 0

    @property
    def err(self) -> str:
        return (self.folder / f"{self.name}.err").read_text()

    async def end(self, number: int | None = None, within: float = PATIENCE) -> Ended:
        """Send it a signal, if any, and wait until it has ended."""
        if number is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)
        try:
            status = await asyncio.wait_for(self.process.wait(), within)
        except TimeoutError:
            raise AssertionError(f"did not end within {within} s:\n{self.err}") from None
        ended = Ended(status, (self.folder / f"{self.name}.out").read_text(), self.err)
        for words in (ended.out, ended.err):
            assert "Traceback" not in words, words
            assert [secret for secret in self.secrets if secret in words] == [], words
        return ended

    async def health(self) -> tuple[int, dict[str, Any]]:
        """What `/healthz` answers; 0 while nobody listens."""
        try:
            answer = await self.http.get(f"http://127.0.0.1:{self.port}/healthz")
        except httpx2.TransportError:
            return 0, {}
        return answer.status_code, answer.json()

    async def ready(self) -> None:
        """Wait until it is well and has polled every connection."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.returncode is None, self.err
            status, said = await self.health()
            states = said.get("connections", {}).values()
            if status == 200 and all(one["state"] != "not polled yet" for one in states):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"not ready: {said}\n{self.err}")


async def until(condition: Callable[[], object], what: str, within: float = PATIENCE) -> None:
    """Wait for what another process does; it tells nobody, so it has to be looked for."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {within} s"
        await asyncio.sleep(0.02)


@dataclass
class Place:
    """A folder with its database, and the world around it."""

    folder: Path
    database: AnyDatabase
    slack: SlackSandbox
    reten: RetenSim
    close: CloseSim
    ana: Person
    env: dict[str, str]
    http: httpx2.AsyncClient
    close_url: str
    """What CLOSE_BASE_URL must be; the connection is not set unless a test sets its key."""
    nursery: Nursery | None
    """Where processes are forked; without, each is started as everybody starts it."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _started: list[Running] = field(default_factory=list)

    async def start(self, *words: str, cwd: Path | None = None, **env: Any) -> Running:
        """Start `taskbell` with these words; an empty variable counts as not set."""
        workspace = self.slack.workspace
        variables = {k: v for k, v in {**self.env, **env}.items() if v}
        secrets = (workspace.bot_token, workspace.app_token, SIGNING_SECRET)
        name = f"process-{next(self._numbers)}"
        process = await self._process(words, cwd or self.folder, variables, name)
        if password := urlsplit(self.database.url).password:
            secrets = (*secrets, password)
        hidden = (*secrets, self.reten.key, self.close.key)
        running = Running(process, name, self.folder, hidden, self.http)
        self._started.append(running)
        return running

    async def _process(
        self, words: tuple[str, ...], cwd: Path, env: dict[str, str], name: str
    ) -> asyncio.subprocess.Process | Forked:
        paths = (self.folder / f"{name}.out", self.folder / f"{name}.err")
        with paths[0].open("wb") as out, paths[1].open("wb") as err:
            if self.nursery is not None:
                return await self.nursery.start(words, cwd, env, *paths)
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", *words,
                stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd, env=env,
            )  # fmt: skip

    async def taskbell(self, *words: str, cwd: Path | None = None, **env: Any) -> Ended:
        """Run `taskbell` with these words to its end."""
        return await (await self.start(*words, cwd=cwd, **env)).end()

    async def run(self, **env: Any) -> Running:
        """Start the bot and wait until it is at work."""
        port = free_port()
        running = await self.start("run", PORT=str(port), **env)
        running.port = port
        await running.ready()
        self.slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        return running

    @contextlib.asynccontextmanager
    async def bot(self, **env: Any) -> AsyncIterator[Running]:
        """The bot at work while the block runs; afterwards it ends as it should."""
        running = await self.run(**env)
        yield running
        assert (await running.end(signal.SIGTERM)).status == 0

    async def link(self, operator: str = "OP-042", connection: str = "reten") -> None:
        """Link Ana, as `taskbell links add` does, without the time that a process takes."""
        settings = load(self.env, self.folder, registry)
        async with open_ground(settings, BotClock(), owner=False) as ground:
            link = Link(connection, operator, self.ana.id, "admin", "test", ground.clock.now())
            await ground.db.write(lambda tx: add_link(tx, ground, link))

    def card(self, title: str) -> Message | None:
        """Ana's newest message that shows the title, but for words that she alone sees."""
        messages = self.slack.as_person(self.ana).messages()
        found = (m for m in reversed(messages) if title in m.plain() and not m.ephemeral)
        return next(found, None)

    async def carded(self, title: str, words: str = "") -> Message:
        """Wait until Ana has a card with that title, and these words."""
        await until(
            lambda: (card := self.card(title)) is not None and words in card.plain(),
            f"a card that says {title} and {words}",
        )
        card = self.card(title)
        assert card is not None
        return card

    async def click(self, card: Message, label: str) -> None:
        delivery = await self.slack.as_person(self.ana).click(card, label)
        assert delivery.ok, delivery

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        return self.database.rows(statement)

    def change(self, statement: str) -> None:
        """Change the database behind the bot's back."""
        self.database.change(statement)

    def submissions(self) -> int:
        """How many results were sent to Reten, whether they arrived or not."""
        return sum(RESULTS in one.path for one in self.reten.requests)

    async def close_all(self) -> None:
        for running in self._started:
            if running.process.returncode is None:
                running.process.kill()
                await running.process.wait()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@contextlib.asynccontextmanager
async def make_place(
    folder: Path, database: AnyDatabase, nursery: Nursery | None = None
) -> AsyncIterator[Place]:
    """A workspace with Ana, two providers, and settings that make the bot quick."""
    clock = SystemClock()
    slack = SlackSandbox(Workspace(clock, signing_secret=SIGNING_SECRET))
    reten, close = RetenSim(clock), CloseSim(clock)
    async with (
        slack.served() as slack_url,
        serving(reten.app) as reten_url,
        serving(close.app) as close_url,
        httpx2.AsyncClient(trust_env=False, verify=False) as http,
    ):
        ana = slack.workspace.add_person("Ana Ruiz", email="ana@example.com")
        nobody = folder / "authorities"
        nobody.mkdir()
        env = {
            "PATH": os.environ["PATH"],
            # Nothing here is encrypted, and to read all certificates takes long.
            "SSL_CERT_DIR": str(nobody),
            "SLACK_BOT_TOKEN": slack.workspace.bot_token,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": f"{slack_url}/api/",
            "DATABASE_URL": database.url,
            "HOST": "127.0.0.1",
            "RETEN_API_KEY": reten.key,
            "RETEN_BASE_URL": reten_url,
            "RETEN_RESULT_STATUS": "SALE_COMPLETED=EFFECTIVE,NOT_INTERESTED=NOT_EFFECTIVE",
            "TASKBELL_POLL_INTERVAL": "1",
            "TASKBELL_UNDO_SECONDS": "0",
            # By the machine's clock, whatever day and hour it is.
            "TASKBELL_WORKING_DAYS": "mon-sun",
            "TASKBELL_QUIET_HOURS": "off",
        }
        crm = f"{close_url}/api/v1"
        place = Place(folder, database, slack, reten, close, ana, env, http, crm, nursery)
        try:
            yield place
        finally:
            await place.close_all()
            reten.faults.clear()
            close.faults.clear()
