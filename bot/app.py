"""The one place where everything is built, and the life of a process."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from adapters import registry
from adapters.contract import Push
from bot import escalating, planning
from bot.agenda import Agenda
from bot.connections import ConnectionSettings
from bot.delivery import Delivering
from bot.desk import StoredDesk
from bot.dispatch import Dispatching
from bot.domain.clock import Clock
from bot.domain.model import is_user
from bot.engine.loop import Loop
from bot.engine.timers import Timers
from bot.ground import Ground, LiveConnection, Rules
from bot.health import Health
from bot.intents import Intents
from bot.link_requests import LinkRequests
from bot.linking import Linking
from bot.pace import SlackPace, workspace_of
from bot.people import Profiles
from bot.planning import Planning
from bot.polling import Polling
from bot.pushes import Pushes, tidy as tidy_pushes
from bot.recounting import Recounting
from bot.server_time import server_time
from bot.settings import Settings
from bot.slack.bolt import Endpoint, build_bolt
from bot.slack.client import SlackClient, connect
from bot.store import agenda, connections, holders, people, submissions, tasks, turns
from bot.store.database import Database, StorageError, Tx
from bot.store.sqlite import SqliteDatabase
from bot.stuck import StuckWatch
from bot.submission import Submitting
from bot.survivors import Survivors
from bot.troubles import SlackWatch, Troubles
from bot.viewing import Viewing
from bot.watch import RENEW_EVERY, Watch
from bot.web import build_telling, build_web

MAX_ROUNDS = 200
"""A pass that does not come to rest after so many rounds is a mistake, not much work."""

STOP_SECONDS = 5.0
"""How long polls and writes that are under way may go on after the stop. With the requests that
are answered first it stays below the ten seconds after which supervisors kill."""

SLACK_EVERY = timedelta(minutes=1)
PROFILES_EVERY = timedelta(minutes=1)
SUBSCRIPTIONS_EVERY = timedelta(minutes=1)
"""How often it is asked whether one is due; the services know."""
STUCK_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)

log = structlog.get_logger(__name__)

Wait = Callable[[float], Awaitable[object]]
"""Lets so many seconds pass."""


class Taskbell:
    """The bot: its services, its loops, and its faces to Slack and to the web."""

    def __init__(
        self, settings: Settings, ground: Ground, slack: SlackClient, web: AsyncWebClient
    ) -> None:
        self._settings = settings
        self.ground = ground
        self._web_client = web
        self.slack = slack
        self._profiles = Profiles(ground, slack)
        self.desk = StoredDesk(ground, self._profiles, self.wake)
        self.health = Health(ground, slack)
        self._intents = Intents(ground, self.wake)
        self._planning = Planning(ground, self.wake)
        self._agenda = Agenda(ground, self.wake)
        delivering = Delivering(ground, slack, self.desk.draw, self.wake)
        workspace = workspace_of(_token(settings))
        self._dispatching = Dispatching(ground, delivering, Viewing(ground, slack), workspace)
        self._recounting = Recounting(ground, slack)
        self._link_requests = LinkRequests(ground, slack, self.wake)
        self.slack_watch = SlackWatch(ground, slack)
        self.stuck_watch = StuckWatch(ground)
        linking, troubles = Linking(ground, slack, self._profiles), Troubles(ground)
        self._polling = {
            name: Polling(ground, live, linking, troubles) for name, live in ground.live.items()
        }
        self._pushes = {
            name: Pushes(ground, live, self._polling[name], settings.public_url, self.wake)
            for name, live in ground.live.items()
            if live.provider.capabilities.push is not Push.NONE
        }
        self._submitting = [
            Submitting(ground, live, troubles, self.wake) for live in ground.live.values()
        ]
        self._watch = Watch(ground.db, ground.clock)
        self._survivors = Survivors(ground)
        self._loops: list[Loop] = []

    def bolt(self) -> AsyncApp:
        """The Bolt app, its listeners registered."""
        health = self.health
        return build_bolt(
            self._web_client,
            self.desk,
            self.slack,
            lambda: health.workspace.bot_user_id if health.workspace else None,
        )

    def asgi(self, *, takes_slack: bool) -> Starlette:
        """The HTTP side; `takes_slack`: Slack's requests come here, not over Socket Mode."""
        secret = self._settings.slack_signing_secret
        slack = None
        if takes_slack and secret is not None:
            slack = Endpoint(self.bolt(), secret.get_secret_value(), self.ground.clock)
        return build_web(self.health.report, self._metrics(), self._pushes, slack)

    def asgi_telling(self) -> Starlette:
        """The HTTP side of a process that hears nobody: how it is."""
        return build_telling(self.health.report, self._metrics())

    def _metrics(self) -> Callable[[], Awaitable[bytes]]:
        from bot.metrics import Metrics  # slow to load, and not needed by short commands

        return Metrics(self.ground).scrape

    async def take_over(self) -> None:
        """Look after what a process that died was sending, without waiting for its leases."""
        now = self.ground.clock.now()
        await self.ground.db.write(lambda tx: holders.end(tx, tx.holder, now))

    async def tick_all(self) -> None:
        """What the timers do, once."""
        await asyncio.gather(*(one.tick() for one in self._pushes.values()))
        await asyncio.gather(*(poll.tick() for poll in self._polling.values()))

    async def sync(self, only: str | None = None, wait: Wait = asyncio.sleep) -> bool:
        """Poll every connection (or one) once, in full, then `settle`; False when a poll failed."""
        await self._profiles.refresh()
        names = [name for name in self._polling if only in (None, name)]
        for name in names:
            if not await self._watch.mine(name):
                log.info("another process polls it, too", connection=name)
        done = await asyncio.gather(*(self._polling[name].poll(full=True) for name in names))
        await self._watch.let_go()
        await self.settle(wait)
        return all(done)

    async def settle(self, wait: Wait = asyncio.sleep) -> None:
        """Work until nothing more is due now; `wait` for what is held up by Slack's pace alone."""
        await self._come_to_rest()
        while (until := await self._dispatching.paced_until()) is not None:
            await wait(max((until - self.ground.clock.now()).total_seconds(), 0.0))
            await self._come_to_rest()

    async def _come_to_rest(self) -> None:
        for _ in range(MAX_ROUNDS):
            await self._profiles.refresh()
            await asyncio.gather(*(pushes.work() for pushes in self._pushes.values()))
            await self._intents.work()
            await self._link_requests.work()
            await self._planning.work()
            await self._agenda.work()
            await self._dispatching.work()
            await asyncio.gather(*(submitting.work() for submitting in self._submitting))
            await self._planning.work()
            await self._agenda.work()
            await self._dispatching.work()
            await self._recounting.work()
            due = await self.next_due()
            if due is None or due > self.ground.clock.now():
                return
        log.error("work does not come to rest")

    async def next_due(self) -> datetime | None:
        """When there is something to plan, to tell or to write; None: not before something new."""
        return await self.ground.db.read(self._next_due)

    def _next_due(self, tx: Tx) -> datetime | None:
        due = [tasks.next_look(tx), self._agenda.next_due(tx), self._dispatching.next_due(tx)]
        due += [submissions.next_due(tx, name) for name in self.ground.live]
        due += [pushes.next_due(tx) for pushes in self._pushes.values()]
        return min((moment for moment in due if moment is not None), default=None)

    def wake(self) -> None:
        """There may be something to do."""
        self._dispatching.wake()
        for submitting in self._submitting:
            submitting.wake()
        for loop in self._loops:
            loop.wake()

    def _cut_off(self) -> None:
        """Others may soon look after what this process was sending."""
        log.warning("cut off from the database")
        for submitting in self._submitting:
            submitting.give_up()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Poll, plan, deliver and submit for as long as the block runs, then finish or hand back
        what is in flight."""
        # What stands at the start stays: collecting garbage need not look through it, which would
        # make a click wait for tens of milliseconds.
        gc.freeze()
        timers = self._timers()
        self._loops = self._make_loops()
        running = [asyncio.create_task(loop.run(), name=loop.name) for loop in self._loops]
        timers.start()
        self.health.works = True
        try:
            async with self.ground.db.listen(self.wake, self._cut_off):
                yield
        finally:
            self._dispatching.stop()
            for submitting in self._submitting:
                submitting.stop()
            for loop in self._loops:
                loop.stop()
            _, (_, late) = await asyncio.gather(
                timers.stop(STOP_SECONDS), asyncio.wait(running, timeout=STOP_SECONDS)
            )
            for task in late:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await self._leave()

    async def _leave(self) -> None:
        """What is still to be stored. A storage that is away keeps nobody from stopping: leases
        run out, and polls that found nothing come again."""
        try:
            await self.ground.db.write(self.ground.quiet.store)
        except StorageError as error:
            log.warning("stopped without a word to the others", error=str(error))
        await self._watch.let_go()

    def _make_loops(self) -> list[Loop]:
        works: list[tuple[str, Callable[[], Awaitable[datetime | None]]]] = [
            ("intents", self._intents.work),
            ("link requests", self._link_requests.work),
            ("planning", self._planning.work),
            ("agenda", self._agenda.work),
            ("dispatching", self._dispatching.work),
            ("recounting", self._recounting.work),
            ("survivors", self._survivors.look),
            *(("submitting", one.work) for one in self._submitting),
            *(("pushes", partial(self._take_pushes, name)) for name in self._pushes),
        ]
        foreseen = (StorageError,)
        return [Loop(name, work, self.ground.clock, foreseen) for name, work in works]

    def _timers(self) -> Timers:
        timers = Timers(self._claim_tick, (StorageError,))
        for name, live in self.ground.live.items():
            timers.every(live.poll_interval, f"poll {name}", partial(self._poll, name), alone=False)
        for name in self._pushes:
            job = partial(self._subscribe, name)
            timers.every(SUBSCRIPTIONS_EVERY, f"subscribe {name}", job, alone=False)
        timers.every(RENEW_EVERY, "watch", self._watch.renew, alone=False)
        timers.every(SLACK_EVERY, "slack", self.slack_watch.tick)
        timers.every(PROFILES_EVERY, "profiles", self._profiles.refresh)
        timers.every(STUCK_EVERY, "stuck", self.stuck_watch.tick, alone=False)
        timers.every(TIDY_EVERY, "tidy", self._intents.tidy)
        timers.every(TIDY_EVERY, "tidy pushes", partial(tidy_pushes, self.ground))
        return timers

    async def _poll(self, name: str) -> None:
        if await self._watch.mine(name):
            if not await self._polling[name].tick():
                await self._watch.leave(name)
            self.wake()

    async def _subscribe(self, name: str) -> None:
        if await self._watch.mine(name):
            await self._pushes[name].tick()

    async def _take_pushes(self, name: str) -> datetime | None:
        """Pushes are for the process that polls, wherever they came."""
        pushes = self._pushes[name]
        due = await self.ground.db.read(pushes.next_due)
        if due is None or not await self._watch.mine(name):
            return None
        return await pushes.work()

    async def _claim_tick(self, name: str, interval: timedelta) -> bool:
        """Whether a timer's turn is ours: where no other process can take it, always."""
        if not self.ground.db.shared:
            return True
        now = self.ground.clock.now()
        return await self.ground.db.write(
            lambda tx: connections.claim_tick(tx, name, now, interval), single=True
        )


@asynccontextmanager
async def open_taskbell(
    settings: Settings, clock: Clock, *, owner: bool
) -> AsyncIterator[Taskbell]:
    """Everything built and connected, for as long as the block runs. `owner`: this process runs
    the bot on the database, rather than beside it."""
    async with (
        open_ground(settings, clock, owner=owner) as ground,
        _slack(settings, ground) as (slack, web),
    ):
        yield Taskbell(settings, ground, slack, web)


def _slack(
    settings: Settings, ground: Ground
) -> AbstractAsyncContextManager[tuple[SlackClient, AsyncWebClient]]:
    token = _token(settings)
    pace = SlackPace(ground.db, ground.clock, workspace_of(token), ground.counts)
    return connect(token, settings.slack_api_url, pace)


def _token(settings: Settings) -> str:
    return settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""


@asynccontextmanager
async def open_ground(settings: Settings, clock: Clock, *, owner: bool) -> AsyncIterator[Ground]:
    """The store and the providers, for as long as the block runs."""
    live = {one.name: _live(one, settings, clock) for one in settings.connections}
    db = await asyncio.to_thread(open_database, settings, owner=owner)
    try:
        async with server_time(db, clock):
            ground = Ground(db, clock, _rules(settings), live)
            await db.write(lambda tx: _know(tx, ground, owner=owner))
            yield ground
    finally:
        for one in live.values():
            await one.provider.close()
        await db.close()


def open_database(settings: Settings, *, owner: bool) -> Database:
    """The database that is set, with its schema up to date; raises StorageError."""
    if (path := settings.database_path) is not None:
        return SqliteDatabase(path, owner=owner)
    from bot.store.postgres import PostgresDatabase  # an extra

    return PostgresDatabase(settings.database_url)


def _live(one: ConnectionSettings, settings: Settings, clock: Clock) -> LiveConnection:
    spec = registry.find(one.provider)
    interval = one.poll_interval or settings.poll_interval or spec.poll_interval
    return LiveConnection(
        name=one.name,
        provider_name=one.provider,
        title=spec.title if one.name == one.provider else one.name,
        provider=spec.build(one.options, clock),
        poll_interval=timedelta(seconds=interval),
    )


def _know(tx: Tx, ground: Ground, *, owner: bool) -> None:
    turns.ensure(tx, planning.TURN)
    for one in ground.live.values():
        connections.ensure(tx, one.name, one.provider_name)
    for reader in escalating.overseers(ground.rules):
        agenda.ensure(tx, reader, ground.clock.now())
        if is_user(reader):
            people.see_person(tx, reader)
    if owner:  # the hours that are set may be others than before
        agenda.look_at_all(tx, ground.clock.now())


def _rules(settings: Settings) -> Rules:
    return Rules(
        timezone=settings.timezone,
        locale=settings.locale,
        due_soon=settings.due_soon,
        working_days=settings.working_days,
        quiet_hours=settings.quiet_hours,
        digest_at=settings.digest_at,
        undo=timedelta(seconds=settings.undo_seconds),
        admins=frozenset(settings.admins),
        managers=frozenset(settings.managers),
        fallback_channel=settings.fallback_channel,
        alert_channel=settings.alert_channel,
        link_by_email=settings.link_by_email,
    )
