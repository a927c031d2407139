"""Push: have providers call us when tasks change, and poll at once when they do.

Push shortens the wait, polling stays the truth: nothing that a push tells is stored as a task's
state, and whatever fails here costs only time.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog

from adapters.contract import (
    ProviderError,
    Push,
    Pushed,
    PushRequest,
    RateLimited,
    Unauthorized,
    Unavailable,
)
from bot.ground import Ground, LiveConnection
from bot.polling import Polling
from bot.store import pushes
from bot.store.database import Tx
from bot.store.pushes import Webhook

SUBSCRIBE_EVERY = timedelta(hours=1)
"""How often a subscription is looked at: providers pause them and forget them."""

SUBSCRIBE_SOON = timedelta(minutes=5)
"""How long to wait where the provider was away."""

BUDGET_SECONDS = 60.0

PAUSE = timedelta(seconds=2)
"""The least time between two polls that pushes cause."""

SHARE = 4
"""A poll that takes long is followed by a pause of so many times its length, or by the timer's
poll: pushes must not keep a large listing under way for ever."""

KEEP = timedelta(days=5)
"""How long a push is remembered, so that a late repetition of it is recognised: the most patient
provider repeats for three days."""

log = structlog.get_logger(__name__)


class NotSubscribed(Exception):
    """A push came before we know what proves it."""


class Pushes:
    """The pushes of one connection. `public_url`: where this process is reached from outside,
    without a slash at its end; None: no subscription is made."""

    def __init__(
        self,
        ground: Ground,
        live: LiveConnection,
        polling: Polling,
        public_url: str | None,
        changed: Callable[[], None],
    ) -> None:
        self._ground = ground
        self._live = live
        self._polling = polling
        self._public_url = public_url
        self._changed = changed
        self._look_at = self._rest_until = datetime.min.replace(tzinfo=UTC)
        self._refusing = False

    async def tick(self) -> None:
        """Make or mend the subscription, hourly. Trouble is only logged: polls tell of a provider
        that is away or a key that is refused, and a key that may only read can do without push."""
        now = self._ground.clock.now()
        if self._public_url is None or now < self._look_at:
            return
        self._look_at = now + SUBSCRIBE_EVERY
        name, token = self._live.name, secrets.token_urlsafe(32)
        webhook = await self._ground.db.write(lambda tx: pushes.ensure_webhook(tx, name, token))
        try:
            async with asyncio.timeout(BUDGET_SECONDS):
                url = f"{self._public_url}{self._path(webhook)}"
                held = await self._live.provider.subscribe(url, webhook.held)
        except (ProviderError, TimeoutError) as error:
            if isinstance(error, RateLimited | TimeoutError | Unavailable):
                self._look_at = now + SUBSCRIBE_SOON
            # A provider may quote the address that it refuses.
            said = str(error).replace(webhook.token, "***") or "no answer in time"
            log.warning("not subscribed", connection=name, error=said)
            return
        if held != webhook.held:
            await self._ground.db.write(lambda tx: pushes.subscribed(tx, name, held))
            log.info("subscribed", connection=name)

    def _path(self, webhook: Webhook) -> str:
        path = f"/webhooks/{self._live.name}"
        return f"{path}/{webhook.token}" if self._pokes else path

    @property
    def _pokes(self) -> bool:
        return self._live.provider.capabilities.push is Push.POKE

    async def find(self, token: str) -> Webhook | None:
        """The webhook that requests to this connection's path with `token` are for (empty: there
        is none in the path); None where no provider was told that path."""
        webhook = await self._ground.db.read(lambda tx: pushes.webhook(tx, self._live.name))
        if webhook is None:
            return None
        expected = webhook.token if self._pokes else ""
        return webhook if secrets.compare_digest(expected.encode(), token.encode()) else None

    async def take(self, webhook: Webhook, headers: Mapping[str, str], body: bytes) -> None:
        """Store what a request tells, durably, and have it looked at. Asks nobody: the provider
        waits for the answer. Raises NotSubscribed, Unauthorized, Malformed."""
        if webhook.held is None:
            raise NotSubscribed
        now = self._ground.clock.now()
        try:
            pushed = self._live.provider.read_push(PushRequest(headers, body, now), webhook.held)
        except Unauthorized as error:
            if not self._refusing:  # a line for each would let strangers fill the log
                log.warning("push refused", connection=self._live.name, error=str(error))
            self._refusing = True
            raise
        self._refusing = False
        # What anybody could have said is a reason to look, whatever it names.
        told = Pushed() if self._pokes else pushed
        name = self._live.name
        if await self._ground.db.write(lambda tx: pushes.add(tx, name, told, now), urgent=True):
            self._changed()

    def next_due(self, tx: Tx) -> datetime | None:
        """When the pushes that wait may be looked at; None where none wait."""
        return self._rest_until if pushes.waiting(tx, self._live.name) else None

    async def work(self) -> datetime | None:
        """Poll once for all pushes that wait. They are taken first: one that comes meanwhile is
        for the next poll, and those of a process that dies are made good by the timer's."""
        now = self._ground.clock.now()
        due = await self._ground.db.read(self.next_due)
        if due is None or due > now:
            return due
        named = await self._ground.db.write(lambda tx: pushes.take(tx, self._live.name, now))
        good = await self._polling.poke(named, pushed=True)
        self._rest_until = self._rested(now, good=good)
        self._changed()
        return await self._ground.db.read(self.next_due)

    def _rested(self, began: datetime, *, good: bool) -> datetime:
        """When the next poll may begin; after one that failed, not before the timer's."""
        now, interval = self._ground.clock.now(), self._live.poll_interval
        pause = min((now - began) * SHARE, interval) if good else interval
        return now + max(pause, PAUSE)


async def tidy(ground: Ground) -> None:
    """Forget pushes that no provider repeats any more."""
    before = ground.clock.now() - KEEP
    await ground.db.write(lambda tx: pushes.forget(tx, before))
