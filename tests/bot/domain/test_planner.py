"""The planner: what holds whatever befalls a task, and whose card shows what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from adapters.contract import Due
from bot.domain.changes import due_as_text
from bot.domain.model import Face, Reason, Standing, SubmissionState
from bot.domain.planner import Plan
from bot.domain.preferences import Absence, AbsenceMode, Preferences
from bot.domain.reminders import first_look
from tests.bot.domain.task_desk import LEAD, NEVER_QUIET, OUTCOMES, START, ZONES, Desk, answer

DUE = START + timedelta(hours=6)

# Whatever befalls a task

dues = st.one_of(
    st.none(),
    st.builds(
        lambda minutes: Due(at=START + timedelta(minutes=minutes)),
        st.integers(-600, 3 * 24 * 60),
    ),
    st.builds(lambda days: Due(on=START.date() + timedelta(days=days)), st.integers(-2, 3)),
)
absences = st.builds(
    lambda days, mode: Absence(
        mode, START.date() + timedelta(days=days), "U2" if mode is AbsenceMode.DELEGATE else None
    ),
    st.integers(-1, 3), st.sampled_from(AbsenceMode),
)  # fmt: skip
steps: st.SearchStrategy[Callable[[Desk], None]] = st.one_of(
    st.builds(lambda due: lambda desk: setattr(desk, "due", due), dues),
    st.builds(
        lambda owners: lambda desk: setattr(desk, "owners", owners),
        st.sampled_from([(), ("o1",), ("o2",), ("o1", "o2")]),
    ),
    st.builds(
        lambda standing: lambda desk: setattr(desk, "standing", standing),
        st.sampled_from(Standing),
    ),
    st.builds(
        lambda state: lambda desk: setattr(desk, "submission", state and answer(state)),
        st.one_of(st.none(), st.sampled_from(SubmissionState)),
    ),
    st.builds(
        lambda whose: lambda desk: setattr(desk, "answered", whose), st.sampled_from([None, "s1"])
    ),
    st.builds(lambda zone: lambda desk: desk.zones.update(U1=zone), st.sampled_from(ZONES)),
    st.builds(
        lambda minutes: lambda desk: setattr(desk, "now", desk.now + timedelta(minutes=minutes)),
        st.one_of(st.integers(0, 90), st.integers(0, 2 * 24 * 60)),
    ),
    st.builds(
        lambda user, minutes: lambda desk: desk.snooze(minutes, user),
        st.sampled_from(["U1", "U2"]), st.integers(-10, 24 * 60),
    ),
    st.builds(lambda: lambda desk: desk.snoozed.clear()),
    st.builds(
        lambda absence: lambda desk: desk.absences.update(U1=absence),
        st.one_of(st.none(), absences),
    ),
)  # fmt: skip
desks = st.builds(
    Desk,
    due=dues,
    owners=st.sampled_from([("o1",), ("o1", "o2")]),
    baseline=st.booleans(),
    lead=st.sampled_from([None, LEAD, timedelta(hours=2)]),
    wants=st.sampled_from([NEVER_QUIET, Preferences()]),
    zones=st.builds(lambda one, two: {"U1": one, "U2": two}, *[st.sampled_from(ZONES)] * 2),
)


@given(desk=desks, course=st.lists(steps, max_size=12), tells=st.booleans())
def test_whatever_happens(desk: Desk, course: list[Callable[[Desk], None]], tells: bool) -> None:
    for step in (lambda _: None, *course):
        step(desk)
        wanted = desk.plan()
        check_plan(desk, wanted)
        desk.apply(wanted)
        again = desk.plan()
        assert (again.posts, again.views, again.awake) == ((), {}, frozenset())
        assert again.news == desk.news
        if tells:
            desk.tell()
        desk.cards = [replace(card, sent=True) for card in desk.cards]
        desk.apply(desk.plan())
        last = desk.plan()
        assert (last.posts, last.views) == ((), {})
        check_cards(desk)


def check_plan(desk: Desk, wanted: Plan) -> None:
    """What every plan keeps to."""
    assert wanted.look_at is None or wanted.look_at > desk.now
    assert len({post.reader for post in wanted.posts}) == len(wanted.posts)
    if desk.standing is not Standing.OPEN:
        assert wanted.posts == ()
        assert wanted.look_at is None
    for view in (*wanted.views.values(), *(post.view for post in wanted.posts)):
        assert view.outcomes == (OUTCOMES if view.face is Face.OPEN else ())
        assert (view.submission_id is not None) == (view.face is Face.HELD)
        assert view.refusal is None or view.face is Face.OPEN
        assert not view.overdue or view.face is Face.OPEN


def check_cards(desk: Desk) -> None:
    """What everybody sees once all is delivered."""
    live = Counter(card.reader for card in desk.cards if card.live)
    assert all(count == 1 for count in live.values())
    assert all(card.view.face is Face.FOLDED for card in desk.cards if not card.live)
    for card in desk.cards:
        if card.live and card.view.face is Face.OPEN:
            assert desk.standing is Standing.OPEN
            assert card.reader in {reader.id for reader in desk.situation().readers}
    reminders = Counter(
        (card.reader, card.reason, card.moment)
        for card in desk.cards
        if card.reason in (Reason.DUE_SOON, Reason.DUE)
    )
    assert all(moment for _, _, moment in reminders)
    if len({card.moment for card in desk.cards}) <= 1:
        assert all(count == 1 for count in reminders.values())


@given(desk=desks, minutes=st.integers(1, 4 * 24 * 60))
def test_nothing_is_missed_between_two_looks(desk: Desk, minutes: int) -> None:
    """Until `look_at`, time alone changes nothing."""
    desk.work()
    look_at = desk.plan().look_at
    desk.now += timedelta(minutes=minutes)
    if look_at is None or desk.now < look_at:
        wanted = desk.plan()
        assert (wanted.posts, wanted.views, wanted.news) == ((), {}, desk.news)


@given(due=dues, lead=st.sampled_from([None, LEAD]), now=st.integers(0, 4 * 24 * 60))
def test_the_first_look_is_ahead(due: Due | None, lead: timedelta | None, now: int) -> None:
    moment = START + timedelta(minutes=now)
    look = first_look(due, lead, moment)
    assert look is None or moment < look <= (due.at if due and due.at else look)


# Whose it is


def test_what_moves_away_and_back_is_news_again() -> None:
    desk = Desk().to(START)
    desk.owners = ("o2",)
    desk.work()
    assert desk.face("U1") is Face.MOVED
    assert desk.live("U1").view.moved_to == ("U2",)
    assert desk.face("U2") is Face.OPEN
    desk.owners = ("o1",)
    desk.work()
    assert desk.face("U1") is Face.OPEN
    assert desk.face("U2") is Face.MOVED
    assert [user for user, _ in desk.log] == ["U1", "U2", "U1"]


def test_what_was_there_before_us_is_no_news() -> None:
    desk = Desk(due=Due(at=DUE), baseline=True).to(START)
    assert desk.log == []
    assert desk.plan().look_at == DUE - LEAD
    assert desk.to(DUE - LEAD).log == [("U1", Reason.DUE_SOON)]


@pytest.mark.parametrize(
    ("standing", "face"),
    [
        (Standing.DONE, Face.DONE_ELSEWHERE),
        (Standing.CANCELLED, Face.CANCELLED),
        (Standing.GONE, Face.GONE),
    ],
)
def test_what_ends_elsewhere_ends_on_the_card(standing: Standing, face: Face) -> None:
    desk = Desk(due=Due(at=DUE)).to(START)
    desk.standing = standing
    desk.work()
    assert desk.face() is face
    assert desk.plan().look_at is None
    assert len(desk.to(DUE).log) == 1


def test_what_is_opened_again_keeps_its_card_unless_it_is_due_anew() -> None:
    desk = Desk(due=Due(at=DUE)).to(START)
    for due, posts in ((DUE, 1), (DUE + timedelta(days=1), 2)):
        desk.standing = Standing.DONE
        desk.work()
        desk.standing, desk.due = Standing.OPEN, Due(at=due)
        desk.work()
        assert desk.face() is Face.OPEN
        assert len(desk.log) == posts


def test_an_old_card_stays_until_its_successor_stands() -> None:
    desk = Desk(due=Due(at=DUE)).to(START)
    desk.now = DUE
    desk.apply(desk.plan())
    old = next(card for card in desk.cards if not card.live)
    assert old.view.face is Face.OPEN
    assert desk.plan().views == {}
    desk.work()
    assert [card.view.face for card in desk.cards] == [Face.FOLDED, Face.OPEN]


@pytest.mark.parametrize(
    ("due", "moment"),
    [(None, ""), (Due(on=date(2026, 4, 15)), "2026-04-15"), (Due(at=DUE), DUE.isoformat())],
)
def test_the_moment_of_a_due(due: Due | None, moment: str) -> None:
    assert due_as_text(due) == moment


def test_the_card_before_a_reminder_shows_the_truth_in_the_same_plan() -> None:
    desk = Desk(due=Due(at=START + timedelta(minutes=1)), lead=None)
    desk.work()
    desk.now = START + timedelta(minutes=2)
    wanted = desk.plan()
    assert [post.reason for post in wanted.posts] == [Reason.DUE]
    assert wanted.views["c0"].overdue
    desk.apply(wanted)
    assert desk.plan() == replace(wanted, posts=(), views={})
