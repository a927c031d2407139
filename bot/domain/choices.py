"""What a person has chosen of their preferences, by name and as text: nothing where the default
counts, so that whoever chose nothing follows the settings and what Slack says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain import when
from bot.domain.preferences import (
    Absence,
    AbsenceMode,
    Preferences,
    clock_text,
    quiet_text,
    read_clock,
    read_quiet,
    read_working_days,
    working_days_text,
)

_NONE = "none"

Choices = Mapping[str, str]
"""A name is that of a field of `Preferences`."""


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody's Slack status says that they are away. `until`: when it ends; None: when they
    take it back."""

    until: datetime | None = None


def preferred(defaults: Preferences, chosen: Choices) -> Preferences:
    """The defaults with what the person has chosen instead."""
    read = {name: _CODECS[name].read(text) for name, text in chosen.items() if name in _CODECS}
    return replace(defaults, **read)


def differing(wanted: Preferences, defaults: Preferences) -> dict[str, str]:
    """What somebody who wants just that has chosen."""
    own, given = as_texts(wanted), as_texts(defaults)
    return {name: text for name, text in own.items() if text != given[name]}


def as_texts(preferences: Preferences) -> dict[str, str]:
    """All preferences as choices."""
    return {name: codec.write(getattr(preferences, name)) for name, codec in _CODECS.items()}


def changed(before: Preferences, after: Preferences) -> list[str]:
    """The names of those that are not what they were."""
    return sorted(differing(after, before))


def current(preferences: Preferences, now: datetime) -> Preferences:
    """The same without an absence that is over."""
    today = when.local_day(now, when.zone(preferences.timezone))
    own = preferences.absence
    return preferences if own is None or own.covers(today) else replace(preferences, absence=None)


def with_status(preferences: Preferences, status: Away | None, now: datetime) -> Preferences:
    """The preferences as they count now: where no absence was set, the Slack status may tell of
    one, if the person lets it."""
    counting = current(preferences, now)
    if counting.absence is not None or not counting.follows_status:
        return counting
    return replace(counting, absence=_absence(status, now, counting.timezone))


def _absence(status: Away | None, now: datetime, timezone: str) -> Absence | None:
    if status is None or (status.until is not None and status.until <= now):
        return None
    if status.until is None:
        return Absence(AbsenceMode.HOLD)
    last = status.until - timedelta(milliseconds=1)  # a day that ends at midnight is the last one
    return Absence(AbsenceMode.HOLD, when.local_day(last, when.zone(timezone)))


@dataclass(frozen=True, slots=True)
class _Codec:
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _minutes_text(lead: timedelta | None) -> str:
    return _NONE if lead is None else str(int(lead.total_seconds()) // 60)


def _read_minutes(text: str) -> timedelta | None:
    return None if text == _NONE else timedelta(minutes=int(text))


def _read_country(text: str) -> str | None:
    return None if text == _NONE else text


def _absence_text(absence: Absence | None) -> str:
    """`hold`, `skip 2026-05-04`, `delegate U1`, `delegate U1 2026-05-04`."""
    if absence is None:
        return _NONE
    until = absence.until.isoformat() if absence.until else None
    return " ".join(filter(None, (absence.mode.value, absence.delegate, until)))


def _read_absence(text: str) -> Absence | None:
    if text == _NONE:
        return None
    mode, *rest = text.split()
    delegate = rest.pop(0) if mode == AbsenceMode.DELEGATE else None
    return Absence(AbsenceMode(mode), date.fromisoformat(rest[0]) if rest else None, delegate)


_WORDS = _Codec(str, str)
_SWITCH = _Codec(lambda on: "on" if on else "off", lambda text: text == "on")

_CODECS: Mapping[str, _Codec] = {
    "locale": _WORDS,
    "timezone": _WORDS,
    "working_days": _Codec(working_days_text, read_working_days),
    "quiet": _Codec(quiet_text, read_quiet),
    "digest_at": _Codec(clock_text, read_clock),
    "due_soon": _Codec(_minutes_text, _read_minutes),
    "country": _Codec(lambda country: country or _NONE, _read_country),
    "urgent_passes": _SWITCH,
    "follows_status": _SWITCH,
    "absence": _Codec(_absence_text, _read_absence),
}
