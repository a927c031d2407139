"""The planner: what holds whatever befalls a task, and the moments at which it speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from adapters.contract import Due, Operator, Outcome, Task, TaskState
from bot.domain.changes import due_as_text
from bot.domain.model import (
    Card,
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
from bot.domain.planner import DUE_GRACE, Plan, first_look, plan

START = datetime(2026, 3, 28, 8, 0, tzinfo=UTC)
"""The day before Europe's clocks go forward."""
LEAD = timedelta(minutes=15)
ZONES = (
    "UTC", "Europe/Madrid", "America/New_York", "America/Santiago", "Asia/Kolkata",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)  # fmt: skip
OUTCOMES = (Outcome("SOLD", "Sold"), Outcome("LATER", "Later"))
PEOPLE = {"o1": "U1", "o2": "U2"}


@dataclass
class Desk:
    """One task, its people, and their cards: does what the store and Slack do with a plan."""

    due: Due | None = None
    owners: tuple[str, ...] = ("o1",)
    standing: Standing = Standing.OPEN
    submission: Submission | None = None
    answered: str | None = None
    baseline: bool = False
    lead: timedelta | None = LEAD
    now: datetime = START
    zones: dict[str, str] = field(default_factory=lambda: {"U1": "UTC", "U2": "UTC"})
    cards: list[Card] = field(default_factory=list)
    log: list[tuple[str, Reason]] = field(default_factory=list)

    def situation(self) -> Situation:
        state = TaskState.OPEN if self.standing is Standing.GONE else TaskState(self.standing)
        operators = tuple(Operator(one, one.upper()) for one in self.owners)
        task = Task("t", "Call", state, self.due, operators)
        linked = {one: PEOPLE[one] for one in self.owners}
        return Situation(
            stored=StoredTask("reten", "k", task, self.standing, START, self.answered),
            connection=Connection("reten", "Reten", OUTCOMES),
            readers=[Reader(user, self.zones[user], self.baseline) for user in linked.values()],
            cards=self.cards,
            submission=self.submission,
            linked=linked,
            timezones=self.zones,
        )

    def plan(self) -> Plan:
        return plan(self.situation(), self.lead, self.now)

    def apply(self, wanted: Plan) -> None:
        self.cards = [
            replace(card, view=wanted.views.get(card.key, card.view)) for card in self.cards
        ]
        for post in wanted.posts:
            self.cards = [
                replace(card, live=False) if card.reader == post.reader else card
                for card in self.cards
            ]
            key = f"c{len(self.log)}"
            self.log.append((post.reader, post.reason))
            self.cards.append(Card(key, post.reader, post.reason, post.moment, self.now, post.view))

    def work(self) -> Plan:
        """Plan, apply, deliver, and do so until there is nothing more to do."""
        first = self.plan()
        self.apply(first)
        self.cards = [replace(card, sent=True) for card in self.cards]
        self.apply(self.plan())
        return first

    def live(self, user: str) -> Card:
        (card,) = [card for card in self.cards if card.reader == user and card.live]
        return card

    def face(self, user: str = "U1") -> Face:
        return self.live(user).view.face

    def to(self, moment: datetime) -> Desk:
        self.now = moment
        self.work()
        return self


def answer(state: SubmissionState) -> Submission:
    return Submission(
        "s1", "reten", "t", "SOLD", "Sold", {}, "U1", "o1", START, state, START,
        error="no" if state is SubmissionState.REFUSED else None,
    )  # fmt: skip


# Whatever befalls a task

dues = st.one_of(
    st.none(),
    st.builds(
        lambda minutes: Due(at=START + timedelta(minutes=minutes)),
        st.integers(-600, 3 * 24 * 60),
    ),
    st.builds(lambda days: Due(on=START.date() + timedelta(days=days)), st.integers(-2, 3)),
)
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
)
desks = st.builds(
    Desk,
    due=dues,
    owners=st.sampled_from([("o1",), ("o1", "o2")]),
    baseline=st.booleans(),
    lead=st.sampled_from([None, LEAD, timedelta(hours=2)]),
    zones=st.builds(lambda one, two: {"U1": one, "U2": two}, *[st.sampled_from(ZONES)] * 2),
)


@given(desk=desks, course=st.lists(steps, max_size=12))
def test_whatever_happens(desk: Desk, course: list[Callable[[Desk], None]]) -> None:
    for step in (lambda _: None, *course):
        step(desk)
        wanted = desk.plan()
        check_plan(desk, wanted)
        desk.apply(wanted)
        again = desk.plan()
        assert (again.posts, again.views) == ((), {})
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
            assert card.reader in {PEOPLE[one] for one in desk.owners}
    reminders = Counter(
        (card.reader, card.reason, card.moment)
        for card in desk.cards
        if card.reason is not Reason.ASSIGNED
    )
    assert all(card.moment for card in desk.cards if card.reason is not Reason.ASSIGNED)
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
        assert (wanted.posts, wanted.views) == ((), {})


@given(due=dues, lead=st.sampled_from([None, LEAD]), now=st.integers(0, 4 * 24 * 60))
def test_the_first_look_is_ahead(due: Due | None, lead: timedelta | None, now: int) -> None:
    moment = START + timedelta(minutes=now)
    look = first_look(due, lead, moment)
    assert look is None or moment < look <= (due.at if due and due.at else look)


# Reminders

DUE = START + timedelta(hours=6)


def test_a_timed_task_is_brought_up_twice() -> None:
    desk = Desk(due=Due(at=DUE)).to(START)
    assert desk.plan().look_at == DUE - LEAD
    for moment, told in [
        (DUE - LEAD - timedelta(seconds=1), 1),
        (DUE - LEAD, 2),
        (DUE - timedelta(seconds=1), 2),
        (DUE, 3),
        (DUE + timedelta(minutes=59), 3),
        (DUE + timedelta(days=2), 3),
    ]:
        assert len(desk.to(moment).log) == told, moment
    assert [reason for _, reason in desk.log] == [Reason.ASSIGNED, Reason.DUE_SOON, Reason.DUE]


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
