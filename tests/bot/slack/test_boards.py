"""Boards in Slack: what rows say in each state, and that Slack takes them whatever is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from adapters.contract import Due, Effect, Outcome
from bot.domain.boards import SHOWN, BoardKind, BoardRow, BoardView, Part, part_of
from bot.domain.model import AnswerLine, CardView, Face, Person
from bot.domain.when import zone
from bot.slack import actions
from bot.slack.blocks import Rendered
from bot.slack.boards import board_message
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.words import Reader, words_of

ANA = Person("U1", "Europe/Madrid")
READER = Reader(zone(ANA.timezone), lambda: AT_NINE)
DAY = date(2026, 4, 15)
AT_NINE = datetime(2026, 4, 15, 7, 12, tzinfo=UTC)
AT_FOUR = Due(at=datetime(2026, 4, 15, 14, tzinfo=UTC))
OUTCOMES = (Outcome("SALE", "Venta completada"), Outcome("NO", "No interesado"))
OPEN = CardView(
    Face.OPEN,
    "k1",
    "Botica Norte",
    "acme",
    "Acme",
    due=AT_FOUR,
    details=("Riesgo",),
    outcomes=OUTCOMES,
)
BY_ANA = AnswerLine("Venta completada", by_user="U1", at=AT_NINE)
BY_BEN = replace(BY_ANA, by_user="U2")
ENDS = {"outcomes": (), "face": Face.DONE, "answer": BY_ANA}


def shown(
    row: BoardRow, kind: BoardKind = BoardKind.DIGEST, *, closed: bool = False
) -> tuple[str, str]:
    """The words of the only row, and what stands beside it."""
    message = board_message(BoardView(kind, DAY, (row,), closed=closed), ANA)
    block = message.blocks[-1]
    beside = block.get("accessory", {}).get("action_id", "")
    assert accepted(message)
    return words_of([block], READER).splitlines()[0], beside


def accepted(message: Rendered) -> bool:
    ids = count()
    check_message_blocks(message.blocks, lambda: f"made{next(ids)}")
    return bool(message.text) and len(message.text) < 4_000


@pytest.mark.parametrize(
    ("part", "changes", "words", "beside"),
    [
        (Part.TODAY, {}, "🕓 16:00  Botica Norte — Riesgo", "answer.menu"),
        (Part.TODAY, {"due": Due(on=DAY)}, "🕓 Botica Norte — Riesgo", "answer.menu"),
        (Part.NEW, {"due": None}, "• Botica Norte — Riesgo", "answer.menu"),
        (
            Part.NEW,
            {"due": Due(on=date(2026, 4, 23))},
            "🕓 Botica Norte — Riesgo — Thu 23 Apr",
            "answer.menu",
        ),
        (
            Part.OVERDUE,
            {"due": Due(on=date(2026, 4, 13))},
            "🔴 Botica Norte — Riesgo — 2 days",
            "answer.menu",
        ),
        (
            Part.OVERDUE,
            {"due": Due(at=AT_NINE)},
            "🔴 Botica Norte — Riesgo — since 09:12",
            "answer.menu",
        ),
        (Part.TODAY, ENDS, "✅ Botica Norte — Venta completada · you, 09:12", ""),
        (
            Part.TODAY,
            ENDS | {"submission_id": "s1"},
            "✅ Botica Norte — Venta completada · you, 09:12",
            "undo",
        ),
        (
            Part.TODAY,
            ENDS | {"answer": BY_BEN, "submission_id": "s1"},
            "✅ Botica Norte — Venta completada · @U2, 09:12",
            "",
        ),
        (
            Part.TODAY,
            ENDS | {"face": Face.HELD, "submission_id": "s1"},
            "⏳ Botica Norte — “Venta completada” is about to be sent",
            "undo",
        ),
        (
            Part.TODAY,
            ENDS | {"face": Face.WAITING},
            "⏳ Botica Norte — Acme is not answering. I keep trying; nothing is lost.",
            "",
        ),
        (
            Part.TODAY,
            {"refusal": "The commerce is blocked"},
            "⚠️ Botica Norte — Acme refused it: The commerce is blocked. Nothing was sent.",
            "answer.menu",
        ),
        (
            Part.TODAY,
            {"face": Face.MOVED, "moved_to_names": ("Ben",), "outcomes": ()},
            "➡️ Botica Norte — Now with Ben",
            "",
        ),
    ],
)
def test_a_row_says_how_its_task_is(
    part: Part, changes: dict[str, Any], words: str, beside: str
) -> None:
    assert shown(BoardRow(part, replace(OPEN, **changes))) == (words, beside)


def test_a_closed_board_keeps_its_lines_and_has_no_menus() -> None:
    row = BoardRow(Part.TODAY, OPEN)
    assert shown(row, closed=True) == (shown(row)[0], "")


def test_those_who_oversee_see_whose_it_is_and_can_take_it() -> None:
    overdue = replace(OPEN, due=Due(on=date(2026, 4, 13)))
    row = BoardRow(Part.OVERDUE, overdue, whose=("Ben Okafor",))
    words = "🔴 Botica Norte — Riesgo — Ben Okafor — 2 days"
    assert shown(row, BoardKind.ESCALATION) == (words, actions.SEEN_TO)
    seen = replace(row, seen_by="U1")
    assert shown(seen, BoardKind.ESCALATION) == ("👀 Botica Norte — You will see to it", "")


def test_a_row_whose_answer_was_refused_is_a_fresh_menu() -> None:
    """A select keeps its last choice, and stays mute when it is chosen again."""
    before, after = (
        board_message(BoardView(BoardKind.DIGEST, DAY, (BoardRow(Part.TODAY, one),)), ANA).blocks
        for one in (OPEN, replace(OPEN, refusal="No"))
    )
    assert before[-1]["block_id"] != after[-1]["block_id"]


@pytest.mark.parametrize("title", ["x" * 5_000, "<!channel> *bold* <https://a.b|c>", " "])
@pytest.mark.parametrize("outcomes", [1, 90, 300])
def test_slack_takes_whatever_is_in_it(title: str, outcomes: int) -> None:
    many = tuple(Outcome(f"c{n}", "An outcome with a long name " * 3) for n in range(outcomes))
    wide = replace(OPEN, title=title, details=("y" * 900,) * 5, outcomes=many)
    rows = [
        BoardRow(part, replace(wide, task_key=f"k{n}"))
        for n, part in zip(range(SHOWN), (*Part,) * SHOWN, strict=False)
    ]
    view = BoardView(BoardKind.DIGEST, DAY, tuple(rows), (Part.NEW,) * 480)
    message = board_message(view, ANA)
    assert accepted(message)
    assert "and 480 more" in words_of(message.blocks, READER)
    assert "<!channel>" not in message.text


def test_its_first_line_counts_what_is_to_be_done() -> None:
    done = replace(OPEN, **ENDS)
    rows = (BoardRow(Part.OVERDUE, OPEN), BoardRow(Part.OVERDUE, done), BoardRow(Part.NEW, OPEN))
    view = BoardView(BoardKind.DIGEST, DAY, rows, (Part.NEW, Part.NEW))
    message = board_message(view, ANA)
    assert message.text.splitlines()[0] == "Wed 15 Apr: 1 overdue, 3 new"
    all_done = BoardView(BoardKind.DIGEST, DAY, (BoardRow(Part.TODAY, done),))
    assert board_message(all_done, ANA).text.splitlines()[0] == "Wed 15 Apr: all done"


@pytest.mark.parametrize(
    ("due", "listed", "part"),
    [
        (None, Part.NEW, Part.NEW),
        (Due(at=AT_NINE), Part.TODAY, Part.OVERDUE),
        (AT_FOUR, Part.NEW, Part.TODAY),
        (Due(on=DAY), Part.NEW, Part.TODAY),
        (Due(on=date(2026, 4, 14)), Part.NEW, Part.OVERDUE),
        (Due(on=date(2026, 4, 16)), Part.OVERDUE, Part.OVERDUE),  # moved since
        (AT_FOUR, Part.OVERDUE, Part.TODAY),
    ],
)
def test_where_a_row_stands_hangs_on_when_the_board_was_sent(
    due: Due | None, listed: Part, part: Part
) -> None:
    sent_at = datetime(2026, 4, 15, 7, 30, tzinfo=UTC)
    assert part_of(due, listed, sent_at, zone("Europe/Madrid")) is part


def test_effects_of_ours_are_no_answers_of_rows() -> None:
    """What else can be done stands on cards; a row has room for one thing."""
    change = Outcome("reschedule", "Reschedule", effect=Effect.RESCHEDULE)
    with_changes = replace(OPEN, changes=(change,))
    assert shown(BoardRow(Part.TODAY, with_changes)) == shown(BoardRow(Part.TODAY, OPEN))
