"""Poll: bring what is stored of a connection's tasks in line with what its provider says."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from adapters.contract import (
    Malformed,
    Offer,
    Operator,
    Page,
    ProviderError,
    Task,
    TaskState,
    Unauthorized,
)
from bot import recording
from bot.breaker import Breaker
from bot.counts import DONE, POLLS, failure
from bot.domain.reminders import first_look
from bot.ground import Ground, LiveConnection
from bot.linking import Linking, summarise_baseline, summarise_newcomers
from bot.store import connections, people, preferences, tasks
from bot.store.connections import Polled, PollState
from bot.store.database import Tx, from_ms
from bot.store.tasks import LOOK_NOW, Known, Sighting, glance
from bot.troubles import Troubles

OVERLAP = timedelta(minutes=5)
"""How far an incremental listing reaches back behind the last one: clocks differ, and changes
may become visible late."""

FULL_EVERY = timedelta(minutes=15)
"""How often an incremental connection lists everything, to find what was removed."""

SMALL = 3
"""A listing of so few pages is read whole every time: it finds removed tasks at once, for about
the price of asking what changed."""

LOOKUPS = 200
"""How many missing tasks are looked up in one poll; the rest wait for the next."""

LOOK_UP_AGAIN = timedelta(minutes=15)
"""How long a task that no listing has, but a look-up shows open, is taken to be so."""

AT_ONCE = 4

TOGETHER = 1000
"""Tasks of a first listing that are stored in one transaction: a click may have to wait for it."""

ASK_AGAIN = timedelta(minutes=10)
"""How long a connection whose key is refused is left alone; a restart asks at once."""

BUDGET_SECONDS = 300.0

TELL_EVERY = timedelta(seconds=30)
"""How often good polls that found nothing are stored where other processes ask for them."""

Glances = dict[str, tuple[int, str]]
"""Of each task that a process has seen: its `glance`, and the fingerprint that it stands for.
What looks the same need not be encoded again to be compared with what is stored."""

log = structlog.get_logger(__name__)


class Polling:
    """The polls of one connection."""

    def __init__(
        self, ground: Ground, live: LiveConnection, linking: Linking, troubles: Troubles
    ) -> None:
        self._ground = ground
        self._live = live
        self._linking = linking
        self._troubles = troubles
        self._breaker = Breaker(ground, live.name)
        self._refused_at: datetime | None = None
        self._alone = asyncio.Lock()
        self._glances: Glances = {}
        self._unlisted: dict[str, datetime] = {}

    async def tick(self) -> bool:
        """A timer's poll; False as for `poke`."""
        return await self.poke(())

    async def poke(self, named: Collection[str], *, pushed: bool = False) -> bool:
        """A poll that no person asked for, perhaps because of a push that `named` these tasks: a
        connection whose key is refused is left alone for a while, as is one that does not answer.
        False as for `poll`."""
        now = self._ground.clock.now()
        if self._refused_at is not None and now - self._refused_at < ASK_AGAIN:
            return False
        if (await self._breaker.admit()).until is not None:
            return False
        return await self.poll(named=named, pushed=pushed)

    async def poll(
        self, *, full: bool = False, named: Collection[str] = (), pushed: bool = False
    ) -> bool:
        """One poll, after any that is under way. `full`: list everything, whatever could be
        skipped; `named`: tasks to look up where no listing shows them. Trouble of the provider is
        recorded and told, not raised; False when there was any."""
        try:
            async with self._alone, asyncio.timeout(BUDGET_SECONDS):
                await self._poll(full=full, named=named, pushed=pushed)
        except (ProviderError, TimeoutError) as error:
            self._refused_at = self._ground.clock.now() if isinstance(error, Unauthorized) else None
            await self._breaker.failed(error)
            self._ground.counts.add(POLLS, self._live.name, failure(error))
            await self._troubles.begin(self._live, _trouble_of(error), error)
            return False
        self._refused_at = None
        await self._breaker.answered()
        self._ground.counts.add(POLLS, self._live.name, DONE)
        await self._troubles.end(self._live)
        return True

    async def _poll(self, *, full: bool, named: Collection[str], pushed: bool) -> None:
        await self._linking.refresh(self._live)
        name = self._live.name
        stored = await self._ground.db.read(lambda tx: connections.state(tx, name))
        state = self._ground.quiet.seen(stored)
        scope = await self._ground.db.read(self._scope)
        listing = _Listing(self._ground, self._live, state, scope, self._glances, self._unlisted)
        listing.how["by"] = "push" if pushed else "timer"
        began = self._ground.clock.now()
        full = full or self._wants_full(state, began)
        if self._live.provider.capabilities.incremental and state.good_at and state.baseline_at:
            await listing.read(since=state.good_at - OVERLAP)
        if full:
            await listing.read(since=None)
        # After the listing, from which some adapters learn what can be done.
        await self._read_offer()
        await listing.look_up_missing(named, full=full)
        if full:
            self._glances = listing.glances()
        # Once more: a new task may name somebody who is new, too.
        await self._linking.refresh(self._live)
        pages = listing.pages if full else None
        polled = Polled(began, began if full and listing.whole else None, pages)
        news = listing.stored or state.baseline_at is None or scope.newcomers
        if news or self._is_awaited(stored, began):
            await self._ground.db.write(lambda tx: self._finish(tx, polled, scope))
            self._ground.quiet.forget(name)
        else:
            self._ground.quiet.keep(name, polled)

    def _is_awaited(self, stored: PollState, began: datetime) -> bool:
        """Whether other processes, which tell how the bot is, have long read nothing of a poll."""
        if not self._ground.db.shared or stored.good_at is None:
            return False
        return began - stored.good_at >= TELL_EVERY

    def _wants_full(self, state: PollState, now: datetime) -> bool:
        if not self._live.provider.capabilities.incremental or state.full_at is None:
            return True
        return state.full_pages <= SMALL or now - state.full_at >= FULL_EVERY

    def _scope(self, tx: Tx) -> _Scope:
        if not self._live.provider.capabilities.scoped:
            return _Scope()
        name = self._live.name
        if self._ground.rules.fallback_channel is None:
            wanted = people.linked_operators(tx, name)
        else:
            wanted = [one.id for one in people.operators(tx, name) if one.active]
        return _Scope(tuple(wanted), frozenset(wanted) - people.listed(tx, name))

    def _finish(self, tx: Tx, polled: Polled, scope: _Scope) -> None:
        name = self._live.name
        # Another process may have finished a poll meanwhile: nobody is told twice.
        is_first = connections.state(tx, name).baseline_at is None
        newcomers = scope.newcomers - people.listed(tx, name) if scope.newcomers else frozenset()
        connections.polled(tx, name, self._ground.quiet.with_kept(name, polled))
        if is_first:
            recording.baseline(tx, name, polled.at)
            summarise_baseline(tx, self._ground, self._live)
        elif newcomers:
            summarise_newcomers(tx, self._ground, self._live, newcomers)
        people.set_listed(tx, name, newcomers, polled.at)

    async def _read_offer(self) -> None:
        offer = await self._live.provider.offer()
        name = self._live.name
        before = await self._ground.db.read(lambda tx: connections.state(tx, name))
        known = Offer(before.outcomes, before.draft_fields, before.gap)
        if offer != known:

            def store(tx: Tx) -> None:
                self._troubles.offered(tx, self._live, offer.gap)
                connections.set_offer(tx, name, offer)
                tasks.look_again_at_open(tx, name)

            await self._ground.db.write(store)


def _trouble_of(error: BaseException) -> str:
    if isinstance(error, Unauthorized):
        return "unauthorized"
    return "malformed" if isinstance(error, Malformed) else "unavailable"


@dataclass(frozen=True, slots=True)
class _Scope:
    """Whose tasks a provider is asked for that lists only what it is asked for: the ids of
    operators, and those among them whose tasks have never been read."""

    people: tuple[str, ...] = ()
    newcomers: frozenset[str] = frozenset()


class _Listing:
    """One poll's reading of a provider's listing, page by page into the store."""

    def __init__(
        self,
        ground: Ground,
        live: LiveConnection,
        state: PollState,
        scope: _Scope,
        glances: Glances,
        unlisted: dict[str, datetime],
    ) -> None:
        self._ground = ground
        self._live = live
        self._scope = scope
        self._unlisted = unlisted
        self._baseline = state.baseline_at is None
        self._began = ground.clock.now()
        self._known: dict[str, Known] | None = None
        self._lead: timedelta | None = None
        self._seen: set[str] = set()
        self._learnt: dict[str, Operator] = {}
        self._glances = glances
        self._first: list[Sighting] = []
        self.whole = True
        self.pages = 0
        self.stored = False
        """Whether anything was new."""
        self.how: dict[str, str] = {}
        """What shows a task, for the audit."""

    async def read(self, since: datetime | None) -> None:
        """Read all pages, storing what changed."""
        self.how["listing"] = "changes" if since else "full"
        if self._known is None:
            self._known, self._lead = await self._ground.db.read(self._before)
        read_at = self._ground.clock.now()
        self.pages = 0
        async for page in self._live.provider.tasks(self._scope.people, since):
            self.pages += 1
            await self._take(page, read_at)
            read_at = self._ground.clock.now()
        await self._store_first()

    def _before(self, tx: Tx) -> tuple[dict[str, Known], timedelta | None]:
        """What is known before anything is read, and how early a task may be brought up."""
        usual = self._ground.rules.due_soon
        return tasks.known(tx, self._live.name), preferences.longest_lead(tx, usual)

    async def _take(self, page: Page, read_at: datetime) -> None:
        self.whole = self.whole and page.whole
        assert self._known is not None  # noqa: S101 - `read` has loaded it
        new, changed = [], []
        for task in page.tasks:
            if task.id in self._seen:
                continue
            self._seen.add(task.id)
            self._unlisted.pop(task.id, None)
            known = self._known.get(task.id)
            if known is None and task.state is not TaskState.OPEN:
                continue
            look = glance(task)
            if known is not None and self._glances.get(task.id) == (look, known.fingerprint):
                continue
            sighting = self._sighting(task, known, read_at)
            self._glances[task.id] = (look, sighting.fingerprint)
            if known is None:
                new.append(sighting)
            elif known.fingerprint != sighting.fingerprint:
                changed.append(sighting)
        if self._baseline:
            self._first += new
            new = []
            if len(self._first) >= TOGETHER:
                await self._store_first()
        if new or changed:
            await self._keep(new, changed, read_at)

    async def _store_first(self) -> None:
        """Store what the first listing has gathered."""
        first, self._first = self._first, []
        for start in range(0, len(first), TOGETHER):
            await self._keep(first[start : start + TOGETHER], (), self._began)

    def glances(self) -> Glances:
        """Those of the tasks that this poll has seen."""
        return {key: value for key, value in self._glances.items() if key in self._seen}

    def _sighting(self, task: Task, known: Known | None, now: datetime) -> Sighting:
        if known is None and self._baseline:
            return Sighting.of(task, first_look(task.due, self._lead, now))
        return Sighting.of(task, from_ms(LOOK_NOW))

    async def _keep(
        self, new: Sequence[Sighting], changed: Sequence[Sighting], read_at: datetime
    ) -> None:
        """Store them, and whom they name, as far as this listing has not told it before."""
        named = {o.id: o for s in (*new, *changed) for o in s.task.operators}
        unlearnt = [o for o in named.values() if self._learnt.get(o.id) != o]
        self.stored = True
        await self._ground.db.write(lambda tx: self._store(tx, new, changed, unlearnt, read_at))
        self._learnt |= named

    def _store(
        self,
        tx: Tx,
        new: Sequence[Sighting],
        changed: Sequence[Sighting],
        operators: Sequence[Operator],
        read_at: datetime,
    ) -> None:
        name = self._live.name
        people.learn_operators(tx, name, operators)
        # What the first listing shows was there when it began: later, it would count as news.
        seen_at = self._began if self._baseline else read_at
        newcomers = self._scope.newcomers
        tasks.add(tx, name, new, seen_at, baseline=self._baseline, newcomers=newcomers)
        if not self._baseline:
            recording.first_seen(tx, name, new, self.how, read_at)
        for sighting in changed:
            recording.update(tx, name, sighting, self.how, read_at)

    async def look_up_missing(self, named: Collection[str], *, full: bool) -> None:
        """Ask for every known open task that a full listing lacks, or for those `named`: absence
        proves nothing. So too where a part of the listing was unreadable, or one broken row would
        keep all that is finished elsewhere from being noticed for as long as it stands."""
        if self._known is None:
            return
        lately = self._began - LOOK_UP_AGAIN
        missing = [
            task_id
            for task_id, known in self._known.items()
            if known.standing == TaskState.OPEN.value
            and task_id not in self._seen
            and (task_id in named or (full and self._unlisted.get(task_id, lately) <= lately))
        ]
        if not missing:
            return
        name = self._live.name
        if self._live.provider.capabilities.scoped:
            # Nobody reads what nobody is asked about any more.
            asked = await self._ground.db.read(
                lambda tx: tasks.of_operators(tx, name, self._scope.people)
            )
            missing = [task_id for task_id in missing if task_id in asked]
        missing = missing[:LOOKUPS]
        stored = await self._ground.db.read(lambda tx: tasks.find_many(tx, name, missing))
        for start in range(0, len(stored), AT_ONCE):
            batch = stored[start : start + AT_ONCE]
            found = await asyncio.gather(
                *(self._look_up(one.task) for one in batch), return_exceptions=True
            )
            for error in filter(None, found):
                if self.whole or not isinstance(error, Malformed):
                    raise error

    async def _look_up(self, task: Task) -> None:
        read_at = self._ground.clock.now()
        found = await self._live.provider.lookup(task)
        self.how["listing"] = "named"
        name = self._live.name
        if found is None:
            self.stored = True
            await self._ground.db.write(lambda tx: recording.gone(tx, name, task.id, read_at))
            return
        if found.state is TaskState.OPEN:
            self._unlisted[task.id] = read_at
        if found != task:
            await self._keep((), (Sighting.of(found, from_ms(LOOK_NOW)),), read_at)
