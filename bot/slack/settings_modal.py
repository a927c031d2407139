"""The form of a person's settings, filled with what counts for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.domain import places
from bot.domain.language import TAGS, Language, language
from bot.domain.preferences import clock_text
from bot.domain.wording import labels, settings as words
from bot.slack import actions
from bot.slack.blocks import Block, button, option, plain, plain_section
from bot.slack.desk import SettingsForm

_TITLE, _LABEL, _PLACEHOLDER = 24, 2_000, 150
_VALUE = "value"
AS_IN_SLACK, OFF, ON = "slack", "off", "on"
_LEADS = tuple(timedelta(minutes=n) for n in (5, 10, 15, 30, 60))
_CLOCKS = tuple(time(n // 2, n % 2 * 30) for n in range(48))


def settings_modal(form: SettingsForm, now: datetime) -> Block:
    """The form, filled with what counts for the person."""
    spoken = form.reader.language
    blocks = (
        *_who_and_where(form, now),
        _working_days(form),
        *_quiet(form),
        *_reminders(form),
        *_free_days(form),
        *_absence(form),
        {"type": "actions", "elements": [_reset(spoken)]},
    )
    return {
        "type": "modal",
        "callback_id": actions.SETTINGS_MODAL,
        "title": plain(spoken.say(words.TITLE), _TITLE),
        "submit": plain(spoken.say(words.SAVE), _TITLE),
        "close": plain(spoken.say(labels.CANCEL), _TITLE),
        "blocks": list(blocks),
    }


def reset_modal(spoken: Language) -> Block:
    """What the form becomes when all that was chosen has been taken back."""
    return {
        "type": "modal",
        "title": plain(spoken.say(words.TITLE), _TITLE),
        "blocks": [plain_section(spoken.say(words.WERE_RESET))],
    }


def zone_options(form: SettingsForm, typed: str, now: datetime) -> list[Block]:
    """The zones for what was typed."""
    found = places.find_zones(typed, form.reader.language)
    options = [_zone_option(form, name, now) for name in found]
    return options if typed.strip() else [_zone_option(form, None, now), *options]


def country_options(form: SettingsForm, typed: str) -> list[Block]:
    """The countries, and parts of them, for what was typed."""
    spoken = form.reader.language
    found: list[str | None] = [*places.find_countries(typed, spoken, form.reader.timezone)]
    offered = found if typed.strip() else [None, *found]
    return [_country_option(spoken, code) for code in offered]


def _reset(spoken: Language) -> Block:
    return button(spoken.say(words.RESET), actions.SETTINGS_RESET, "reset")


def _field(
    name: str, label: str, element: Block, *, hint: str = "", optional: bool = False
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, _LABEL),
        "optional": optional,
        "element": {"action_id": _VALUE} | element,
    }
    return block | {"hint": plain(hint, _LABEL)} if hint else block


def _select(options: Sequence[Block], chosen: str) -> Block:
    (initial,) = (one for one in options if one["value"] == chosen)
    return {"type": "static_select", "options": list(options), "initial_option": initial}


def _who_and_where(form: SettingsForm, now: datetime) -> list[Block]:
    spoken = form.reader.language
    given = words.own_name(language(form.defaults.locale).tag)
    tongues = [option(words.as_in_slack(spoken, given), AS_IN_SLACK)]
    tongues += [option(words.own_name(tag), tag) for tag in TAGS]
    tongue = form.wanted.locale if "locale" in form.own else AS_IN_SLACK
    own_zone = form.wanted.timezone if "timezone" in form.own else None
    zone: Block = {
        "type": "external_select",
        "action_id": actions.SETTINGS_ZONE,
        "placeholder": plain(spoken.say(words.SEARCH_ZONE), _PLACEHOLDER),
        "initial_option": _zone_option(form, own_zone, now),
        "min_query_length": 0,
    }
    return [
        _field("locale", spoken.say(words.LANGUAGE), _select(tongues, tongue)),
        _field("timezone", spoken.say(words.ZONE), zone),
    ]


def _zone_option(form: SettingsForm, name: str | None, now: datetime) -> Block:
    """None: the zone that Slack tells."""
    spoken = form.reader.language
    shown = words.zone(spoken, name or form.defaults.timezone, now)
    return option(shown, name) if name else option(words.as_in_slack(spoken, shown), AS_IN_SLACK)


def _working_days(form: SettingsForm) -> Block:
    spoken = form.reader.language
    days = words.week(form.reader.locale)
    boxes = {day: option(words.weekday(spoken, day), str(day)) for day in days}
    element: Block = {
        "type": "checkboxes",
        "options": list(boxes.values()),
        "initial_options": [boxes[day] for day in days if day in form.wanted.working_days],
    }
    return _field("working_days", spoken.say(words.WORKING_DAYS), element)


def _quiet(form: SettingsForm) -> list[Block]:
    spoken, quiet = form.reader.language, form.wanted.quiet
    start, end = (quiet.start, quiet.end) if quiet else (None, time(8))
    from_ = _clocks(spoken, start, spoken.say(words.NEVER_QUIET))
    hint = spoken.say(words.QUIET_HINT)
    return [
        _field("quiet_from", spoken.say(words.QUIET_FROM), from_),
        _field("quiet_until", spoken.say(words.QUIET_UNTIL), _clocks(spoken, end), hint=hint),
    ]


def _clocks(spoken: Language, chosen: time | None, off: str = "") -> Block:
    """A select of times, with what counts among them; `off`: what stands for none."""
    known = sorted({*_CLOCKS, *([chosen] if chosen else [])})
    options = [option(words.hour(spoken, clock), clock_text(clock)) for clock in known]
    return _select([*([option(off, OFF)] if off else []), *options], clock_text(chosen))


def _reminders(form: SettingsForm) -> list[Block]:
    spoken, wanted = form.reader.language, form.wanted
    leads = sorted({*_LEADS, *([wanted.due_soon] if wanted.due_soon else [])})
    soon = [option(words.lead(spoken, before), _minutes(before)) for before in leads]
    soon.append(option(spoken.say(words.NO_REMINDER), OFF))
    digest = _clocks(spoken, wanted.digest_at, spoken.say(words.NO_DIGEST))
    return [
        _field("digest_at", spoken.say(words.DIGEST), digest),
        _field("due_soon", spoken.say(words.DUE_SOON), _select(soon, _minutes(wanted.due_soon))),
    ]


def _minutes(lead: timedelta | None) -> str:
    return OFF if lead is None else str(int(lead.total_seconds()) // 60)


def _free_days(form: SettingsForm) -> list[Block]:
    spoken, wanted = form.reader.language, form.wanted
    country: Block = {
        "type": "external_select",
        "action_id": actions.SETTINGS_COUNTRY,
        "placeholder": plain(spoken.say(words.SEARCH_COUNTRY), _PLACEHOLDER),
        "initial_option": _country_option(spoken, wanted.country),
        "min_query_length": 0,
    }
    return [
        _field("country", spoken.say(words.HOLIDAYS), country),
        _switch(
            "urgent_passes", spoken, words.URGENT, words.URGENT_PASSES, on=wanted.urgent_passes
        ),
    ]


def _country_option(spoken: Language, code: str | None) -> Block:
    return option(words.country(spoken, code), code or OFF)


def _switch(name: str, spoken: Language, label: str, text: str, *, on: bool) -> Block:
    box = option(spoken.say(text), ON)
    element: Block = {"type": "checkboxes", "options": [box]}
    return _field(
        name,
        spoken.say(label),
        element | {"initial_options": [box]} if on else element,
        optional=True,
    )


def _absence(form: SettingsForm) -> list[Block]:
    spoken, absence = form.reader.language, form.wanted.absence
    modes = [option(spoken.say(words.NOT_AWAY), OFF)]
    modes += [option(spoken.say(text), mode.value) for mode, text in words.MODES.items()]
    day: Block = {"type": "datepicker"}
    if absence is not None and absence.until is not None:
        day["initial_date"] = absence.until.isoformat()
    whom: Block = {"type": "users_select"}
    if absence is not None and absence.delegate is not None:
        whom["initial_user"] = absence.delegate
    chosen = _select(modes, absence.mode.value if absence else OFF)
    until, hint = spoken.say(words.UNTIL), spoken.say(words.UNTIL_HINT)
    return [
        _switch(
            "follows_status", spoken, words.STATUS, words.FOLLOWS_STATUS,
            on=form.wanted.follows_status,
        ),
        _field("absence", spoken.say(words.ABSENCE), chosen),
        _field("until", until, day, hint=hint, optional=True),
        _field("delegate", spoken.say(words.DELEGATE), whom, optional=True),
    ]  # fmt: skip
