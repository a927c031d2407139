"""The story of a task: from records to sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters.contract import Due, Effect, Operator, Result, Task, TaskState
from bot.domain.language import ENGLISH
from bot.domain.model import (
    Connection,
    Face,
    Reader,
    Reason,
    Situation,
    Standing,
    StoredTask,
    Submission,
    SubmissionState,
)
from bot.domain.outlook import next_step, stand
from bot.domain.phrases import Phrase
from bot.domain.records import (
    Chronicle,
    Delivery,
    Linked,
    Record,
    answer_of,
    differences,
    wanted_of,
)
from bot.domain.story import lines
from bot.domain.when import zone

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
TASK = Task("t", "Call Ana", due=Due(at=NOW + timedelta(hours=2)), operators=(Operator("o1"),))
STORED = StoredTask("reten", "k", TASK, Standing.OPEN, NOW - timedelta(hours=1))
LINK = Linked("o1", "U1", "admin", "U7", NOW - timedelta(days=2))
CARD = Delivery(
    "c1", "U1", Reason.ASSIGNED, Face.OPEN, "sent", True, NOW, NOW, "D1", redraws=2
)  # fmt: skip
SUBMISSION = Submission(
    "s", "reten", "t", "SOLD", "Sold", {}, "U1", "o1", NOW, SubmissionState.RETRY, NOW, attempt=2
)
ANSWER = {"label": "Sold", "outcome": "SOLD", "attempt": 2, "said": "No luck", "doubt": False}


def situation(**more: Any) -> Situation:
    given: dict[str, Any] = {
        "stored": STORED,
        "connection": Connection("reten", "Reten"),
        "readers": [Reader("U1")],
        "cards": [],
        "linked": {"o1": "U1"},
    }
    return Situation(**(given | more))


CHRONICLE = Chronicle(
    situation(),
    NOW,
    links=[LINK],
    operators={"o1": "Ana"},
    baseline_at=NOW - timedelta(days=1),
)


def said(phrase: Phrase) -> str:
    return ENGLISH.plain(phrase, zone("UTC"), str)


def told(action: str, actor: str = "taskbell", subject: str = "t", **detail: Any) -> str:
    """The last thing that happened, if this is on record."""
    record = Record("1", NOW, actor, action, "reten", subject, detail)
    seen = Record("0", NOW, "taskbell", "seen", "reten", "t", {})
    return said(lines(ENGLISH, replace(CHRONICLE, records=[seen, record]))[-1].words)


CARDS = {"reader": "U1", "channel": "D1", "reason": "due"}


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        (
            "seen",
            {"by": "push", "listing": "changes", "state": "open", "due": "", "operators": []},
            "Seen for the first time, in a listing of what changed that a push asked for of Reten: "
            "open, no due date, assigned to nobody.",
        ),
        (
            "changed",
            {"by": "timer", "listing": "named", "due": ["", "2026-04-16"], "title": True},
            "Changed in Reten, by a look-up: due Thu 16 Apr instead of no due date; another title.",
        ),
        (
            "changed",
            {"state": ["open", "done"], "status": [None, "Won"], "operators": [["o1"], ["o2"]]},
            "Changed in Reten, by a listing: done instead of open; status Won instead of none; "
            "assigned to o2 instead of Ana.",
        ),
        ("gone", {}, "No longer in Reten (deleted or not visible to me)."),
        ("card posted", CARDS, "A card was posted to U1 in D1, because it was due."),
        (
            "card posted",
            {"reader": "C1", "channel": "C1"},
            "A card was posted to the channel C1 in C1.",
        ),
        (
            "card found",
            CARDS,
            "The line to Slack was cut while the card for U1 was posted: I looked, and it stands.",
        ),
        (
            "card not found",
            CARDS,
            "The line to Slack was cut while the card for U1 was posted: I looked, and it does not "
            "stand. I post it again.",
        ),
        ("card refused", {**CARDS, "said": "No"}, "The card for U1 was not posted: No."),
        ("card deleted", CARDS, "The card of U1 was deleted in Slack."),
        ("answer put off", ANSWER, "“Sold”, try 2: No luck. Nothing was written; I try again."),
        (
            "reopen put off",
            {**ANSWER, "doubt": True},
            "“Sold”, try 2: No luck. It may have arrived all the same, so I read the task before I "
            "write again.",
        ),
        ("answer done", ANSWER, "Reten took “Sold” at try 2: No luck."),
        (
            "answer refused",
            ANSWER,
            "“Sold”, try 2: Reten refused it: No luck. Nothing was sent.",
        ),
    ],
)
def test_what_the_bot_did(action: str, detail: dict[str, Any], words: str) -> None:
    assert told(action, **detail) == words


@pytest.mark.parametrize(
    ("action", "actor", "detail", "words"),
    [
        ("answer", "U1", {"label": "Sold"}, "U1 answered “Sold”."),
        ("answer", "U1", {"label": "", "outcome": "SOLD"}, "U1 answered “SOLD”."),
        ("reopen", "U1", {}, "U1 asked to open it again."),
        ("comment", "U1", {}, "U1 wrote a comment."),
        ("reschedule", "U1", {"due": "2026-04-16"}, "U1 asked to move it to Thu 16 Apr."),
        ("reassign", "U1", {"operator": "o1"}, "U1 asked to give it to Ana."),
        ("undo", "U1", {}, "U1 took the answer back before it was sent."),
        ("retried", "U7", {"label": "Sold"}, "U7 asked to send “Sold” again."),
        (
            "given up",
            "cli",
            {"label": "Sold", "said": "So be it."},
            "An admin at the command line gave “Sold” up. So be it.",
        ),
        (
            "declined",
            "U2",
            {"code": "not_yours"},
            "U2 clicked, and heard: “Call Ana” isn't assigned to you. Only its operator, a manager "
            "or an admin can answer it. Nothing was sent.",
        ),
    ],
)
def test_what_people_did(action: str, actor: str, detail: dict[str, Any], words: str) -> None:
    assert told(action, actor, **detail) == words


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        ("email", "U1 was linked to Ana by e-mail address."),
        ("import", "U1 was linked to Ana with a file, by an admin at the command line."),
        ("admin", "U1 was linked to Ana by an admin at the command line."),
    ],
)
def test_how_somebody_was_linked(provenance: str, words: str) -> None:
    detail = {"slack_user": "U1", "provenance": provenance}
    assert told("link", "cli", "o1", **detail) == words
    assert told("unlink", "U7", "o1") == "The link of Ana was removed by U7."


def test_what_no_sentence_is_for_is_left_out() -> None:
    record = Record("1", NOW, "taskbell", "something new", "reten", "t", {})
    (line,) = lines(ENGLISH, replace(CHRONICLE, records=[record]))
    assert line.record is None


@pytest.mark.parametrize(
    ("baseline_at", "words"),
    [
        (NOW, "Already there in the first listing of Reten, and so news to nobody."),
        (None, "Already there in the first listing of Reten, and so news to nobody."),
        (NOW - timedelta(hours=2), "Seen for the first time in Reten."),
    ],
)
def test_a_first_sight_that_left_no_record(baseline_at: datetime | None, words: str) -> None:
    (line,) = lines(ENGLISH, replace(CHRONICLE, baseline_at=baseline_at))
    assert (line.at, said(line.words)) == (STORED.first_seen_at, words)


def standing(value: Standing, **more: Any) -> Chronicle:
    return replace(CHRONICLE, situation=situation(stored=replace(STORED, standing=value), **more))


def day(chronicle: Chronicle, due: Due | None, *, seen: datetime | None = None) -> Chronicle:
    stored = replace(STORED, task=replace(TASK, due=due))
    stored = replace(stored, first_seen_at=seen or stored.first_seen_at)
    return replace(chronicle, situation=replace(chronicle.situation, stored=stored))


DONE = replace(SUBMISSION, state=SubmissionState.DONE)


@pytest.mark.parametrize(
    ("chronicle", "words"),
    [
        (CHRONICLE, ["Open, due Wed 15 Apr, 10:00, assigned to Ana."]),
        (standing(Standing.GONE), ["No longer in Reten (deleted or not visible to me)."]),
        (
            standing(Standing.CANCELLED),
            ["It is cancelled in Reten, and not by an answer from here."],
        ),
        (standing(Standing.DONE, answered=DONE), ["It is done in Reten: “Sold” by U1."]),
        (
            replace(standing(Standing.GONE), trouble="unavailable", good_at=NOW),
            [
                "No longer in Reten (deleted or not visible to me).",
                "Reten is not answering; its last good poll was Wed 15 Apr, 08:00.",
            ],
        ),
    ],
)
def test_how_it_stands(chronicle: Chronicle, words: list[str]) -> None:
    assert [said(one) for one in stand(ENGLISH, chronicle)] == words


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (CARD, "The card of U1 shows: open, with its buttons, redrawn 2 times."),
        (
            replace(CARD, redraws=0, face=Face.DONE, error="Slack did not answer"),
            "The card of U1 shows: done (Slack did not answer).",
        ),
        (replace(CARD, state="pending"), "The card of U1 waits to be posted."),
        (
            replace(CARD, state="unknown", error="cut"),
            "The card of U1 may or may not stand, which I find out before I post it again (cut).",
        ),
    ],
)
def test_how_a_card_stands(card: Delivery, words: str) -> None:
    found = replace(CHRONICLE, deliveries=[card, replace(card, live=False)])
    assert [said(one) for one in stand(ENGLISH, found)][1:] == [words]


LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("chronicle", "at", "words"),
    [
        (CHRONICLE, NOW + timedelta(minutes=105), "A reminder comes Wed 15 Apr, 09:45."),
        (
            replace(CHRONICLE, submissions=[replace(SUBMISSION, due_at=LATER)]),
            LATER,
            "“Sold” is tried again Wed 15 Apr, 08:05.",
        ),
        (
            replace(CHRONICLE, submissions=[replace(SUBMISSION, attempt=0)]),
            NOW,
            "“Sold” is sent Wed 15 Apr, 08:00.",
        ),
        (
            replace(CHRONICLE, deliveries=[replace(CARD, due_at=LATER)]),
            LATER,
            "The card is posted, looked for or redrawn Wed 15 Apr, 08:05.",
        ),
        (
            day(CHRONICLE, Due(on=date(2026, 4, 16))),
            None,
            "No reminder: it is due on a day, without an hour.",
        ),
        (day(CHRONICLE, None), None, "No reminder is to come; a change brings the next step."),
        (standing(Standing.DONE), None, "Nothing more to do, unless it is opened again."),
        (
            replace(CHRONICLE, watched=False),
            None,
            "Nothing, until the connection is in the settings again.",
        ),
    ],
)
def test_what_comes_next(chronicle: Chronicle, at: datetime | None, words: str) -> None:
    found, phrase = next_step(ENGLISH, chronicle)
    assert (found, said(phrase)) == (at, words)


def test_what_changed() -> None:
    after = replace(
        TASK,
        state=TaskState.DONE,
        due=None,
        status_label="Won",
        result=Result("Sold"),
        details=("x",),
        title="Call Bea",
    )
    assert differences(STORED, after) == {
        "state": ["open", "done"],
        "due": ["2026-04-15T10:00:00+00:00", ""],
        "status": [None, "Won"],
        "result": [None, "Sold"],
        "title": True,
    }
    assert differences(STORED, replace(TASK, details=("x",), data={"a": "b"})) == {}
    assert differences(replace(STORED, standing=Standing.GONE), TASK) == {"state": ["gone", "open"]}
    assert answer_of(after) == "done, Won, Sold"
    assert answer_of(TASK) == "open"


def test_the_words_of_a_comment_are_nobodys_record() -> None:
    comment = replace(SUBMISSION, effect=Effect.COMMENT, fields={"text": "She is ill"})
    assert "She is ill" not in wanted_of(comment).values()
    moved = replace(SUBMISSION, effect=Effect.RESCHEDULE, fields={"due": "2026-04-16"})
    assert wanted_of(moved)["due"] == "2026-04-16"
