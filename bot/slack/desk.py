"""What the listeners ask of the application: the door between Slack and stored state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from adapters.contract import Choice, Due, Outcome
from bot.domain.creating import Place
from bot.domain.linking import Offered
from bot.domain.lists import Listing, Look
from bot.domain.model import Connection, Person, Whisper
from bot.domain.overview import Overview, Rights, Stand, Team
from bot.domain.phrases import Phrase
from bot.domain.preferences import Preferences
from bot.domain.story import Line
from bot.slack.actions import Pressed


@dataclass(frozen=True, slots=True)
class Click:
    """Something a person did, to be stored before it is acked.

    `key` is the same however often Slack delivers it. `kind`: answer, undo or list; `body` holds
    what that kind needs.
    """

    key: str
    kind: str
    slack_user: str
    body: Mapping[str, Any]
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What an outcome asks for, and of whom."""

    title: str
    connection: Connection
    outcome: Outcome
    reader: Person


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """What a person wants; `defaults` count where they chose nothing, `own` names the rest."""

    reader: Person
    wanted: Preferences
    defaults: Preferences
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Snoozing:
    """The title of a task that is put off, and by whom."""

    title: str
    reader: Person


@dataclass(frozen=True, slots=True)
class CreateForm:
    """What to ask somebody who wants a task made. `places`: where they may; `place`: where the
    form makes it. `title`, `due` and `note`: what they have said already."""

    reader: Person
    places: tuple[Place, ...]
    place: Place
    now: datetime
    title: str = ""
    due: Due | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OwnTasks:
    """One page of a person's tasks. `linked`: whether they are an operator anywhere."""

    listing: Listing
    reader: Person
    linked: bool


@dataclass(frozen=True, slots=True)
class Home:
    """What somebody's App Home shows: their tasks, and for an admin how each connection is.
    `creates`: whether they may make tasks."""

    own: OwnTasks
    health: tuple[Stand, ...] = ()
    creates: bool = False


@dataclass(frozen=True, slots=True)
class LinkForm:
    """What to ask somebody who wants to be linked. `places`: connections by name, with their
    titles; `where`: the one that is chosen; `admin`: nobody need approve of it."""

    reader: Person
    places: Mapping[str, str]
    where: str
    admin: bool


@dataclass(frozen=True, slots=True)
class OwnLink:
    """An operator whom somebody is linked to: `where` and `operator_id`, and how those are
    called."""

    where: str
    operator_id: str
    operator: str
    connection: str


@dataclass(frozen=True, slots=True)
class OwnLinks:
    """Who somebody is; `missing`: the connections at which they are nobody, with their titles."""

    reader: Person
    links: tuple[OwnLink, ...]
    missing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to a task, for one reader: `why` they, or whom they oversee, were told of it
    or not; what happened, in time order; how it stands, and what comes next."""

    title: str
    why: tuple[Phrase, ...]
    lines: tuple[Line, ...]
    now: tuple[Phrase, ...]
    next: Phrase
    reader: Person


@dataclass(frozen=True, slots=True)
class Unclear:
    """No single task is meant: `known` are some of the `count` that may be, by `connection:id` and
    title."""

    known: tuple[tuple[str, str], ...] = ()
    count: int = 0


class Desk(Protocol):
    """Answers from stored state alone, quickly."""

    def now(self) -> datetime: ...

    async def meet(self, slack_user: str) -> None:
        """Somebody does something here, perhaps for the first time: know their zone and language
        before they are answered."""
        ...

    async def reader(self, slack_user: str) -> Person:
        """Who somebody is, for words in their language and zone."""
        ...

    async def record(self, click: Click) -> None:
        """Store what a person did; doing so twice stores it once."""
        ...

    async def form(self, pressed: Pressed, slack_user: str) -> Form | None:
        """The form to open; None when the answer would be refused anyway."""
        ...

    async def settings(self, slack_user: str) -> SettingsForm: ...

    async def snoozing(self, task_key: str, slack_user: str) -> Snoozing | None:
        """What to ask somebody who picks when a task comes back; None when that would be refused
        anyway."""
        ...

    async def creation(
        self, slack_user: str, words: str, where: str | None = None
    ) -> CreateForm | None:
        """What to ask somebody about a new task of which they have said `words`; `where`: at that
        connection. None when they may make tasks nowhere."""
        ...

    async def subjects(self, slack_user: str, where: str, typed: str) -> Sequence[Choice]:
        """What a new task at that connection may concern, as the provider says now."""
        ...

    async def listing(self, slack_user: str, look: Look) -> OwnTasks:
        """A page of somebody's tasks, or of others' where they may see those."""
        ...

    async def rights(self, slack_user: str) -> Rights:
        """What somebody may ask for."""
        ...

    async def team(self, slack_user: str) -> Team | None:
        """How much waits for whom; None for those who oversee nobody."""
        ...

    async def admin(self, slack_user: str) -> Overview | None:
        """How everything is; None for whoever is no admin."""
        ...

    async def own_links(self, slack_user: str) -> OwnLinks: ...

    async def link_form(self, slack_user: str, where: str) -> LinkForm | None:
        """What to ask somebody who wants to be linked, at that connection if it is one; None where
        there is none."""
        ...

    async def operators(
        self, slack_user: str, where: str, typed: str
    ) -> Sequence[tuple[Offered, str | None]]:
        """The operators of a connection for what was typed; for admins with who is linked to
        them."""
        ...

    async def story(self, slack_user: str, words: str) -> Story | Unclear:
        """The story of the task that somebody asks about, if they may see it."""
        ...

    async def explain(self, click: Click, task_key: str) -> None:
        """Tell somebody privately why they have this card; doing so twice tells it once."""
        ...

    async def outcomes(self, task_key: str) -> tuple[Outcome, ...]: ...

    async def whisper(self, slack_user: str, channel: str | None, whisper: Whisper) -> None:
        """Tell somebody a private sentence."""
        ...

    async def person_changed(self, slack_user: str) -> None:
        """Slack says that somebody's profile has changed."""
        ...
