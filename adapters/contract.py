"""What every provider adapter speaks: its types, its one interface, and (from `adapters.errors`)
its errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from adapters.errors import (
    Conflict as Conflict,
    Malformed as Malformed,
    NotFound as NotFound,
    ProviderError as ProviderError,
    RateLimited as RateLimited,
    Rejected as Rejected,
    Unauthorized as Unauthorized,
    Unavailable as Unavailable,
    Unsupported as Unsupported,
)


class Clock(Protocol):
    """Tells the time as an aware UTC instant."""

    def now(self) -> datetime: ...


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
    """A person at the provider. `kind` is the provider's own word for a role, if it has one.

    Not a `person` is a route, team or queue that tasks may be given to instead: people can be
    linked to it, but nobody acts in its name."""

    id: str
    name: str | None = None
    email: str | None = None
    kind: str | None = None
    active: bool = True
    person: bool = True


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
    `urgent`: it has the provider's own highest priority, and may be told in quiet hours.
    `data` is the adapter's own: what it needs to find and answer this task again, and to put it
    back where it was. A task may have a `result` and still be open. `without` names what does not
    apply to this task as it is now: codes of outcomes, or `Effect` values.
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
    urgent: bool = False
    url: str | None = None
    result: Result | None = None
    without: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)


class FieldKind(StrEnum):
    """What a field asks for, and how its value is written in `Answer.fields`."""

    FUTURE_MOMENT = "future_moment"
    """An instant after now: ISO 8601, UTC."""
    DAY = "day"
    """A calendar day, today or later: ISO 8601."""
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


class Effect(StrEnum):
    """What a change does to a task. All but ANSWER are offered where the `Capabilities` say so;
    CREATE makes a task out of a `Draft`."""

    ANSWER = "answer"
    REOPEN = "reopen"
    RESCHEDULE = "reschedule"
    REASSIGN = "reassign"
    COMMENT = "comment"
    CREATE = "create"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing a click can do. The label is shown, the code is sent.

    `completes` is true where the provider tells that this outcome finishes the task.
    `reversible` is true where the provider can take it back. `grave`: ask before doing it.
    """

    code: str
    label: str
    completes: bool = False
    reversible: bool = False
    grave: bool = False
    fields: tuple[Field, ...] = ()
    effect: Effect = Effect.ANSWER

    @property
    def asks(self) -> bool:
        """Whether a form must be filled before this outcome can be sent."""
        return any(field.required for field in self.fields)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done at this account: the outcomes of its tasks in the provider's order, and
    the fields beyond `Draft`'s own that a new task needs or may have. `gap`: what an admin must
    set up before tasks can be finished, in a sentence; None where nothing is missing."""

    outcomes: tuple[Outcome, ...]
    draft_fields: tuple[Field, ...] = ()
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's choice of an outcome. `occurred_at` (aware, UTC) stays the same over retries,
    here as in every change."""

    outcome: str
    occurred_at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take back what finished the task. `before`: the `Task.data` that it had until then."""

    occurred_at: datetime
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reschedule:
    """Give the task another due. The form of it (instant or day) is the task's own, if it has
    one."""

    occurred_at: datetime
    due: Due


@dataclass(frozen=True, slots=True)
class Reassign:
    """Give the task to this operator, and to nobody else."""

    occurred_at: datetime
    operator: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Leave a text at the task, or at what it concerns."""

    occurred_at: datetime
    text: str


Change: TypeAlias = Answer | Reopen | Reschedule | Reassign | Comment


@dataclass(frozen=True, slots=True)
class Draft:
    """A task to be made. `subject`: the value of one of `Provider.subjects`; `fields`: those of
    `Offer.draft_fields`, by key. `made_at` (aware, UTC) stays the same over retries."""

    title: str
    made_at: datetime
    operator: str | None = None
    due: Due | None = None
    subject: str | None = None
    note: str | None = None
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


class Push(StrEnum):
    """How a provider calls us when something has changed."""

    NONE = "none"
    SIGNED = "signed"
    """Its requests prove that they are its own."""
    POKE = "poke"
    """Anybody could have sent them: a reason to look, and nothing more."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do beyond listing, looking up and answering.

    `incremental`: `tasks(since=…)` lists only what changed, finished tasks included.
    `scoped`: `tasks(people)` lists the tasks of these people only.
    `directory`: `operators()` lists people with e-mail addresses that the provider vouches for.
    `reopen`, `reschedule`, `reassign`, `comment`: `submit` takes that change.
    `create`: `create()` makes tasks; `subjects`: each must concern one of `subjects()`.
    """

    incremental: bool = False
    scoped: bool = False
    directory: bool = False
    reopen: bool = False
    reschedule: bool = False
    reassign: bool = False
    comment: bool = False
    create: bool = False
    subjects: bool = False
    push: Push = Push.NONE


@dataclass(frozen=True, slots=True)
class Subscription:
    """What `subscribe` made at the provider: its id or ids there, and the secret that its
    requests are signed with, if they are."""

    id: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PushRequest:
    """A request that claims to come from the provider; header names are in lower case."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push told. `id`: the same for the same event however often it is delivered; None
    where the provider gives it none. `tasks`: the ids of the tasks that it is about, if told."""

    id: str | None = None
    tasks: tuple[str, ...] = ()


class Provider(ABC):
    """One account at one provider. Every method may raise any `ProviderError`; those that are not
    abstract belong to a capability and raise Unsupported until an adapter that has it says how."""

    capabilities: Capabilities = Capabilities()

    @abstractmethod
    async def check(self) -> Account:
        """Prove that the key works, as cheaply as the provider allows."""

    @abstractmethod
    def tasks(self, people: Collection[str], since: datetime | None = None) -> AsyncIterator[Page]:
        """All open tasks; or, with `since` and where the provider is incremental, every task that
        changed at or after that instant, whatever its state. A listing that ends without an error
        and with only whole pages is complete. Tasks may repeat, and finished ones may be among
        them. `people`: the ids of the operators whose tasks are wanted (`Capabilities.scoped`);
        other providers list everybody's."""

    @abstractmethod
    async def lookup(self, task: Task) -> Task | None:
        """What the provider now says of this task; None when it is gone or hidden from the key."""

    @abstractmethod
    async def offer(self) -> Offer:
        """What a click can do, in the provider's order. Cheap: cached for minutes."""

    @abstractmethod
    async def submit(
        self, task: Task, change: Change, actor: Operator | None, *, again: bool = False
    ) -> Task:
        """Write the change in the name of `actor` and return what the provider then says.

        `again`: an earlier try may have landed, so read before writing; a change of ours that is
        found there counts as written. A task finished by somebody else raises `Conflict`. A change
        that the capabilities don't name raises `Unsupported`.
        """

    @abstractmethod
    async def close(self) -> None:
        """Give back the connections."""

    async def operators(self) -> Sequence[Operator]:
        """The people of the account (`Capabilities.directory`), the inactive ones marked."""
        raise Unsupported("This provider lists no people.")

    async def subjects(self, text: str) -> Sequence[Choice]:
        """What a new task may concern, found by a piece of its name (`Capabilities.subjects`)."""
        raise Unsupported("This provider's tasks concern nothing that could be chosen.")

    async def create(self, draft: Draft, actor: Operator | None, *, again: bool = False) -> Task:
        """Make a task (`Capabilities.create`). `again`: as for `submit`."""
        raise Unsupported("This provider takes no new tasks.")

    async def subscribe(self, url: str, held: Subscription | None) -> Subscription:
        """Have the provider call `url` when tasks change (`Capabilities.push`): made where there
        is none, mended where it is paused or differs. `held`: what the last call returned."""
        raise Unsupported("This provider calls nobody.")

    def read_push(self, push: PushRequest, held: Subscription) -> Pushed:
        """What a request told. Unauthorized when it does not prove to be the provider's own,
        Malformed when it can't be read."""
        raise Unsupported("This provider calls nobody.")
