"""A reader's language: our sentences in it, its plural forms, its days and hours.

A sentence is written in English where it is needed; that text names it in the catalogues
`bot/locale/*.po`. English itself needs no catalogue, and loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

from adapters.contract import Due
from bot.domain import when
from bot.domain.phrases import Mention, Moment, Part, Phrase, joined

TAGS = ("en", "es", "de", "pt")
CATALOGUES = Path(__file__).parents[1] / "locale"

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def msg(text: str) -> str:
    """The text as it is: marks a sentence that stands in a table and is said elsewhere."""
    return text


@dataclass(frozen=True, slots=True)
class Language:
    """A language that we speak; `tag` is one of TAGS."""

    tag: str

    def say(self, message: str, /, **params: object) -> str:
        """The sentence, with what it names in its braces: `say("Due {day}", day=…)`. What is in
        `params` is never interpreted."""
        return self._own(message).format_map(params)

    def count(self, one: str, many: str, n: int, /, **params: object) -> str:
        """The sentence for so many: `count("{n} task", "{n} tasks", 3)`."""
        if self.tag == "en":
            chosen = one if n == 1 else many
        else:
            chosen = _catalogue(self.tag).ngettext(one, many, n)
        return chosen.format_map({"n": n, **params})

    def phrase(self, message: str, /, **params: Part | Phrase) -> Phrase:
        """The same as `say` for a sentence that names people or moments."""
        found: list[Part | Phrase] = []
        for text, name, _, _ in Formatter().parse(self._own(message)):
            found += [text] if name is None else [text, params[name]]
        return joined(*found)

    def _own(self, message: str) -> str:
        return message if self.tag == "en" else _catalogue(self.tag).gettext(message)

    def clock(self, at: datetime, tz: ZoneInfo) -> str:
        """`16:00`."""
        shown = when.local(at, tz)
        return f"{shown:%H:%M}" if self.tag == "en" else _hour(shown.time(), self.tag)

    def weekday(self, day: date) -> str:
        """`Thu`."""
        return _DAYS[day.weekday()] if self.tag == "en" else _skeleton(day, "E", self.tag)

    def day(self, day: date, today: date | None = None) -> str:
        """`Thu 9 Apr`, with the year where it isn't that of `today`."""
        other = today is not None and day.year != today.year
        if self.tag != "en":
            return _skeleton(day, "yMMMEd" if other else "MMMEd", self.tag)
        year = f" {day.year}" if other else ""
        return f"{self.weekday(day)} {day.day} {_MONTHS[day.month - 1]}{year}"

    def moment(self, at: datetime, tz: ZoneInfo, today: date | None = None) -> str:
        """`Thu 9 Apr, 16:00`, with the year where it isn't that of `today`."""
        return f"{self.day(when.local_day(at, tz), today)}, {self.clock(at, tz)}"

    def due(self, due: Due, today: date, tz: ZoneInfo) -> str:
        """The day or moment of a due, the moment on the zone's wall clock."""
        if due.at is not None:
            return self.moment(due.at, tz, today)
        return self.day(when.due_day(due, tz), today)

    def said(self, part: str | Moment, tz: ZoneInfo) -> str:
        """A piece of a phrase in plain words."""
        if isinstance(part, str):
            return part
        return self.moment(part.at, tz) if part.day else self.clock(part.at, tz)

    def plain(self, phrase: Phrase, tz: ZoneInfo, named: Callable[[str], str]) -> str:
        """A phrase in plain words; `named`: what to call a Slack user."""
        return "".join(
            named(part.user) if isinstance(part, Mention) else self.said(part, tz)
            for part in phrase
        )


ENGLISH = Language("en")
_LANGUAGES = {tag: Language(tag) for tag in TAGS}


def language(locale: str) -> Language:
    """The language of a locale such as `es-MX` or `pt_BR`; English for one that we don't speak."""
    return _LANGUAGES.get(re.split("[-_]", locale.strip().lower())[0], ENGLISH)


@cache
def _catalogue(tag: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (CATALOGUES / f"{tag}.po").open("rb") as source:
        catalogue = read_po(source, locale=tag)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return GNUTranslations(BytesIO(compiled.getvalue()))


def _hour(at: time, tag: str) -> str:
    from babel.dates import format_time

    return format_time(at, "short", locale=tag)


def _skeleton(day: date, skeleton: str, tag: str) -> str:
    from babel.dates import format_skeleton

    return format_skeleton(skeleton, day, locale=tag)
