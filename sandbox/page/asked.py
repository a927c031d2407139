"""The bodies of the page's requests."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field


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


class AtElement(ByPerson):
    """Somebody points at an element: of a message (channel and ts) or of a view."""

    channel: str = ""
    ts: str = ""
    view: str = ""
    block_id: str
    action_id: str
    values: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """What was typed into the view's inputs so far, by block_id and action_id."""


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


class NewTask(ByPerson):
    """A task to be added at a provider; date and time are those of the person's zone."""

    title: str = Field(min_length=1, max_length=200)
    about: str = Field("", max_length=200)
    operators: list[str] = Field(default_factory=list)
    priority: str = "medium"
    day: date | None = None
    hour: time | None = None

    def due(self, zone: ZoneInfo) -> date | datetime | None:
        """The moment, or only the day when no hour was given."""
        if self.day is None or self.hour is None:
            return self.day
        return datetime.combine(self.day, self.hour, zone)


class Reassigned(Asked):
    """A task is given to others, or to nobody."""

    operators: list[str]


class Turned(Asked):
    """A trouble is switched on or off."""

    on: bool


class Outage(Asked):
    """A provider goes down, or comes up again."""

    down: bool


class Step(Asked):
    """The clock is moved ahead."""

    minutes: int = Field(gt=0, le=60 * 24 * 31)
