"""Forms: what they ask, that Slack takes them, and how they are read back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from adapters.contract import Choice, Field, FieldKind, Outcome
from bot.domain.model import Connection, Person, outcome_token
from bot.slack import actions
from bot.slack.modals import answer_modal, read_form
from sandbox.clock import MovableClock
from sandbox.slack.views import checked_view
from sandbox.slack.workspace import Workspace

ANA = Person("U1", "Europe/Madrid")
NOW = datetime(2026, 4, 9, 12, 3, tzinfo=UTC)
ACME = Connection("acme", "Acme")
CALL_AT = Field("call_at", "Call at", FieldKind.FUTURE_MOMENT)
NOTE = Field("note", "Note", FieldKind.TEXT)
WAY = Field(
    "way", "Way", FieldKind.CHOICE, choices=(Choice("IN", "Inbound"), Choice("OUT", "Outbound"))
)
LATER = Outcome("LATER", "Llamar luego", fields=(CALL_AT, NOTE, WAY))
STAMP = int(datetime(2026, 4, 9, 14, tzinfo=UTC).timestamp())
FILLED: dict[str, Any] = {
    "call_at": {"selected_date_time": STAMP},
    "note": {"value": " Call the owner\n"},
    "way": {"selected_option": {"value": outcome_token("OUT")}},
}


def optional(field: Field) -> Field:
    return Field(field.key, field.label, field.kind, required=False, choices=field.choices)


def modal(
    outcome: Outcome, title: str = "Botica Norte", now: datetime = NOW, reader: Person = ANA
) -> dict[str, Any]:
    """The form, after Slack's own checks of it."""
    body = answer_modal(title, ACME, outcome, "private", reader, now)
    checked_view(Workspace(MovableClock(NOW)), body, "modal")
    return body


def inputs(outcome: Outcome, **more: Any) -> list[dict[str, Any]]:
    return [block for block in modal(outcome, **more)["blocks"] if block["type"] == "input"]


def read(
    outcome: Outcome, filled: dict[str, Any], reader: Person = ANA
) -> tuple[dict[str, str], dict[str, str]]:
    """The form read back, each field under the action id that the form gave it."""
    ids = {block["block_id"]: block["element"]["action_id"] for block in inputs(outcome)}
    values = {key: {ids[key]: state} for key, state in filled.items() if key in ids}
    return read_form(values, outcome, NOW, reader)


def test_a_form_asks_exactly_what_the_outcome_demands() -> None:
    body = modal(LATER)
    assert body["title"]["text"] == "Llamar luego"
    assert body["submit"]["text"] == "Send"
    assert (body["callback_id"], body["private_metadata"]) == (actions.ANSWER_MODAL, "private")
    assert body["blocks"][0]["text"] == {
        "type": "plain_text",
        "text": "Botica Norte",
        "emoji": False,
    }
    asked = [(b["block_id"], b["element"]["type"], b["optional"]) for b in inputs(LATER)]
    assert asked == [
        ("call_at", "datetimepicker", False),
        ("note", "plain_text_input", False),
        ("way", "radio_buttons", False),
    ]


@pytest.mark.parametrize(
    ("zone", "now", "initial"),
    [
        ("Europe/Madrid", (12, 3), (14, 0)),
        ("Europe/Madrid", (12, 0), (13, 0)),
        ("Asia/Kathmandu", (12, 3), (13, 15)),
        ("Asia/Kolkata", (12, 40), (14, 30)),
    ],
)
def test_a_moment_starts_at_the_next_full_hour(
    zone: str, now: tuple[int, int], initial: tuple[int, int]
) -> None:
    at = datetime(2026, 4, 9, *now, tzinfo=UTC)
    (picker,) = inputs(Outcome("L", "L", fields=(CALL_AT,)), now=at, reader=Person("U1", zone))
    expected = datetime(2026, 4, 9, *initial, tzinfo=UTC)
    assert picker["element"]["initial_date_time"] == int(expected.timestamp())


@given(st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_suggested_moment_is_one_to_two_hours_ahead(now: datetime) -> None:
    form = answer_modal("T", ACME, LATER, "", ANA, now)
    ahead = form["blocks"][2]["element"]["initial_date_time"] - now.timestamp()
    assert 3_600 <= ahead < 7_200


def test_an_optional_moment_starts_empty() -> None:
    (picker,) = inputs(Outcome("L", "L", fields=(optional(CALL_AT),)))
    assert picker["optional"] is True
    assert "initial_date_time" not in picker["element"]


@pytest.mark.parametrize(
    ("number", "kind", "key"),
    [
        (10, "radio_buttons", "options"),
        (11, "static_select", "options"),
        (100, "static_select", "options"),
        (101, "static_select", "option_groups"),
        (5_000, "static_select", "option_groups"),
    ],
)
def test_how_choices_are_offered(number: int, kind: str, key: str) -> None:
    choices = tuple(Choice(f"{n}" * 200, f"Choice {n}" * 50) for n in range(number))
    field = Field("way", "Way", FieldKind.CHOICE, choices=choices)
    (block,) = inputs(Outcome("L", "L", fields=(field,)))
    assert block["element"]["type"] == kind
    assert key in block["element"]


def test_a_choice_without_choices_is_not_asked() -> None:
    nothing = Field("way", "Way", FieldKind.CHOICE)
    assert inputs(Outcome("L", "L", fields=(nothing,))) == []
    assert read_form({}, Outcome("L", "L", fields=(nothing,)), NOW, ANA) == ({}, {})


@pytest.mark.parametrize("text", ["", " \n", "<!channel> *x* :smile:", "x" * 20_000])
def test_absurd_words_stay_inside_slacks_limits(text: str) -> None:
    fields = tuple(
        Field(f"{n}{kind}", text, kind, required=n % 2 == 0, choices=(Choice(text, text),) * n)
        for kind in FieldKind
        for n in range(60)
    )
    body = modal(Outcome("L", text, fields=fields), title=text)
    texts = [body["title"], *(block["label"] for block in body["blocks"] if "label" in block)]
    assert all(t["type"] == "plain_text" and t["emoji"] is False for t in texts)


def test_a_filled_form_is_read() -> None:
    assert read(LATER, FILLED) == (
        {"call_at": "2026-04-09T14:00:00+00:00", "note": "Call the owner", "way": "OUT"},
        {},
    )


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"call_at": {"selected_date_time": None}}, {"call_at": "Pick a date and a time."}),
        (
            {"call_at": {"selected_date_time": int(NOW.timestamp())}},
            {
                "call_at": "That is in the past (Thu 9 Apr, 14:03 in Europe/Madrid). "
                "Pick a later moment."
            },
        ),
        ({"note": {"value": None}}, {"note": "Write a few words."}),
        ({"note": {"value": " \n\t "}}, {"note": "Write a few words."}),
        ({"way": {"selected_option": None}}, {"way": "Choose one."}),
        (
            {"way": {"selected_option": {"value": "OUT"}}},
            {"way": "This is no longer offered. Choose another one."},
        ),
        ({"way": {}, "note": {}}, {"way": "Choose one.", "note": "Write a few words."}),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    changes: dict[str, Any], errors: dict[str, str]
) -> None:
    fields, found = read(LATER, FILLED | changes)
    assert found == errors
    assert set(fields) == set(FILLED) - set(errors)


def test_an_empty_form_misses_all_that_is_required() -> None:
    fields, errors = read_form({}, LATER, NOW, ANA)
    assert (fields, set(errors)) == ({}, {"call_at", "note", "way"})


def test_optional_fields_may_be_empty_but_not_wrong() -> None:
    outcome = Outcome("L", "L", fields=(optional(CALL_AT), optional(NOTE), optional(WAY)))
    assert read_form({}, outcome, NOW, ANA) == ({}, {})
    assert read(outcome, {"call_at": {"selected_date_time": 10**9}})[1].keys() == {"call_at"}
    assert read(outcome, FILLED)[1] == {}
