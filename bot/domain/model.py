"""The words of the house as types: what is stored, and what a person should see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from adapters.contract import Capabilities, Due, Effect, Operator, Outcome, Subject, Task
from bot.domain.language import Language, language
from bot.domain.preferences import Preferences


def task_key(connection: str, task_id: str) -> str:
    """The opaque name by which buttons refer to a task: the same for the same task, always."""
    return blake2b(f"{connection}\0{task_id}".encode(), digest_size=8).hexdigest()


def outcome_token(code: str) -> str:
    """The opaque name by which buttons refer to an outcome: short, however long its code is."""
    return blake2b(code.encode(), digest_size=6).hexdigest()


def token_of(outcome: Outcome) -> str:
    """The same for an outcome; ours never share one with a provider's."""
    if outcome.effect is Effect.ANSWER:
        return outcome_token(outcome.code)
    return blake2b(outcome.code.encode(), digest_size=6, person=b"ours").hexdigest()


def is_user(reader: str) -> bool:
    """Whether a reader is a Slack user, and no channel."""
    return reader.startswith(("U", "W"))


class Standing(StrEnum):
    """What we know of a task: the provider's state, or that it is no longer there."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class StoredTask:
    """A task as we hold it. `submission_id` names the answer of ours that made it what it is."""

    connection: str
    key: str
    task: Task
    standing: Standing
    first_seen_at: datetime
    submission_id: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """One account at a provider as the cards name it, with the outcomes that it offers."""

    name: str
    title: str
    outcomes: tuple[Outcome, ...] = ()
    capabilities: Capabilities = field(default_factory=Capabilities)

    def can_take_back(self, code: str) -> bool:
        """Whether a task that this outcome has finished can be opened again."""
        known = next((o for o in self.outcomes if o.code == code), None)
        return self.capabilities.reopen and known is not None and known.reversible


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user as we know them. `im` is the direct conversation with the bot (D…); `locale`
    such as `es-MX`."""

    id: str
    timezone: str
    name: str | None = None
    im: str | None = None
    locale: str = "en"
    like_slack: bool = True
    """Whether Slack shows them moments in that zone and language, too: they may have chosen
    others here."""

    @property
    def language(self) -> Language:
        """What they are spoken to in."""
        return language(self.locale)


class SubmissionState(StrEnum):
    """Where an answer is on its way to the provider.

    held → pending → sending → done | refused | retry | unknown; held → withdrawn.
    `retry`: surely not written yet. `unknown`: perhaps written; read before writing again.
    """

    HELD = "held"
    PENDING = "pending"
    SENDING = "sending"
    RETRY = "retry"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def active(self) -> bool:
        """Whether the answer is still on its way."""
        return self not in (self.DONE, self.REFUSED, self.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Submission:
    """A person's answer, or another change of a task, on its way to the provider.

    `task_id`: empty for a task that is still to be made. `due_at`: not tried before. `doubt`: an
    earlier try may have landed. `operator_id`: the provider's name for who answered.
    `failing_since`: when the provider stopped answering.
    """

    id: str
    connection: str
    task_id: str
    outcome: str
    label: str
    fields: Mapping[str, str]
    slack_user: str
    operator_id: str | None
    occurred_at: datetime
    state: SubmissionState
    due_at: datetime
    attempt: int = 0
    doubt: bool = False
    error: str | None = None
    failing_since: datetime | None = None
    effect: Effect = Effect.ANSWER
    before: Mapping[str, str] = field(default_factory=dict)
    """The task's `data` when the answer was given: what an Undo puts it back to."""


class Reason(StrEnum):
    """Why a card was posted."""

    ASSIGNED = "assigned"
    DUE_SOON = "due_soon"
    DUE = "due"
    RETURNED = "returned"
    """A snooze is over."""


class Face(StrEnum):
    """The state that a card shows. Only OPEN has outcome buttons; HELD and DONE may have Undo."""

    OPEN = "open"
    HELD = "held"
    """An answer waits `hold_until` before it is sent, and can be taken back."""
    SENDING = "sending"
    WAITING = "waiting"
    """The provider is not answering; an answer is being retried."""
    DONE = "done"
    """Answered through us: `answer` tells what, by whom, when."""
    DONE_ELSEWHERE = "done_elsewhere"
    CANCELLED = "cancelled"
    MOVED = "moved"
    """Somebody else has the task now: `moved_to` (Slack users) or `moved_to_names`."""
    GONE = "gone"
    SNOOZED = "snoozed"
    """The reader has put it off: it comes back at `until`, at the bottom."""
    FOLDED = "folded"
    """A newer card for the same task stands below."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer to show: its label in the provider's words, who gave it, and when.

    `by_user` is a Slack user; `by_name` is the provider's word, for answers given elsewhere.
    """

    label: str | None
    by_user: str | None = None
    by_name: str | None = None
    at: datetime | None = None
    effect: Effect = Effect.ANSWER
    was: Due | None = None
    """RESCHEDULE: the due before it was moved."""


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything that a card shows. Two equal views look the same, so an unchanged one costs
    no call; it therefore holds no words that age ("in 2 hours")."""

    face: Face
    task_key: str
    title: str
    connection: str
    connection_title: str
    subject: Subject | None = None
    details: tuple[str, ...] = ()
    due: Due | None = None
    overdue: bool = False
    priority: str | None = None
    status_label: str | None = None
    url: str | None = None
    reminder: Reason | None = None
    """OPEN: the line above a card that was brought up again; FOLDED: why the newer card came."""
    outcomes: tuple[Outcome, ...] = ()
    """Offered ones; only on an OPEN card."""
    changes: tuple[Outcome, ...] = ()
    """What else can be done with the task; only on an OPEN card."""
    refusal: str | None = None
    """OPEN: why the last answer was refused; DONE: why it could not be taken back. WAITING: why it
    is not written yet. In the provider's words."""
    answer: AnswerLine | None = None
    """The answer held, being sent, retried, recorded (OPEN: accepted, but the task stays open)
    or done. SNOOZED: who put it off, and when."""
    submission_id: str | None = None
    """On a HELD or DONE card: what Undo takes back, if it can."""
    until: datetime | None = None
    """HELD: when it will be sent. WAITING: since when the provider is away. SNOOZED: when it comes
    back."""
    moved_to: tuple[str, ...] = ()
    moved_to_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A posted (or to be posted) card. `moment` is the due that the task had when it was posted,
    `view` what should be shown; the live card of a task and reader is the newest."""

    key: str
    reader: str
    reason: Reason
    moment: str
    created_at: datetime
    view: CardView
    live: bool = True
    sent: bool = False
    """Whether it is known to stand in Slack."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who should see a task: a linked Slack user, whoever stands in for one, or the
    fallback channel.

    `baseline`: the task was theirs before we began to watch, so it is not news. `instead_of`: the
    Slack user who is away, and for whom they stand in."""

    id: str
    preferences: Preferences = field(default_factory=Preferences)
    baseline: bool = False
    instead_of: str | None = None

    @property
    def timezone(self) -> str:
        return self.preferences.timezone


@dataclass(frozen=True, slots=True)
class Snoozed:
    """A reader's task that is put off: nothing is said of it before `until`."""

    until: datetime
    by_user: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the planner looks at of one task. `submission`: its newest one; `answered`: the one
    that made the task what it is; `linked`: who reads for each linked operator; `names`: of those
    whom a directory knows."""

    stored: StoredTask
    connection: Connection
    readers: Sequence[Reader]
    cards: Sequence[Card]
    submission: Submission | None = None
    answered: Submission | None = None
    linked: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    timezones: Mapping[str, str] = field(default_factory=dict)
    """Of everybody who reads or has read a card of this task."""
    news: Mapping[str, bool] = field(default_factory=dict)
    """Readers to whom the task is news that nobody has told them yet; True: who know of it without
    a card."""
    snoozed: Mapping[str, Snoozed] = field(default_factory=dict)
    """What readers have put off."""
    away_until: Mapping[str, datetime | None] = field(default_factory=dict)
    """Linked users for whom others stand in, and when they read their tasks again."""


@dataclass(frozen=True, slots=True)
class Whisper:
    """A private sentence to one person: a code of the catalogue and what it names."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who clicked, their operators at the connection, and whether they may act for others."""

    slack_user: str
    operators: tuple[Operator, ...] = ()
    oversees: bool = False
    """A manager or an admin."""
    stands_in_for: tuple[Operator, ...] = ()
    """The operators of those who are away and have asked them to."""
