"""The form of one's settings: that Slack takes it, that it shows what counts, and what is read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.language import TAGS
from bot.domain.model import Person
from bot.domain.preferences import Absence, AbsenceMode, Preferences, QuietHours
from bot.slack.desk import SettingsForm
from bot.slack.settings_modal import (
    country_options,
    reset_modal,
    settings_modal,
    zone_options,
)
from bot.slack.settings_reading import read_settings
from sandbox.clock import MovableClock
from sandbox.slack.state import initial_state
from sandbox.slack.views import checked_view
from sandbox.slack.workspace import Workspace

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
"""A Wednesday: 10:00 in Madrid."""
DEFAULTS = Preferences(timezone="Europe/Madrid", locale="es-ES")
HOLD, SKIP, DELEGATE = AbsenceMode.HOLD, AbsenceMode.SKIP, AbsenceMode.DELEGATE


def form(tag: str = "en", own: set[str] | None = None, **wanted: Any) -> SettingsForm:
    """Of somebody who reads that language, and wants that instead of the defaults."""
    defaults = replace(DEFAULTS, locale=tag)
    reader = Person("U1", wanted.get("timezone", defaults.timezone), locale=tag)
    return SettingsForm(reader, replace(defaults, **wanted), defaults, frozenset(own or wanted))


def shown(filled: SettingsForm) -> dict[str, Any]:
    """The form after Slack's own checks of it."""
    body = settings_modal(filled, NOW)
    checked_view(Workspace(MovableClock(NOW)), body, "modal")
    return body


def element(body: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [block["element"] for block in body["blocks"] if block.get("block_id") == name]
    return dict(found)


def labels(options: list[dict[str, Any]]) -> list[str]:
    return [option["text"]["text"] for option in options]


def state(filled: SettingsForm, **changes: Any) -> dict[str, Any]:
    """What Slack tells of the form, as it is or with other values in some fields."""
    body = shown(filled)
    values = initial_state(body["blocks"])
    for name, value in changes.items():
        values[name][element(body, name)["action_id"]] = value
    return values


def selected(value: str | None) -> dict[str, Any]:
    return {"selected_option": None if value is None else {"value": value}}


def boxes(*values: str) -> dict[str, Any]:
    return {"selected_options": [{"value": value} for value in values]}


EVERYTHING: dict[str, Any] = {
    "locale": "de",
    "timezone": "Asia/Kathmandu",
    "working_days": frozenset({6, 0, 1}),
    "quiet": QuietHours(time(22, 10), time(6, 30)),
    "digest_at": time(7, 5),
    "due_soon": timedelta(minutes=25),
    "country": "DE-BY",
    "urgent_passes": True,
    "follows_status": False,
    "absence": Absence(DELEGATE, date(2026, 4, 30), "U2"),
}


@pytest.mark.parametrize("tag", [*TAGS, "en-US", "pt-BR"])
def test_what_was_chosen_is_shown_and_sent_back_unchanged(tag: str) -> None:
    filled = form(tag, **EVERYTHING)
    chosen, errors = read_settings(state(filled), filled, NOW)
    assert errors == {}
    assert chosen == {
        "locale": "de",
        "timezone": "Asia/Kathmandu",
        "working_days": "sun-tue",
        "quiet": "22:10-06:30",
        "digest_at": "07:05",
        "due_soon": "25",
        "country": "DE-BY",
        "urgent_passes": "on",
        "follows_status": "off",
        "absence": "delegate U2 2026-04-30",
    }


@pytest.mark.parametrize("tag", TAGS)
def test_no_word_is_cut_off_in_any_language(tag: str) -> None:
    filled = form(tag, **EVERYTHING)
    assert "…" not in json.dumps(shown(filled), ensure_ascii=False)
    assert not [one for one in labels(zone_options(filled, "", NOW)) if "…" in one]
    assert not [one for one in labels(country_options(filled, "usa")) if "…" in one]


@pytest.mark.parametrize(
    "off", [{}, {"quiet": None, "digest_at": None, "due_soon": None}], ids=["defaults", "all off"]
)
def test_who_changes_nothing_chooses_nothing_more(off: dict[str, Any]) -> None:
    filled = form(**off)
    chosen, errors = read_settings(state(filled), filled, NOW)
    assert (set(chosen), errors) == (set(off), {})


def test_a_zone_and_a_language_that_slack_tells_as_well_are_chosen_all_the_same() -> None:
    filled = form("es-ES", {"locale", "timezone"}, locale="es")
    chosen, _ = read_settings(state(filled), filled, NOW)
    assert chosen == {"locale": "es", "timezone": "Europe/Madrid"}


CHOICES = [
    ({"locale": selected("pt")}, {"locale": "pt"}),
    ({"timezone": selected("America/Lima")}, {"timezone": "America/Lima"}),
    ({"working_days": boxes("5", "6")}, {"working_days": "sat,sun"}),
    ({"quiet_from": selected("off")}, {"quiet": "off"}),
    ({"quiet_from": selected("21:00")}, {"quiet": "21:00-08:00"}),
    ({"quiet_until": selected("21:00")}, {"quiet": "20:00-21:00"}),
    ({"digest_at": selected("off")}, {"digest_at": "off"}),
    ({"due_soon": selected("60")}, {"due_soon": "60"}),
    ({"due_soon": selected("15")}, {}),
    ({"country": selected("PT")}, {"country": "PT"}),
    ({"urgent_passes": boxes("on")}, {"urgent_passes": "on"}),
    ({"follows_status": boxes()}, {"follows_status": "off"}),
    ({"absence": selected("skip")}, {"absence": "skip"}),
    ({"absence": selected("hold"), "until": {"selected_date": "2026-04-15"}},
     {"absence": "hold 2026-04-15"}),
    ({"until": {"selected_date": "2026-05-15"}, "delegate": {"selected_user": "U2"}}, {}),
    ({"absence": selected("hold"), "delegate": {"selected_user": "U2"}}, {"absence": "hold"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "stored"), CHOICES)
def test_choices(changes: dict[str, Any], stored: dict[str, str]) -> None:
    filled = form()
    assert read_settings(state(filled, **changes), filled, NOW) == (stored, {})


GONE = "This is no longer offered. Choose another one."
PAST = "That is in the past (Tue 14 Apr). Pick today or a later day."
WRONG = [
    ({"working_days": boxes()}, "working_days", "Choose at least one day."),
    ({"quiet_until": selected("20:00")}, "quiet_until",
     "Quiet hours must end at another time than they start."),
    ({"absence": selected("skip"), "until": {"selected_date": "2026-04-14"}}, "until", PAST),
    ({"absence": selected("delegate")}, "delegate", "Choose who gets your tasks meanwhile."),
    ({"absence": selected("delegate"), "delegate": {"selected_user": "U1"}}, "delegate",
     "That is you. Choose somebody else."),
    ({"timezone": selected("Mars/Olympus")}, "timezone",
     "I don't know this time zone. Search it by its city or country."),
    ({"locale": selected("tlh")}, "locale", GONE),
    ({"country": selected("XX")}, "country", GONE),
    ({"due_soon": selected("-5")}, "due_soon", GONE),
    ({"digest_at": selected("25:00")}, "digest_at", GONE),
    ({"quiet_from": selected(None)}, "quiet_from", GONE),
    ({"absence": selected("party")}, "absence", GONE),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field", "said"), WRONG)
def test_what_cannot_be_is_said_at_its_field(
    changes: dict[str, Any], field: str, said: str
) -> None:
    filled = form()
    _, errors = read_settings(state(filled, **changes), filled, NOW)
    assert errors == {field: said}


def test_the_last_day_is_one_of_the_zone_that_was_chosen_beside_it() -> None:
    """In Honolulu it is still Tuesday."""
    filled = form()
    tuesday = {"absence": selected("hold"), "until": {"selected_date": "2026-04-14"}}
    late = NOW.replace(hour=3)
    there = state(filled, timezone=selected("Pacific/Honolulu"), **tuesday)
    assert read_settings(there, filled, late)[1] == {}
    assert read_settings(state(filled, **tuesday), filled, late)[1] != {}


WEEKS = [("en-US", "Sunday"), ("en-GB", "Monday"), ("es-ES", "Lunes"), ("de", "Montag"),
         ("pt-BR", "Domingo"), ("tlh", "Monday")]  # fmt: skip


@pytest.mark.parametrize(("locale", "first"), WEEKS)
def test_the_week_begins_as_it_does_there(locale: str, first: str) -> None:
    days = labels(element(shown(form(locale)), "working_days")["options"])
    assert days[0] == first
    assert len(set(days)) == 7


def test_zones_are_offered_with_what_their_clocks_show() -> None:
    assert labels(zone_options(form(), "kathm", NOW)) == ["Asia/Kathmandu, 13:45"]
    assert labels(zone_options(form(), "", NOW))[0] == "As in Slack (Europe/Madrid, 10:00)"


def test_countries_are_offered_in_the_reader_s_language() -> None:
    assert labels(country_options(form("de"), "spanien"))[:2] == ["Spanien", "Spanien · Andalucía"]
    assert labels(country_options(form(), " "))[:2] == ["No public holidays", "Spain"]


@pytest.mark.parametrize("tag", TAGS)
def test_the_form_says_that_all_was_taken_back(tag: str) -> None:
    checked_view(Workspace(MovableClock(NOW)), reset_modal(form(tag).reader.language), "modal")
