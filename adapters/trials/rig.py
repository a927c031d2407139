"""What the suite needs of a provider's simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

Spelling = tuple[str, Mapping[str, object], date | datetime | None]
"""A way to write a due: what it is called, the fields of a row that say it, what they mean."""


class Rig(Protocol):
    """A simulated account at the provider, and a hand inside it. Each check gets a fresh one.

    Subclass it and fill in what has no body; what raises NotImplementedError here is wanted only
    of providers with the capability that is named. Everything is plain data, in the provider's
    own ids, so that a simulation need not know the adapter. Fields inside a row are named by
    paths such as `details.operator`. A `datetime` is aware.
    """

    app: Any
    """The provider's API: an ASGI application. It refuses what its documentation doesn't allow."""
    options: Mapping[str, object]
    """What the adapter's options need to reach this account: its key and base URL."""
    secrets: Sequence[str]
    """Texts that must never be logged or told: the key, tokens, what people's objects hold."""
    violations: Sequence[str]
    """A sentence for each request so far that leaves the documented surface."""

    listing: str
    """The path that lists tasks."""
    rows: Sequence[str]
    """Where the rows are in a page of the listing: the keys that lead there; none when the page
    is the bare list."""
    nullable: Sequence[str]
    """Fields of a row that may be null, by the provider's documentation."""
    words: Sequence[str]
    """Fields of a row that hold one of a list of words, to which a provider may add."""
    dues: Sequence[type[date]] = (date, datetime)
    """Which dues a task can have here: calendar days, instants."""
    searches: Sequence[str] = ()
    """Paths where a POST only asks."""

    def now(self) -> datetime:
        """The time at the provider; the adapter gets it as its clock."""

    def advance(self, seconds: float) -> None:
        """Let time pass."""

    def revoke(self) -> None:
        """Refuse the key from now on."""

    def add_operator(self, name: str, email: str) -> str:
        """A person of the account; returns the id that tasks name."""

    def add(
        self, title: str, operator: str | None = None, due: date | datetime | None = None
    ) -> str:
        """An open task, of the simplest kind; returns its id. A title is what people know the
        task by."""

    def rename(self, task_id: str, title: str) -> None:
        """Change something that shows."""

    def finish(self, task_id: str) -> None:
        """Let somebody else finish it, in another way than through the key."""

    def remove(self, task_id: str) -> None:
        """Let it vanish."""

    def is_open(self, task_id: str) -> bool:
        """Whether it is still there and waits for somebody, as the provider knows it."""

    def spellings(self) -> Iterable[Spelling]:
        """Every way in which a row may write when it is due: other forms that the documentation
        allows or that were seen."""
        return ()

    def add_former(self, name: str, email: str) -> str:
        """A person who has left (`directory`)."""
        raise NotImplementedError

    def operators_of(self, task_id: str) -> Sequence[str]:
        """Whose task it is (`reassign`, `create`)."""
        raise NotImplementedError

    def due_of(self, task_id: str) -> date | datetime | None:
        """When it is due (`reschedule`, `create`)."""
        raise NotImplementedError

    def comments_of(self, task_id: str) -> Sequence[str]:
        """The texts that people left there (`comment`)."""
        raise NotImplementedError

    def titled(self, title: str) -> Sequence[str]:
        """The ids of the tasks with this title (`create`)."""
        raise NotImplementedError

    def subject(self) -> str:
        """The name of something that a new task may concern (`subjects`)."""
        raise NotImplementedError

    def deliveries(self, url: str) -> Sequence[tuple[Mapping[str, str], bytes]]:
        """Headers and body of what the provider has sent to `url` since the last call (`push`)."""
        raise NotImplementedError

    def push_troubles(self) -> Mapping[str, Callable[[], None]]:
        """Ways in which somebody at the provider may silence it, by name: all that was subscribed
        is paused, is deleted (`push`)."""
        raise NotImplementedError
