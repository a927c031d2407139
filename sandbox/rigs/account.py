"""What the rigs of the simulated providers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sandbox.clock import MovableClock
from sandbox.providers.service import ProviderSim

Spelling = tuple[str, Mapping[str, object], date | datetime | None]

START = datetime(2026, 4, 11, 10, tzinfo=UTC)
"""A Saturday. The time of all rigs when they begin."""


class SimulatedAccount:
    """One account of a simulated provider, as the suite's `Rig` wants it: the parts that are the
    same for all, and those that only some providers have, as absent."""

    listing: str
    rows: Sequence[str] = ()
    nullable: Sequence[str] = ()
    words: Sequence[str] = ()
    dues: Sequence[type[date]] = (date, datetime)
    searches: Sequence[str] = ()

    def __init__(
        self,
        sim: ProviderSim,
        clock: MovableClock,
        options: Mapping[str, object],
        behaviour: Mapping[str, object] | None = None,
    ) -> None:
        """`behaviour`: attributes of the simulation for what the documents leave open."""
        for name, value in (behaviour or {}).items():
            if not hasattr(sim, name):
                raise AttributeError(f"{type(sim).__name__} has no {name}")
            setattr(sim, name, value)
        self._account, self._clock = sim, clock
        self.app: Any = sim.app
        self.options: Mapping[str, object] = {"api_key": sim.key, **options}
        self.secrets: Sequence[str] = [sim.key]
        self.violations: Sequence[str] = sim.violations

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, seconds: float) -> None:
        self._clock.advance(timedelta(seconds=seconds))

    def revoke(self) -> None:
        self._account.revoke_key()

    def spellings(self) -> Iterable[Spelling]:
        return ()

    def add_former(self, name: str, email: str) -> str:
        raise NotImplementedError

    def operators_of(self, task_id: str) -> Sequence[str]:
        raise NotImplementedError

    def due_of(self, task_id: str) -> date | datetime | None:
        raise NotImplementedError

    def comments_of(self, task_id: str) -> Sequence[str]:
        raise NotImplementedError

    def titled(self, title: str) -> Sequence[str]:
        raise NotImplementedError

    def subject(self) -> str:
        raise NotImplementedError

    def deliveries(self, url: str) -> Sequence[tuple[Mapping[str, str], bytes]]:
        raise NotImplementedError

    def push_troubles(self) -> Mapping[str, Callable[[], None]]:
        raise NotImplementedError


def clock() -> MovableClock:
    """A clock at `START`."""
    return MovableClock(START)
