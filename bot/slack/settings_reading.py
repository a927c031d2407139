"""What somebody has chosen in the form of their settings, checked at its fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from bot.domain import places, when
from bot.domain.choices import differing
from bot.domain.language import TAGS, Language
from bot.domain.preferences import Absence, AbsenceMode, QuietHours, read_clock
from bot.domain.wording import forms, settings as words
from bot.slack.desk import SettingsForm
from bot.slack.settings_modal import AS_IN_SLACK, OFF

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""`view.state.values`"""


class _NotValid(Exception):
    """What was chosen in a field can't be; `text` tells why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self._text = text

    def said(self, spoken: Language) -> str:
        return spoken.say(self._text)


class _PastDay(_NotValid):
    def __init__(self, field: str, day: date) -> None:
        super().__init__(field, "")
        self._day = day

    def said(self, spoken: Language) -> str:
        return forms.past_day(spoken, self._day)


def read_settings(
    values: Values, form: SettingsForm, now: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    """What the person has chosen, as it is stored, and what is wrong by block id."""
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}

    def read(name: str, reader: Callable[[Values], Any]) -> None:
        try:
            found[name] = reader(values)
        except _NotValid as wrong:
            errors[wrong.field] = wrong.said(form.reader.language)

    for name, reader in _READ.items():
        read(name, reader)
    zone = when.zone(found.get("timezone") or form.defaults.timezone)
    today = when.local_day(now, zone)
    read("absence", lambda values: _read_absence(values, form.reader.id, today))
    own = {name: found.pop(name, None) for name in ("locale", "timezone")}
    chosen = {name: text for name, text in own.items() if text is not None}
    return chosen | differing(replace(form.defaults, **found), form.defaults), errors


def _value(values: Values, name: str, key: str = "selected_option") -> Any:
    """What was chosen in a field; of an option its value."""
    state = next(iter(values.get(name, {}).values()), {})
    chosen = state.get(key)
    return chosen.get("value") if isinstance(chosen, dict) else chosen


def _read_locale(values: Values) -> str | None:
    tag = _value(values, "locale")
    if tag == AS_IN_SLACK:
        return None
    if tag not in TAGS:
        raise _NotValid("locale", forms.UNKNOWN_CHOICE)
    return str(tag)


def _read_zone(values: Values) -> str | None:
    name = _value(values, "timezone")
    if name == AS_IN_SLACK:
        return None
    if not places.known_zone(str(name)):
        raise _NotValid("timezone", words.UNKNOWN_ZONE)
    return str(name)


def _read_days(values: Values) -> frozenset[int]:
    chosen = _value(values, "working_days", "selected_options") or ()
    days = frozenset(day for day in range(7) if str(day) in [one.get("value") for one in chosen])
    if not days:
        raise _NotValid("working_days", words.NO_DAY)
    return days


def _read_quiet(values: Values) -> QuietHours | None:
    start, end = _read_clock(values, "quiet_from"), _read_clock(values, "quiet_until")
    if start is None:
        return None
    if end is None or start == end:
        raise _NotValid("quiet_until", words.SAME_TIME)
    return QuietHours(start, end)


def _read_clock(values: Values, name: str) -> time | None:
    try:
        return read_clock(str(_value(values, name)))
    except ValueError as wrong:
        raise _NotValid(name, forms.UNKNOWN_CHOICE) from wrong


def _read_lead(values: Values) -> timedelta | None:
    minutes = str(_value(values, "due_soon"))
    if minutes == OFF:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,3}", minutes):
        raise _NotValid("due_soon", forms.UNKNOWN_CHOICE)
    return timedelta(minutes=int(minutes))


def _read_country(values: Values) -> str | None:
    code = str(_value(values, "country"))
    if code == OFF:
        return None
    if not places.known_country(code):
        raise _NotValid("country", forms.UNKNOWN_CHOICE)
    return code


def _read_switch(values: Values, name: str) -> bool:
    return bool(_value(values, name, "selected_options"))


def _read_absence(values: Values, user: str, today: date) -> Absence | None:
    """The day and the person count only for somebody who is away."""
    mode = _value(values, "absence")
    if mode == OFF:
        return None
    if mode not in [known.value for known in AbsenceMode]:
        raise _NotValid("absence", forms.UNKNOWN_CHOICE)
    day = _value(values, "until", "selected_date")
    until = date.fromisoformat(day) if day else None
    if until is not None and until < today:
        raise _PastDay("until", until)
    if mode != AbsenceMode.DELEGATE:
        return Absence(AbsenceMode(mode), until)
    whom = _value(values, "delegate", "selected_user")
    if not whom or whom == user:
        raise _NotValid("delegate", words.YOURSELF if whom else words.NO_DELEGATE)
    return Absence(AbsenceMode.DELEGATE, until, str(whom))


_READ: Mapping[str, Callable[[Values], Any]] = {
    "locale": _read_locale,
    "timezone": _read_zone,
    "working_days": _read_days,
    "quiet": _read_quiet,
    "digest_at": partial(_read_clock, name="digest_at"),
    "due_soon": _read_lead,
    "country": _read_country,
    "urgent_passes": partial(_read_switch, name="urgent_passes"),
    "follows_status": partial(_read_switch, name="follows_status"),
}
