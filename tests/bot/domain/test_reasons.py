"""Why somebody got a card, or did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapters.contract import Due
from bot.domain.language import ENGLISH
from bot.domain.model import Reader, Standing
from bot.domain.reasons import earlier, several, unheard, verdict, verdicts
from bot.domain.records import Chronicle
from tests.bot.domain.test_story import (
    CARD,
    CHRONICLE,
    NOW,
    STORED,
    TASK,
    day,
    said,
    situation,
    standing,
)

HOLDING = (
    "It is assigned to Ana in Reten; {} linked to that operator since Mon 13 Apr, 08:00, by U7. "
)
READERS_BEFORE = situation(readers=[Reader("U1", baseline=True)])
BEFORE = (
    "It was there before I began to watch for U1: such tasks are summed up once, not sent card by "
    "card."
)


THEIRS = replace(CHRONICLE, situation=READERS_BEFORE)


@pytest.mark.parametrize(
    ("chronicle", "words"),
    [
        (
            replace(CHRONICLE, deliveries=[CARD]),
            "The card came Wed 15 Apr, 08:00, as the task was new to U1. It is due Wed 15 Apr, "
            "10:00.",
        ),
        (
            replace(
                CHRONICLE, deliveries=[replace(CARD, posted_at=None, error="x", state="refused")]
            ),
            "A card was wanted and not posted: x.",
        ),
        (
            replace(CHRONICLE, deliveries=[replace(CARD, posted_at=None, state="pending")]),
            "A card is on its way.",
        ),
        (replace(CHRONICLE, watched=False), "Reten is no longer in the settings."),
        (CHRONICLE, "A card is about to be made."),
        (
            standing(Standing.DONE),
            "It was finished before a card was wanted, so none was posted.",
        ),
        (THEIRS, f"{BEFORE} A reminder comes before it is due."),
        (day(THEIRS, None), f"{BEFORE} No reminder comes of a task without an hour."),
        (
            day(THEIRS, Due(on=date(2026, 4, 16))),
            f"{BEFORE} No reminder comes of a task without an hour.",
        ),
        (
            day(THEIRS, Due(at=NOW - timedelta(hours=3))),
            f"{BEFORE} The moment at which it was due had passed by then, so no reminder came.",
        ),
        (
            day(THEIRS, Due(at=NOW - timedelta(hours=2)), seen=NOW - timedelta(hours=9)),
            f"{BEFORE} No reminder came while it was due.",
        ),
    ],
)
def test_why_a_reader_got_it_or_not(chronicle: Chronicle, words: str) -> None:
    found = verdict(ENGLISH, chronicle, "U1")
    assert said(found.words) == HOLDING.format("U1 is") + words
    assert found.told == words.startswith("The card came")
    assert said(verdict(ENGLISH, chronicle, "U1", you="U1").words).startswith(
        HOLDING.format("you are")
    )


def test_why_somebody_else_did_not() -> None:
    asked = replace(CHRONICLE, theirs={"U2": ["o2"], "U3": []})
    assert (
        said(verdict(ENGLISH, asked, "U2").words) == "U2 is o2 in Reten, and it is assigned to Ana."
    )
    assert (
        said(verdict(ENGLISH, asked, "U3", you="U3").words)
        == "You are linked to no operator in Reten."
    )
    assert [one.reader for one in verdicts(ENGLISH, asked)] == ["U1", "U2", "U3"]


def test_what_goes_to_a_channel() -> None:
    found = replace(
        CHRONICLE,
        situation=situation(readers=[Reader("C1")], linked={}),
        links=[],
        deliveries=[replace(CARD, reader="C1")],
    )
    assert said(verdict(ENGLISH, found, "C1").words).startswith(
        "Nobody in Slack is linked to who has it, so it goes to the channel C1. The card came"
    )
    assert said(unheard(ENGLISH, found) or ()) == "Linked to nobody in Slack, and so not told: Ana."
    assert unheard(ENGLISH, CHRONICLE) is None
    nobody = replace(STORED, task=replace(TASK, operators=()))
    found = replace(found, situation=situation(stored=nobody))
    assert said(unheard(ENGLISH, found) or ()) == "It is assigned to nobody, so nobody was told."


def test_several_tasks_that_fit() -> None:
    known = [("reten:1", "Call Ana"), ("reten:2", "Call Ben")]
    assert several(ENGLISH, "call", known, 2).splitlines()[1:] == [
        "reten:1 — Call Ana",
        "reten:2 — Call Ben",
    ]
    assert several(ENGLISH, "call", known, 9).splitlines()[-1] == "… and 7 more"
    assert (earlier(ENGLISH, 1), earlier(ENGLISH, 2)) == ("… 1 earlier step", "… 2 earlier steps")
