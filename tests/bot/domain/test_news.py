"""To whom a task is news, and who stands in for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.contract import Due, Effect
from bot.domain.model import Face, Reason, Standing, SubmissionState
from bot.domain.preferences import Absence, AbsenceMode, Preferences
from bot.domain.stand_ins import back_at, who_reads
from tests.bot.domain.task_desk import START, Desk, answer

TODAY = START.date()


def planned(desk: Desk) -> dict[str, bool]:
    """What should be told, when nobody has told anything yet."""
    wanted = desk.plan()
    desk.apply(wanted)
    return dict(wanted.news)


def test_a_new_task_is_news_until_it_is_told() -> None:
    desk = Desk(owners=("o1", "o2"))
    assert planned(desk) == planned(desk) == {"U1": False, "U2": False}
    desk.news["U2"] = True
    assert planned(desk) == {"U1": False, "U2": True}
    desk.tell()
    assert planned(desk) == {"U2": True}
    assert desk.log == [("U1", Reason.ASSIGNED)]


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.OPEN])
def test_what_is_over_before_it_was_told_is_no_news(standing: Standing) -> None:
    desk = Desk(owners=("o1", "o2"), news={"U1": False, "U2": True}, standing=standing)
    assert planned(desk) == {"U2": True}
    desk.standing = Standing.OPEN  # somebody took it back
    assert planned(desk) == {"U1": False, "U2": True}


def test_what_has_moved_away_is_news_when_it_comes_back() -> None:
    desk = Desk(news={"U1": True})
    assert planned(desk) == {"U1": True}
    desk.owners = ("o2",)
    assert planned(desk) == {"U2": False}
    desk.owners = ("o1",)
    assert planned(desk) == {"U1": False}


def test_a_reminder_tells_what_was_still_to_be_told() -> None:
    desk = Desk(due=Due(at=START + timedelta(minutes=20)))
    planned(desk)
    desk.now += timedelta(minutes=10)
    assert planned(desk) == {}
    assert desk.log == [("U1", Reason.DUE_SOON)]


def test_a_card_that_is_open_again_shows_it_before_anybody_is_told() -> None:
    desk = Desk().to(START)
    for owners in (("o2",), ("o1",)):
        desk.owners = owners
        planned(desk)
    assert desk.news == {"U1": False}
    assert desk.face() is Face.OPEN


@pytest.mark.parametrize("state", [one for one in SubmissionState if one.active])
def test_what_they_give_themselves_is_no_news(state: SubmissionState) -> None:
    desk = Desk(submission=answer(state, Effect.REASSIGN))
    assert planned(desk) == {}
    desk.submission = replace(desk.submission, slack_user="U2")  # type: ignore[type-var]
    assert planned(desk) == {"U1": False}


@pytest.mark.parametrize(
    ("mode", "wanted"), [(AbsenceMode.HOLD, {"U1": False}), (AbsenceMode.SKIP, {"U1": True})]
)
def test_what_comes_while_they_are_away(mode: AbsenceMode, wanted: dict[str, bool]) -> None:
    desk = Desk(absences={"U1": Absence(mode, TODAY)})
    assert planned(desk) == wanted
    desk.now += timedelta(days=1)
    assert planned(desk) == wanted


def test_a_delegate_reads_it_meanwhile() -> None:
    """What is new is told to whom it then belongs; what they knew before they know again."""
    desk = Desk().to(START)
    desk.absences["U1"] = Absence(AbsenceMode.DELEGATE, TODAY, "U2")
    assert desk.plan().look_at == datetime(2026, 3, 29, tzinfo=UTC)
    desk.work()
    assert desk.face("U2") is Face.OPEN
    assert desk.face("U1") is Face.MOVED
    assert desk.live("U1").view.moved_to == ("U2",)
    desk.to(START + timedelta(days=1))
    assert desk.face("U1") is Face.OPEN
    assert desk.face("U2") is Face.MOVED
    assert desk.log == [("U1", Reason.ASSIGNED), ("U2", Reason.ASSIGNED)]


def test_what_came_while_they_were_away_is_news_when_they_are_back() -> None:
    desk = Desk(absences={"U1": Absence(AbsenceMode.DELEGATE, TODAY, "U2")}).to(START)
    assert desk.log == [("U2", Reason.ASSIGNED)]
    assert desk.to(START + timedelta(days=1)).log[1:] == [("U1", Reason.ASSIGNED)]


def away(delegate: str) -> Preferences:
    return Preferences(absence=Absence(AbsenceMode.DELEGATE, TODAY, delegate))


HOLDING = Preferences(absence=Absence(AbsenceMode.HOLD, TODAY))


@pytest.mark.parametrize(
    ("known", "reads"),
    [
        ({}, "U1"),
        ({"U1": HOLDING}, "U1"),
        ({"U1": away("U2")}, "U2"),
        ({"U1": away("U2"), "U2": HOLDING}, "U2"),
        ({"U1": away("U2"), "U2": away("U3")}, "U3"),
        ({"U1": away("U1")}, "U1"),
        ({"U1": away("U2"), "U2": away("U1")}, "U1"),
        ({"U1": away("U2"), "U2": away("U3"), "U3": away("U2")}, "U1"),
    ],
)
def test_who_reads(known: dict[str, Preferences], reads: str) -> None:
    def preferences(user: str) -> Preferences:
        return known.get(user, Preferences())

    assert who_reads("U1", preferences, START) == reads
    assert who_reads("U1", preferences, START + timedelta(days=1)) == "U1"


@pytest.mark.parametrize(
    ("absence", "zone", "back"),
    [
        (None, "UTC", None),
        (Absence(AbsenceMode.HOLD), "UTC", None),
        (Absence(AbsenceMode.HOLD, TODAY), "UTC", datetime(2026, 3, 29, tzinfo=UTC)),
        (Absence(AbsenceMode.HOLD, TODAY), "America/Lima", datetime(2026, 3, 29, 5, tzinfo=UTC)),
        (Absence(AbsenceMode.HOLD, TODAY - timedelta(days=1)), "UTC", None),
        (Absence(AbsenceMode.HOLD, date.max), "UTC", None),
    ],
)
def test_when_they_are_back(absence: Absence | None, zone: str, back: datetime | None) -> None:
    assert back_at(Preferences(timezone=zone, absence=absence), START) == back
