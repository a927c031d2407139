"""How days and hours are put together: one pattern for each language and order, over folded text.

The patterns take a little more than makes sense; `reading` refuses the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.domain.typed_dates import english, german, portuguese, spanish
from bot.domain.typed_dates.words import Words

_LANGUAGES = {
    "en": english.WORDS,
    "es": spanish.WORDS,
    "de": german.WORDS,
    "pt": portuguese.WORDS,
}


def words_of(language_tag: str) -> Words:
    """Of the language that a tag such as `pt-BR` begins with; English for those unknown here."""
    return _LANGUAGES.get(re.split("[-_]", language_tag.lower())[0], english.WORDS)


def fold(text: str) -> str:
    """Lower case, no accents, single spaces; an ISO moment in two words."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return re.sub(r"^(\d{4}-\d\d-\d\d)t(?=\d)", r"\1 ", " ".join(plain.split()))


@lru_cache
def patterns(language_tag: str) -> tuple[re.Pattern[str], ...]:
    """What a whole phrase may look like: the day first, the hour first, or just one of them."""
    words = words_of(language_tag)
    day, clock = _day(words), _clock(words)
    return (
        re.compile(f"{day}(?:,? {clock})?[.!]?", re.ASCII),
        re.compile(f"{clock}(?:,? {day})?[.!]?", re.ASCII),
    )


@lru_cache
def hour_at_end(language_tag: str) -> re.Pattern[str]:
    """What may be an hour at the end of a title, which the date behind it would lose."""
    words = words_of(language_tag)
    telling = _any((*words.before_clock, *words.before_marked, *words.tells_hours))
    number = rf"(?:\d\d?|{_any(words.numbers)})"
    return re.compile(rf"(?:\b{telling} {number}|\b\d\d? ?-\d\d?)$", re.ASCII)


@lru_cache
def hour_within(language_tag: str) -> re.Pattern[str]:
    """What surely is an hour anywhere in a title."""
    words = words_of(language_tag)
    return re.compile(rf"\d(?::\d\d| ?{_any((*words.marks, *words.parts))})(?!\w)", re.ASCII)


@lru_cache
def day_within(language_tag: str) -> re.Pattern[str]:
    """What may be a day anywhere in a title."""
    words = words_of(language_tag)
    other = _any((*words.months, *words.other_days))
    ordinal = rf"\d\d?{_any(words.ordinals)}"
    return re.compile(rf"(?<!\w)(?:{_day(words)}|{other}|{ordinal})(?!\w)", re.ASCII)


def _any(words: Iterable[str]) -> str:
    """One of them, the longer ones first; nothing matches where there are none."""
    ordered = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else "(?!)"


def _day(words: Words) -> str:
    count = _any((*words.numbers, *words.articles))
    span = (
        rf"{_any(words.within)} (?:(?P<digits>\d{{1,3}}) ?|(?P<number>{count}) )"
        f"(?P<unit>{_any(words.units)})"
    )
    relative = f"(?:{_any(words.before_relative)} )?(?P<relative>{_any(words.relative)})"
    names = _any((*words.weekdays, *words.short_weekdays))
    weekday = (
        f"(?:(?P<coming>{_any(words.coming)}) )?(?P<weekday>{names})\\.?"
        f"(?: (?P<coming_after>{_any(words.coming_after)}))?"
    )
    calendar = f"(?:(?P<weekday_of>{names})\\.?,? )?(?:{_numeric()}|{_named(words)})"
    before = (
        f"(?:(?P<before_day>{_any(words.before_day)}) "
        f"|(?P<before_date>{_any(words.before_date)}) )?"
    )
    dated = f"{before}(?:{calendar}|{weekday})"
    return f"(?:{span}|{relative}|{dated}|(?P<of_month>{_of_month(words)}))"


def _of_month(words: Words) -> str:
    ordinal = f"{_any((*words.before_day, *words.before_date))} \\d\\d?{_any(words.ordinals)}"
    return rf"{ordinal}|{_any(words.before_number)} \d\d?"


def _numeric() -> str:
    iso = r"(?P<iso>\d{4}-\d\d-\d\d)"
    parts = r"(?P<first>\d{1,2})(?P<mark_of_day>[/.-])(?P<second>\d{1,2})"
    return rf"{iso}|{parts}(?:(?P=mark_of_day)(?P<short_year>\d{{4}}|\d\d)|(?P<dot>\.))?"


def _named(words: Words) -> str:
    month, of = _any(words.months), f"(?: {_any(words.of)})?"
    number = rf"\d{{1,2}}{_any(words.ordinals)}?"
    day_first = rf"(?P<day>{number}){of} (?P<month>{month})\.?(?:{of},? (?P<year>\d{{4}}))?"
    if not words.month_before_day:
        return day_first
    month_first = rf"(?P<month_2>{month})\.? (?P<day_2>{number})(?:,? (?P<year_2>\d{{4}}))?"
    return f"{day_first}|{month_first}"


def _clock(words: Words) -> str:
    before = (
        f"(?:(?P<before_clock>{_any(words.before_clock)}) "
        f"|(?P<before_marked>{_any(words.before_marked)}) )?"
    )
    hour = rf"(?P<hour>\d\d?)|(?P<hour_word>{_any(words.numbers)})"
    minute = r"(?:(?P<colon>[:.])(?P<minute>\d\d)"
    minute += f"| (?P<fraction>{_any(words.fractions)}))?"
    mark = rf"(?:(?P<gap> ?)(?P<mark>{_any(words.marks)})(?: ?(?P<minute_after>\d\d))?)?"
    part = f"(?: ?(?P<part>{_any(words.parts)}))?"
    noon = f"(?P<noon>{_any(words.noons)})"
    return rf"(?:{noon}|{before}(?:{hour}){minute}{mark}{part})"
