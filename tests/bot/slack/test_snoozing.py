"""Putting a task off: what a card offers for it and says of it, and the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.language import ENGLISH
from bot.domain.model import AnswerLine, Face, Reason
from bot.domain.snoozing import Snooze
from bot.slack import actions
from bot.slack.snoozing import read_snooze, snooze_modal, snooze_options
from sandbox.clock import MovableClock
from sandbox.slack import Workspace
from sandbox.slack.views import checked_view
from tests.bot.slack.test_cards import ANA, NOW, VIEW, elements, lines, shown

PUT_OFF = replace(
    VIEW,
    face=Face.SNOOZED,
    outcomes=(),
    until=NOW + timedelta(hours=2, minutes=28),
    answer=AnswerLine(None, by_user="U1", at=NOW),
)


@pytest.mark.parametrize("choice", Snooze)
def test_a_choice_reads_back(choice: Snooze) -> None:
    assert actions.read_snooze_value(actions.snooze_value("k1", choice)) == ("k1", choice)


@pytest.mark.parametrize("value", ["", "k1", "snooze:k1:", "snooze:k1:never", "why:k1", "k1:ab:s"])
def test_nothing_else_reads_as_one(value: str) -> None:
    assert actions.read_snooze_value(value) is None


def test_every_choice_is_offered() -> None:
    options = snooze_options(ENGLISH, "k1")
    assert [one["text"]["text"] for one in options] == [
        "15 minutes", "1 hour", "This afternoon", "Tomorrow morning", "Next working day",
        "Pick a time…",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("until", "by", "line"),
    [
        (NOW + timedelta(hours=2, minutes=28), "U1", "💤 Back at 16:30"),
        (NOW + timedelta(days=1), "U1", "💤 Back Tomorrow 14:02"),
        (NOW + timedelta(hours=1), "U2", "💤 Back at 15:02 · @U2"),
    ],
)
def test_a_snoozed_card_says_when_it_comes_back(until: datetime, by: str, line: str) -> None:
    view = replace(PUT_OFF, until=until, answer=AnswerLine(None, by_user=by, at=NOW))
    assert lines(view) == ["Farmacia Central", line, "Wake now", "Acme"]
    (wake,) = elements(view)
    assert (wake["action_id"], wake["value"]) == (actions.WAKE, VIEW.task_key)


def test_its_text_says_so_too() -> None:
    assert shown(PUT_OFF).text == "Farmacia Central: Back at 16:30"


@pytest.mark.parametrize("overdue", [False, True])
def test_a_card_that_came_back_says_so(overdue: bool) -> None:
    view = replace(VIEW, reminder=Reason.RETURNED, overdue=overdue)
    assert lines(view)[0] == "⏰ Back as you asked"
    assert "Snooze" in lines(view)
    folded = replace(view, face=Face.FOLDED, outcomes=(), overdue=False)
    assert lines(folded)[1] == "↓ Back below"


def test_the_form_asks_for_a_moment() -> None:
    view = snooze_modal("Farmacia Central", "{}", ANA, NOW)
    checked_view(Workspace(MovableClock(NOW)), view, "modal")
    (asked,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert asked["element"]["initial_date_time"] > NOW.timestamp()


def state(at: datetime | None) -> dict[str, Any]:
    return {"until": {"value": {"selected_date_time": at and int(at.timestamp())}}}


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (None, {"until": "Pick a date and a time."}),
        (
            datetime(2026, 4, 9, 11, 0, tzinfo=UTC),
            {
                "until": "That is in the past (Thu 9 Apr, 13:00 in Europe/Madrid). "
                "Pick a later moment."
            },
        ),
        (datetime(2026, 4, 9, 13, 0, tzinfo=UTC), datetime(2026, 4, 9, 13, 0, tzinfo=UTC)),
    ],
)
def test_what_was_picked_is_checked_at_its_field(at: datetime | None, found: object) -> None:
    assert read_snooze(state(at), ANA, NOW) == found
