"""What every provider adapter speaks: its types, its one protocol, its errors.

The errors are named by what the caller should do next::

    ProviderError
    ├── Unauthorized   the key is refused: stop this connection, tell the admins
    ├── RateLimited    wait `retry_after` seconds, then go on
    ├── Unavailable    try again later; `ambiguous` says a write may have landed
    ├── Rejected       the provider refused this answer: tell the person why
    ├── Conflict       somebody was first: `task` is what the provider says now
    ├── NotFound       the thing is gone, or hidden from this key
    ├── Malformed      the provider broke its own contract: keep it out, log it
    └── Unsupported    this provider has no such thing

The text of an error can be shown to people: it holds no secret and no personal data.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class TaskState(StrEnum):
    """What a task's status means to us; the provider's own word is `Task.status_label`."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Due:
    """When a task is due: an instant (`at`, aware, UTC) or a calendar day (`on`), never both."""

    at: datetime | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        if (self.at is None) == (self.on is None):
            raise ValueError("a due is either an instant or a day")
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError("an instant needs a time zone")


@dataclass(frozen=True, slots=True)
class Operator:
    """A person at the provider. `kind` is the provider's own word for a role, if it has one."""

    id: str
    name: str | None = None
    email: str | None = None
    kind: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what a task concerns, with its page at the provider where there is one."""

    label: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How a task was answered, in the provider's words; `by` is the name that it gives."""

    label: str | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One item of work as the provider tells it.

    `details` are short texts in the provider's words (reason, type, place), most telling first.
    `data` is the adapter's own: what it needs to find and answer this task again.
    A task may have a `result` and still be open.
    """

    id: str
    title: str
    state: TaskState = TaskState.OPEN
    due: Due | None = None
    operators: tuple[Operator, ...] = ()
    subject: Subject | None = None
    details: tuple[str, ...] = ()
    status_label: str | None = None
    priority: str | None = None
    url: str | None = None
    result: Result | None = None
    data: Mapping[str, str] = field(default_factory=dict)


class FieldKind(StrEnum):
    """What a field asks for, and how its value is written in `Answer.fields`."""

    FUTURE_MOMENT = "future_moment"
    """An instant after now: ISO 8601, UTC."""
    TEXT = "text"
    CHOICE = "choice"
    """One `Choice.value`."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """Something an outcome asks of the person. Optional fields never open a form on their own."""

    key: str
    label: str
    kind: FieldKind
    required: bool = True
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing a click can do. The label is shown, the code is sent.

    `completes` is true where the provider tells that this outcome finishes the task.
    `reversible` is true where the provider can take it back.
    """

    code: str
    label: str
    completes: bool = False
    reversible: bool = False
    fields: tuple[Field, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a form must be filled before this outcome can be sent."""
        return any(field.required for field in self.fields)


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's choice of an outcome. `occurred_at` (aware, UTC) stays the same over retries."""

    outcome: str
    occurred_at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a listing. `whole` is false where something in it could not be read: a listing
    with such a page says nothing about the tasks that it lacks."""

    tasks: Sequence[Task]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """Whose key this is, in the provider's words."""

    name: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do beyond listing, looking up and answering.

    `incremental`: `tasks(since=…)` lists only what changed, finished tasks included.
    `directory`: `operators()` lists people with e-mail addresses that the provider vouches for.
    """

    incremental: bool = False
    directory: bool = False


class Provider(Protocol):
    """One account at one provider. Every method may raise any `ProviderError`."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def check(self) -> Account:
        """Prove that the key works, as cheaply as the provider allows."""
        ...

    def tasks(self, since: datetime | None = None) -> AsyncIterator[Page]:
        """All open tasks; or, with `since` and where the provider is incremental, every task that
        changed at or after that instant, whatever its state. A listing that ends without an error
        and with only whole pages is complete. Tasks may repeat."""
        ...

    async def lookup(self, task: Task) -> Task | None:
        """What the provider now says of this task; None when it is gone or hidden from the key."""
        ...

    async def outcomes(self) -> Sequence[Outcome]:
        """What a click can do, in the provider's order. Cheap: cached for minutes."""
        ...

    async def submit(
        self, task: Task, answer: Answer, actor: Operator | None, *, again: bool = False
    ) -> Task:
        """Write the answer in the name of `actor` and return what the provider then says.

        `again`: an earlier try may have landed, so read before writing; an answer of ours that is
        found there counts as written. A task finished by somebody else raises `Conflict`.
        """
        ...

    async def operators(self) -> Sequence[Operator]:
        """The people of the account (`Capabilities.directory`), the inactive ones marked."""
        ...

    async def close(self) -> None:
        """Give back the connections."""
        ...


class ProviderError(Exception):
    """Something went wrong at the provider; see the tree above."""


class Unauthorized(ProviderError):
    """The key is missing, wrong, revoked, or lacks a permission."""


class RateLimited(ProviderError):
    """Too many requests. `retry_after`: seconds to wait."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(ProviderError):
    """No usable answer: no connection, a time-out, a 5xx. `ambiguous`: the request may have been
    carried out all the same."""

    def __init__(self, message: str, *, ambiguous: bool = False) -> None:
        super().__init__(message)
        self.ambiguous = ambiguous


class Rejected(ProviderError):
    """The provider read the request and refused it. `fields`: what it says of single fields."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Conflict(ProviderError):
    """The task has changed in a way that makes the answer moot. `task`: what it is now."""

    def __init__(self, message: str, task: Task | None = None) -> None:
        super().__init__(message)
        self.task = task


class NotFound(ProviderError):
    """There is no such thing, or this key may not see it."""


class Malformed(ProviderError):
    """The provider's answer is not what it documents."""


class Unsupported(ProviderError):
    """The provider cannot do this."""
