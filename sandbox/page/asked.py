"""The bodies of the page's requests."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    StringConstraints,
    model_validator,
)


class Asked(BaseModel):
    """The root of all bodies: what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class ByPerson(Asked):
    """Somebody does something."""

    person: str


class InConversation(ByPerson):
    """Somebody does something in a conversation."""

    channel: str


class Said(InConversation):
    """A line typed into a conversation; one that begins with a slash is a command."""

    text: str = Field(min_length=1, max_length=12_000)


class AtMessage(InConversation):
    """Somebody does something to a message."""

    ts: str


class Shortcut(ByPerson):
    """Somebody chooses a shortcut: a global one, or one upon a message (channel and ts)."""

    callback_id: str
    channel: str = ""
    ts: str = ""


class AtTab(ByPerson):
    """Somebody looks at a tab of the app."""

    tab: Literal["home", "messages"] = "home"


class Status(ByPerson):
    """What somebody shows beside their name, or nothing, and for how long."""

    emoji: str = Field("", max_length=100)
    text: str = Field("", max_length=100)
    lasts: Literal["hour", "today", "on"] = "on"


class AtElement(ByPerson):
    """Somebody points at an element: of a message (channel and ts) or of a view."""

    channel: str = ""
    ts: str = ""
    view: str = ""
    block_id: str
    action_id: str
    values: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """What was typed into the inputs there so far, by block_id and action_id."""


class Pressed(AtElement):
    """A button was pressed, or a menu or picker was given a value."""

    value: Any = None


class Searched(AtElement):
    """Something was typed into a menu that asks the app."""

    query: str = Field(max_length=150)


class InView(ByPerson):
    """Somebody submits or closes a modal."""

    view: str
    values: dict[str, dict[str, Any]] = Field(default_factory=dict)


Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Dated(ByPerson):
    """A due date and time of the person's zone."""

    day: date | None = None
    hour: time | None = None

    def due(self, zone: ZoneInfo) -> date | datetime | None:
        """The moment, or only the day when no hour was given. ValueError for an hour alone."""
        if self.hour is None:
            return self.day
        if self.day is None:
            raise ValueError("An hour needs a day, too.")
        return datetime.combine(self.day, self.hour, zone)


class NewTask(Dated):
    """Tasks to be added at a provider; more than one are numbered."""

    title: Title
    about: str = Field("", max_length=200)
    operators: list[str] = Field(default_factory=list)
    priority: str = "medium"
    count: int = Field(1, ge=1, le=500)

    @property
    def titles(self) -> list[str]:
        """The title of each."""
        if self.count == 1:
            return [self.title]
        return [f"{self.title} {number}" for number in range(1, self.count + 1)]


class EditedTask(Dated):
    """What becomes of a task; what is left out stays. A day and an hour come together, both null
    to take the date away."""

    title: Title | None = None
    about: str | None = Field(None, max_length=200)
    priority: str | None = None
    status: str | None = None

    @property
    def redated(self) -> bool:
        """Whether it says anything about the date."""
        return bool(self.model_fields_set & {"day", "hour"})


class Reassigned(Asked):
    """A task is given to others, or to nobody."""

    operators: list[str]


class Turned(Asked):
    """A trouble is switched on or off."""

    on: bool


class Move(Asked):
    """The clock is moved ahead: by minutes, to a moment (seconds of Unix time), or to what the
    clock of a person shows then."""

    minutes: int | None = Field(None, gt=0)
    to: float | None = None
    local: NaiveDatetime | None = None
    person: str = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(one is not None for one in (self.minutes, self.to, self.local)) != 1:
            raise ValueError("give minutes, a moment, or a date and an hour")
        return self
