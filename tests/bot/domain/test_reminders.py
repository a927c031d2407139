"""When a task is brought up again, and when not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.contract import Due
from bot.domain.model import Face, Reason, Standing, SubmissionState
from bot.domain.planner import plan
from bot.domain.preferences import Absence, AbsenceMode, Preferences
from bot.domain.reminders import DUE_GRACE, next_reminder
from tests.bot.domain.task_desk import LEAD, NEVER_QUIET, START, ZONES, Desk, answer

DUE = START + timedelta(hours=6)


def test_a_timed_task_is_brought_up_twice() -> None:
    desk = Desk(due=Due(at=DUE)).to(START)
    assert desk.plan().look_at == DUE - LEAD
    for moment, told in [
        (DUE - LEAD - timedelta(seconds=1), 1),
        (DUE - LEAD, 2),
        (DUE - timedelta(seconds=1), 2),
        (DUE, 2),
        (DUE + timedelta(days=2), 2),
    ]:
        assert len(desk.to(moment).log) == told, moment
    assert [reason for _, reason in desk.log] == [Reason.ASSIGNED, Reason.DUE_SOON]


def test_when_it_is_due_the_reminder_says_so() -> None:
    desk = Desk(due=Due(at=DUE)).to(START).to(DUE - LEAD)
    assert desk.live("U1").view.reminder is Reason.DUE_SOON
    assert desk.plan().look_at == DUE
    assert desk.to(DUE).live("U1").view.reminder is Reason.DUE


def test_without_a_reminder_before_one_comes_when_it_is_due() -> None:
    desk = Desk(due=Due(at=DUE), lead=None).to(START).to(DUE)
    assert [reason for _, reason in desk.log] == [Reason.ASSIGNED, Reason.DUE]
    late = Desk(due=Due(at=START + timedelta(minutes=10))).to(START)
    assert [reason for _, reason in late.to(late.due.at).log] == [Reason.ASSIGNED, Reason.DUE]  # type: ignore[union-attr]


MORNING = datetime(2026, 3, 30, tzinfo=UTC)
"""A Monday."""
QUIET = Preferences()


@pytest.mark.parametrize(
    ("hour", "urgent", "told_at"),
    [
        ((12, 0), False, (11, 45)),
        ((8, 10), False, (8, 0)),
        ((8, 0), False, (8, 0)),
        ((7, 1), False, (8, 0)),
        ((7, 0), False, None),
        ((6, 0), False, None),
        ((20, 10), False, (19, 55)),
        ((20, 15), False, None),
        ((6, 0), True, (5, 45)),
        ((23, 0), True, (22, 45)),
    ],
)
def test_quiet_hours_put_a_reminder_off(
    hour: tuple[int, int], urgent: bool, told_at: tuple[int, int] | None
) -> None:
    """And the digest takes what would come an hour late; what is urgent may pass."""
    due = MORNING.replace(hour=hour[0], minute=hour[1])
    desk = Desk(
        due=Due(at=due), baseline=True, urgent=urgent, wants=replace(QUIET, urgent_passes=True)
    )
    desk.to(START)
    told: list[datetime] = []
    while (look_at := desk.plan().look_at) is not None:
        desk.to(look_at)
        told += [look_at] if len(desk.log) > len(told) else []
    expected = told_at and MORNING.replace(hour=told_at[0], minute=told_at[1])
    assert told == ([expected] if expected else [])


@pytest.mark.parametrize("mode", [AbsenceMode.HOLD, AbsenceMode.SKIP])
def test_who_is_away_is_not_reminded(mode: AbsenceMode) -> None:
    desk = Desk(due=Due(at=DUE), urgent=True, wants=replace(NEVER_QUIET, urgent_passes=True))
    desk.absences["U1"] = Absence(mode, DUE.date())
    desk.baseline = True
    assert desk.to(START).to(DUE - LEAD).to(DUE).to(DUE + timedelta(days=1)).log == []


def test_each_reader_has_a_lead_of_their_own() -> None:
    desk = Desk(due=Due(at=DUE), owners=("o1", "o2"), baseline=True)
    situation = desk.situation()
    hour = replace(NEVER_QUIET, due_soon=timedelta(hours=1))
    early = replace(situation.readers[0], preferences=hour)
    situation = replace(situation, readers=[early, situation.readers[1]])
    assert plan(situation, START).look_at == DUE - timedelta(hours=1)
    assert [post.reader for post in plan(situation, DUE - timedelta(minutes=30)).posts] == ["U1"]


# Snoozes


def test_a_snoozed_task_is_silent_and_comes_back_at_the_bottom() -> None:
    desk = Desk(due=Due(at=DUE)).to(START)
    desk.snooze(7 * 60)
    desk.work()
    assert desk.face() is Face.SNOOZED
    back = START + timedelta(hours=7)
    assert desk.to(DUE - LEAD).to(DUE + LEAD).plan().look_at == back
    assert desk.log == [("U1", Reason.ASSIGNED)]
    assert desk.to(back).log[1:] == [("U1", Reason.RETURNED)]
    assert desk.face() is Face.OPEN
    assert desk.live("U1").view.reminder is Reason.RETURNED
    assert desk.snoozed == {}
    assert [card.view.face for card in desk.cards] == [Face.FOLDED, Face.OPEN]


def test_it_comes_back_in_quiet_hours_too() -> None:
    desk = Desk(wants=QUIET).to(START)
    desk.snooze(14 * 60)
    assert desk.to(START + timedelta(hours=14)).log[-1] == ("U1", Reason.RETURNED)


def test_what_came_back_says_when_it_is_due() -> None:
    desk = Desk(due=Due(at=DUE)).to(START)
    desk.snooze(5 * 60 + 50)
    desk.to(DUE - timedelta(minutes=10))
    assert desk.live("U1").view.reminder is Reason.RETURNED
    assert desk.to(DUE).live("U1").view.reminder is Reason.DUE


SNOOZE_ENDS: dict[str, tuple[Callable[[Desk], None], Face]] = {
    "woken": (lambda desk: desk.snoozed.clear(), Face.OPEN),
    "finished": (lambda desk: setattr(desk, "standing", Standing.DONE), Face.DONE_ELSEWHERE),
    "moved": (lambda desk: setattr(desk, "owners", ("o2",)), Face.MOVED),
    "refused": (
        lambda desk: setattr(desk, "submission", answer(SubmissionState.REFUSED)), Face.OPEN,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("ends", "face"), SNOOZE_ENDS.values(), ids=SNOOZE_ENDS)
def test_what_ends_a_snooze_shows_at_once(ends: Callable[[Desk], None], face: Face) -> None:
    desk = Desk().to(START)
    desk.snooze(60)
    desk.work()
    ends(desk)
    desk.work()
    assert desk.face() is face
    assert "U1" not in desk.snoozed
    later = desk.to(START + timedelta(minutes=60)).log
    assert ("U1", Reason.RETURNED) not in later


def test_an_answer_on_its_way_keeps_it_from_coming_back() -> None:
    desk = Desk().to(START)
    desk.snooze(15)
    desk.submission = answer(SubmissionState.RETRY)
    assert len(desk.to(START + timedelta(minutes=20)).log) == 1
    desk.submission = None
    desk.work()
    assert desk.log[-1] == ("U1", Reason.RETURNED)


@pytest.mark.parametrize(("lead", "look"), [(LEAD, DUE - LEAD), (None, DUE)])
def test_the_lead_can_be_off(lead: timedelta | None, look: datetime) -> None:
    desk = Desk(due=Due(at=DUE), lead=lead).to(START)
    assert desk.plan().look_at == look
    desk.to(DUE - timedelta(minutes=1))
    assert (Reason.DUE_SOON in dict(desk.log).values()) == (lead is not None)


@pytest.mark.parametrize(
    ("late", "reasons"),
    [
        (timedelta(0), [Reason.DUE]),
        (DUE_GRACE - timedelta(seconds=1), [Reason.DUE]),
        (DUE_GRACE, []),
        (timedelta(days=1), []),
    ],
)
def test_after_downtime_only_the_newest_reminder_comes_if_any(
    late: timedelta, reasons: list[Reason]
) -> None:
    desk = Desk(due=Due(at=DUE)).to(START).to(DUE + late)
    assert [reason for _, reason in desk.log[1:]] == reasons


def test_a_task_that_was_late_when_first_seen_is_only_news() -> None:
    desk = Desk(due=Due(at=START - timedelta(minutes=5))).to(START)
    assert desk.log == [("U1", Reason.ASSIGNED)]
    assert desk.live("U1").view.overdue


def test_a_new_due_reminds_anew_and_the_old_reminder_is_taken_back() -> None:
    desk = Desk(due=Due(at=DUE)).to(START).to(DUE)
    assert desk.live("U1").view.reminder is Reason.DUE
    tomorrow = DUE + timedelta(days=1)
    desk.due = Due(at=tomorrow)
    desk.to(DUE + timedelta(minutes=1))
    assert desk.live("U1").view.reminder is None
    assert desk.plan().look_at == tomorrow - LEAD
    desk.to(tomorrow)
    assert desk.log[-1] == ("U1", Reason.DUE)
    assert desk.live("U1").view.reminder is Reason.DUE


@pytest.mark.parametrize("state", [state for state in SubmissionState if state.active])
def test_who_has_answered_is_not_reminded(state: SubmissionState) -> None:
    desk = Desk(due=Due(at=DUE)).to(START)
    desk.submission = answer(state)
    assert len(desk.to(DUE).log) == 1


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_never_reminds_and_is_overdue_from_the_next_local_midnight(zone: str) -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 4, 15)):
        after = day + timedelta(days=1)
        midnight = datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))
        moment = midnight.astimezone(UTC)
        desk = Desk(due=Due(on=day), zones={"U1": zone, "U2": "UTC"})
        desk.to(START)
        assert desk.plan().look_at == moment
        assert not desk.to(moment - timedelta(seconds=1)).live("U1").view.overdue
        assert desk.to(moment).live("U1").view.overdue
        assert desk.log == [("U1", Reason.ASSIGNED)]
        assert desk.plan().look_at is None


# What is told of it beforehand


@pytest.mark.parametrize(
    ("now", "snoozed", "comes"),
    [
        (START, None, DUE - LEAD),
        (START, 30, START + timedelta(minutes=30)),
        (DUE + DUE_GRACE, None, None),
    ],
)
def test_the_next_reminder(now: datetime, snoozed: int | None, comes: datetime | None) -> None:
    desk = Desk(due=Due(at=DUE), baseline=True)
    if snoozed is not None:
        desk.snooze(snoozed)
    situation = desk.situation()
    found = next_reminder(situation, situation.readers[0], now)
    assert found == comes


def test_no_reminder_comes_of_what_was_told_or_is_kept_back_for_too_long() -> None:
    desk = Desk(due=Due(at=DUE)).to(START).to(DUE - LEAD)
    assert next_reminder(desk.situation(), desk.situation().readers[0], desk.now) is None
    night = Desk(due=Due(at=MORNING.replace(hour=5)), wants=QUIET)
    assert next_reminder(night.situation(), night.situation().readers[0], START) is None
    early = Desk(due=Due(at=MORNING.replace(hour=7, minute=30)), wants=QUIET)
    told_at = next_reminder(early.situation(), early.situation().readers[0], START)
    assert told_at == MORNING.replace(hour=8)
