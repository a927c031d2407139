"""Who may become whom: what is offered, and what comes of requests and clicks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.contract import Field, FieldKind, Operator, Outcome
from bot.domain.answering import Accepted
from bot.domain.linking import (
    ENOUGH,
    KEPT,
    Offered,
    Step,
    first_step,
    its_turn,
    may_decide,
    offered,
    worth_keeping,
)
from bot.domain.model import Whisper

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
OPERATORS = [
    Operator("OP-1", "José Álvarez"),
    Operator("OP-2", "Ana Ruiz"),
    Operator("OP-3", "Ana Ruiz"),
    Operator("OP-4"),
    Operator("OP-5", "Zoë Left", active=False),
    Operator("R-1", "Ruta Norte", person=False),
]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("jose", ["José Álvarez"]),
        ("ALVAREZ j", ["José Álvarez"]),
        ("ana", ["Ana Ruiz (OP-2)", "Ana Ruiz (OP-3)"]),
        ("op-4", ["OP-4"]),
        ("ru", ["Ana Ruiz (OP-2)", "Ana Ruiz (OP-3)", "Ruta Norte"]),
        ("zoe", []),
        ("nobody", []),
        ("", ["Ana Ruiz (OP-2)", "Ana Ruiz (OP-3)", "José Álvarez", "OP-4", "Ruta Norte"]),
    ],
)
def test_operators_are_found_by_what_is_typed(typed: str, names: list[str]) -> None:
    assert [one.name for one in offered(OPERATORS, {}, typed)] == names


def test_those_who_are_taken_say_so() -> None:
    assert offered(OPERATORS, {"OP-1": "U1"}, "jose") == [Offered("OP-1", "José Álvarez", "U1")]


PLAIN, VOUCHED = Operator("OP-1", "Ana"), Operator("OP-1", "Ana", "ana@example.com")
USUAL: dict[str, Any] = {
    "operator": VOUCHED, "holder": None, "admin": False, "by_email": "auto", "refused_by": (),
    "waiting": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "step"),
    [
        ({}, Step.LOOK),
        ({"operator": PLAIN}, Step.ASK),
        ({"operator": Operator("OP-1", email=" ")}, Step.ASK),
        ({"by_email": "propose"}, Step.ASK),
        ({"by_email": "off"}, Step.ASK),
        ({"holder": "U2"}, Step.ASK),
        ({"refused_by": {"U1"}}, Step.LOOK),
        ({"refused_by": {"U1", "UADMIN"}}, Step.ASK),
        ({"refused_by": {"cli"}}, Step.ASK),
        ({"admin": True}, Step.LINK),
        ({"admin": True, "waiting": ENOUGH}, Step.LINK),
        ({"admin": True, "holder": "U2"}, Step.ASK),
        ({"waiting": ENOUGH - 1}, Step.LOOK),
        ({"waiting": ENOUGH}, Whisper("asked_enough")),
        ({"holder": "U1"}, Whisper("already_linked")),
        ({"holder": "U1", "admin": True}, Whisper("already_linked")),
        ({"operator": None}, Whisper("operator_gone")),
        ({"operator": Operator("OP-1", active=False), "admin": True}, Whisper("operator_gone")),
    ],
)
def test_the_first_step_of_a_request(case: dict[str, Any], step: Step | Whisper) -> None:
    assert first_step("U1", **{**USUAL, **case}) == step


@pytest.mark.parametrize(
    ("admin", "waits", "holder", "shown", "code"),
    [
        (True, True, None, None, None),
        (True, True, "U2", "U2", None),
        (False, True, None, None, "admins_only"),
        (False, False, None, None, "admins_only"),
        (True, False, None, None, "link_decided"),
        (True, False, "U1", None, "link_decided"),
        (True, True, "U2", None, "link_changed"),
        (True, True, None, "U2", "link_changed"),
        (True, True, "U3", "U2", "link_changed"),
    ],
)
def test_who_may_decide_and_when(
    admin: bool, waits: bool, holder: str | None, shown: str | None, code: str | None
) -> None:
    refused = may_decide(admin=admin, waits=waits, holder=holder, shown=shown)
    assert (refused.code if refused else None) == code


ASKS = (Field("note", "Note", FieldKind.TEXT),)


@pytest.mark.parametrize(
    ("decision", "worth"),
    [
        (Accepted(Outcome("A", "A"), None, NOW, hold=False), True),
        (Accepted(Outcome("A", "A", fields=ASKS), None, NOW, hold=False), False),
        (Whisper("already_finished"), False),
    ],
)
def test_only_a_click_that_needs_nothing_more_is_kept(
    decision: Accepted | Whisper, worth: bool
) -> None:
    assert worth_keeping(decision) is worth


@pytest.mark.parametrize(
    ("theirs", "asking", "age", "turn"),
    [
        (True, False, timedelta(0), True),
        (True, True, timedelta(0), True),
        (False, False, timedelta(0), True),
        (False, True, timedelta(0), False),
        (True, False, KEPT - timedelta(seconds=1), True),
        (True, False, KEPT, False),
    ],
)
def test_when_a_kept_click_has_its_turn(
    theirs: bool, asking: bool, age: timedelta, turn: bool
) -> None:
    assert its_turn(theirs=theirs, asking=asking, clicked_at=NOW - age, now=NOW) is turn
