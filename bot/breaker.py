"""A breaker for each connection: when a provider does not answer, one asks it now and then, and all
others wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.contract import ProviderError, RateLimited, Unavailable
from bot.domain.pace import backoff
from bot.ground import Ground
from bot.store import breakers, submissions
from bot.store.database import Tx

FAILURES = 3
"""So often in a row a provider may fail to answer before it is left alone."""

LONGEST_REST = timedelta(minutes=2)
"""Between two probes; they become rarer up to this, so that its return is soon noticed."""

PROBE_LEASE = timedelta(seconds=90)
"""How long a probe may take before somebody else is one."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a provider may be asked now. `until`: not before then; it is silent since `since`,
    or asks for a pause (None). `probe`: only by this one, which finds out whether it is back."""

    until: datetime | None = None
    since: datetime | None = None
    probe: bool = False


class Breaker:
    """What is known of a connection's silence; all processes share it."""

    def __init__(self, ground: Ground, connection: str) -> None:
        self._ground = ground
        self._name = connection

    async def admit(self) -> Admission:
        """May it be asked now? A probe that is granted must be made."""
        now = self._ground.clock.now()
        found = await self._ground.db.read(lambda tx: breakers.silence(tx, self._name))
        if found is None:
            return Admission()
        since = found.since if found.failures else None
        if found.rest_until > now:
            return Admission(found.rest_until, since)
        if found.failures < FAILURES:
            return Admission()
        lease = now + PROBE_LEASE
        probe = await self._ground.db.write(
            lambda tx: breakers.claim_probe(tx, self._name, now, lease), single=True
        )
        return Admission(probe=True) if probe else Admission(lease, since)

    async def failed(self, error: BaseException) -> None:
        """What came of asking: silence, a wish for a pause, or an answer that was no success."""
        match error:
            case RateLimited(retry_after=seconds):
                await self._ground.db.write(lambda tx: self._pause(tx, timedelta(seconds=seconds)))
            case Unavailable() | TimeoutError():
                await self._ground.db.write(self._count)
            case ProviderError():
                await self.answered()

    async def answered(self) -> None:
        """It answers: what has waited for that goes at once."""
        if await self._ground.db.read(lambda tx: breakers.silence(tx, self._name)) is not None:
            await self._ground.db.write(self._close)

    def _pause(self, tx: Tx, pause: timedelta) -> None:
        now = self._ground.clock.now()
        breakers.rest(tx, self._name, now, now + pause)

    def _count(self, tx: Tx) -> None:
        now = self._ground.clock.now()
        failures = breakers.failed(tx, self._name, now)
        if failures >= FAILURES:
            pause = min(backoff(failures - FAILURES + 1), LONGEST_REST)
            breakers.rest(tx, self._name, now, now + pause)

    def _close(self, tx: Tx) -> None:
        if breakers.answered(tx, self._name) >= FAILURES:
            submissions.hurry(tx, self._name, self._ground.clock.now())
