"""Stuck: what should have happened and has not, though nothing that is known keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.model import Whisper
from bot.domain.records import TASKBELL
from bot.ground import Ground, LiveConnection
from bot.store import backlog, connections, outages, people
from bot.store.backlog import Backlog
from bot.store.connections import PollState
from bot.store.database import Tx
from bot.troubles import tell_admins

WAITED = timedelta(minutes=15)
"""How long a message may be on its way before the admins hear, or a thing be due untouched."""

UNPOLLED = timedelta(minutes=20)
"""How long a connection may be without a good poll though none failed; where polls are rare, so
many of their intervals."""
INTERVALS = 5

MOVING = timedelta(minutes=5)
"""While a message was tried so lately, a long queue is no standstill."""

QUIET = timedelta(minutes=5)
"""How old what other processes know of our polls may be."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Measured:
    """How the work stands at `now`. `since`: when this process began to work. `polls`: those of
    the connections that are set."""

    now: datetime
    since: datetime
    polls: Mapping[str, PollState]
    backlog: Backlog
    tried_at: datetime | None
    """The newest attempt to post a message, where one is late."""


def measure(tx: Tx, ground: Ground, since: datetime) -> Measured:
    """Cheap: it looks at what is under way."""
    now = ground.clock.now()
    states = [state for state in connections.states(tx) if state.name in ground.live]
    found = backlog.backlog(tx, now)
    # Not cheap, and seldom asked.
    late = _late(found.deliveries.late_since, now)
    return Measured(
        now,
        since,
        {state.name: ground.quiet.seen(state) for state in states},
        found,
        backlog.newest_attempt(tx) if late else None,
    )


def standstills(measured: Measured, live: Mapping[str, LiveConnection]) -> Iterator[str]:
    """What nobody does though it is due, in words: a process that should and does not is broken.
    The trouble of Slack or of a provider is none of this: what they refuse is put off."""
    now, waiting = measured.now, measured.backlog
    tried_at = measured.tried_at
    moving = tried_at is not None and now - tried_at < MOVING
    if _late(waiting.deliveries.late_since, now) and not moving:
        yield "deliveries"
    for name, state in measured.polls.items():
        if state.trouble is not None:
            continue
        answers = waiting.submissions.get(name)
        if answers is not None and _late(answers.late_since, now):
            yield f"answers to {name}"
        if unpolled(measured, live[name]):
            yield f"polls of {name}"


def unpolled(measured: Measured, live: LiveConnection) -> bool:
    """Whether no poll of a connection has ended well for long, and none has failed either."""
    state = measured.polls.get(live.name)
    if state is None or state.trouble is not None:
        return False
    last = max(state.good_at or measured.since, measured.since)
    return measured.now - last >= max(UNPOLLED, INTERVALS * live.poll_interval)


def _late(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since >= WAITED


class StuckWatch:
    """Tells the admins once that something is stuck, and once that it is not any more."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._since = self._slack_since = ground.clock.now()
        self._suspected = frozenset[str]()

    async def tick(self) -> None:
        """Look, and tell what begins or ends."""
        await self._store_quiet()
        measured = await self._ground.db.read(lambda tx: measure(tx, self._ground, self._since))
        known = await self._ground.db.read(outages.all_of_them)
        stand = {one.subject for one in known}
        if outages.SLACK in stand:
            # Told as what it is; and what has waited for Slack may still take its time then.
            self._slack_since = measured.now
        seen = self._found(measured)
        # Twice in a row: a machine that was asleep finds everything late, and then does it.
        found = {one: why for one, why in seen.items() if one in self._suspected}
        self._suspected = frozenset(seen)
        ours = {outages.DELIVERIES, *map(outages.polls, self._ground.live)}
        begun, ended = found.keys() - stand, (stand & ours) - seen.keys()
        if not (begun or ended):
            return
        begun, ended = await self._ground.db.write(lambda tx: self._tell(tx, found, ended))
        for subject in begun:
            log.warning("stuck", subject=subject, reason=found[subject])
        for subject in ended:
            log.info("no longer stuck", subject=subject)

    def _found(self, measured: Measured) -> dict[str, str]:
        """What is stuck: the reason, by the outage's subject."""
        found, waiting = {}, measured.backlog.deliveries
        if waiting.since and _late(max(waiting.since, self._slack_since), measured.now):
            found[outages.DELIVERIES] = waiting.why or "nobody posts it"
        for live in self._ground.live.values():
            if unpolled(measured, live):
                last = measured.polls[live.name].good_at
                told = f"{last:%Y-%m-%d %H:%M} UTC" if last else "never"
                found[outages.polls(live.name)] = f"last good poll: {told}"
        return found

    def _tell(self, tx: Tx, found: Mapping[str, str], over: set[str]) -> tuple[set[str], set[str]]:
        """What begins and what ends, as far as no other process has told it."""
        now = self._ground.clock.now()
        begun = {one for one, why in found.items() if outages.begin(tx, one, why, now)}
        ended = {one for one in over if outages.end(tx, one)}
        for subject in sorted(begun):
            self._say(tx, "stuck", subject, found[subject])
        for subject in sorted(ended):
            self._say(tx, "moving", subject, "")
        return begun, ended

    def _say(self, tx: Tx, how: str, subject: str, reason: str) -> None:
        what, _, name = subject.partition(" ")
        title = self._ground.live[name].title if name else "Slack"
        params = {"connection": title, "reason": reason}
        tell_admins(tx, self._ground, Whisper(f"{what}_{how}", params))
        now = self._ground.clock.now()
        people.audit(tx, now, TASKBELL, f"{what} {how}", name or None, None, {"said": reason})

    async def _store_quiet(self) -> None:
        """Let other processes know of good polls that stored nothing."""
        quiet = self._ground.quiet
        states = await self._ground.db.read(connections.states)
        stale = [one for one in states if _older(one, quiet.seen(one))]
        if stale:
            await self._ground.db.write(quiet.store)


def _older(stored: PollState, seen: PollState) -> bool:
    if stored.good_at is None or seen.good_at is None:
        return stored.good_at is not seen.good_at
    return seen.good_at - stored.good_at >= QUIET
