"""What a card offers beyond answers, and what it says of the last change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from adapters.contract import Due, Effect, Outcome
from bot.domain.model import AnswerLine, Reason, token_of
from bot.slack import actions
from tests.bot.slack.test_cards import MOMENT, SALE, VIEW, elements, lines, many, shown

CHANGES = (
    Outcome("reschedule", "Reschedule", effect=Effect.RESCHEDULE, fields=(MOMENT,)),
    Outcome("reassign", "Reassign", effect=Effect.REASSIGN, fields=(MOMENT,)),
    Outcome("comment", "Comment", effect=Effect.COMMENT, fields=(MOMENT,)),
)


def test_what_else_can_be_done_stands_below_the_answers() -> None:
    blocks = shown(replace(VIEW, changes=CHANGES)).blocks
    _, more = [b["elements"] for b in blocks if b["type"] == "actions"]
    snooze, reschedule, menu = more
    assert snooze["action_id"] == actions.SNOOZE
    assert reschedule["text"]["text"] == "Reschedule"
    names = [o["text"]["text"] for o in menu["options"]]
    assert names == ["Reassign", "Comment", "Open", "Why did I get this?"]
    assert menu["options"][2]["url"] == VIEW.url
    pressed = actions.read_answer_value(reschedule["value"])
    assert pressed == actions.Pressed(VIEW.task_key, token_of(CHANGES[0]), form=True)
    for action_id in (reschedule["action_id"], menu["action_id"]):
        assert actions.ANSWER.match(action_id)
    for neither in menu["options"][2:]:
        assert actions.read_answer_value(neither["value"]) is None
    assert actions.read_why_value(menu["options"][3]["value"]) == VIEW.task_key
    assert actions.read_why_value(menu["options"][2]["value"]) is None


def test_ours_are_never_mixed_up_with_the_providers() -> None:
    theirs = Outcome("reschedule", "Verschieben")
    assert token_of(theirs) != token_of(CHANGES[0])


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (AnswerLine("Undo", by_user="U1", effect=Effect.REOPEN), "✅ Taken back · you"),
        (AnswerLine("Comment", by_user="U1", effect=Effect.COMMENT), "✅ Comment added · you"),
        (AnswerLine("Reassign", by_user="U1", effect=Effect.REASSIGN), "✅ Reassigned · you"),
        (AnswerLine("x", by_user="U1", effect=Effect.RESCHEDULE), "✅ Rescheduled · you"),
        (
            AnswerLine("x", "U1", effect=Effect.RESCHEDULE, was=Due(on=date(2026, 4, 14))),
            "✅ Moved from Tue 14 Apr · you",
        ),
    ],
)
def test_what_was_done_last_stands_on_the_card(answer: AnswerLine, line: str) -> None:
    assert line in lines(replace(VIEW, answer=answer))


def test_a_grave_outcome_asks_first() -> None:
    grave = Outcome("x", "Cancel task", grave=True)
    found = elements(replace(VIEW, outcomes=(SALE, grave)))
    assert "confirm" not in found[0]
    assert (found[1]["style"], found[1]["confirm"]["title"]["text"]) == ("danger", "Are you sure?")
    menu = elements(replace(VIEW, outcomes=(*many(3), grave)))[3]
    assert "Cancel task" in menu["confirm"]["text"]["text"]
    assert "confirm" not in elements(replace(VIEW, outcomes=(*many(4), grave)))[3]


def test_the_search_finds_its_task_by_the_block() -> None:
    for view in (VIEW, replace(VIEW, refusal="no")):
        block = next(b for b in shown(view).blocks if b["type"] == "actions")
        assert actions.read_block_id(block["block_id"]) == actions.Place(VIEW.task_key)


def test_a_reminder_of_a_card_that_was_refused_says_first_why_it_came() -> None:
    view = replace(VIEW, refusal="It is locked", reminder=Reason.RETURNED)
    text = shown(view).text
    assert text.startswith("Farmacia Central: back as you asked, due today 16:00 (")
    assert text.endswith("); Acme refused it: It is locked. Nothing was sent.")
