"""Good polls that found nothing new: remembered here, and stored with the next news or at the end.

Lost with a process that is killed they cost little: the next incremental listing reaches back to
the last news, between which and now nothing happened that we would have to read again.
"""

from __future__ import annotations

from dataclasses import replace

from bot.store import connections
from bot.store.connections import Polled, PollState
from bot.store.database import Tx


class QuietPolls:
    """What the polls of this process have found out and not stored, by connection."""

    def __init__(self) -> None:
        self._kept: dict[str, Polled] = {}

    def keep(self, name: str, polled: Polled) -> None:
        """Remember a poll that stores nothing."""
        self._kept[name] = self.with_kept(name, polled)

    def with_kept(self, name: str, polled: Polled) -> Polled:
        """What to store of a poll, those before it included."""
        before = self._kept.get(name)
        return polled if before is None else before.then(polled)

    def forget(self, name: str) -> None:
        """They are stored."""
        self._kept.pop(name, None)

    def seen(self, state: PollState) -> PollState:
        """A connection's stored state, brought up to date."""
        kept = self._kept.get(state.name)
        if kept is None or (state.good_at is not None and state.good_at > kept.at):
            return state
        return replace(
            state,
            good_at=kept.at,
            full_at=kept.full_at or state.full_at,
            full_pages=state.full_pages if kept.full_pages is None else kept.full_pages,
        )

    def store(self, tx: Tx) -> None:
        """Store all that is kept."""
        for name, polled in self._kept.items():
            connections.polled(tx, name, polled)
