"""Sentences that name people and moments, so that each surface can show these in its own way.

What others wrote stands in them as it is, and whoever renders them keeps it from being interpreted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mention:
    """A Slack user."""

    user: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant to be shown in the reader's zone: the time, with its `day` where asked."""

    at: datetime
    day: bool = False


Part = str | Mention | Moment
Phrase = tuple[Part, ...]


def joined(*parts: Part | Phrase) -> Phrase:
    """The parts as one phrase, in which no text is empty or follows upon another."""
    found: list[Part] = []
    for part in (one for many in parts for one in (many if isinstance(many, tuple) else (many,))):
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)
