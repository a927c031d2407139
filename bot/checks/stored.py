"""What the database tells the other checks: what the running bot has seen and done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.store import backlog, connections, people, pushes
from bot.store.backlog import Backlog, Spoken
from bot.store.connections import PollState
from bot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Stored:
    """As of now. `connections`, `linked` (operators) and `subscribed` are by connection, `spoken`
    by channel."""

    connections: Mapping[str, PollState]
    linked: Mapping[str, list[str]]
    subscribed: Mapping[str, bool]
    backlog: Backlog
    spoken: Mapping[str, Spoken | None]


def stored(tx: Tx, now: datetime, channels: Iterable[str]) -> Stored:
    """Read it all; `channels`: those whose newest message is wanted."""
    states = {state.name: state for state in connections.states(tx)}
    return Stored(
        connections=states,
        linked={name: people.linked_operators(tx, name) for name in states},
        subscribed={name: _subscribed(tx, name) for name in states},
        backlog=backlog.backlog(tx, now),
        spoken={channel: backlog.newest_to(tx, channel) for channel in channels},
    )


def _subscribed(tx: Tx, name: str) -> bool:
    hook = pushes.webhook(tx, name)
    return hook is not None and hook.held is not None
