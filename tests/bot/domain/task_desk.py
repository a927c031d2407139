"""One task, its people and their cards: what the planner is tried on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from adapters.contract import Due, Effect, Operator, Outcome, Task, TaskState
from bot.domain.model import (
    Card,
    Connection,
    Face,
    Reader,
    Reason,
    Situation,
    Snoozed,
    Standing,
    StoredTask,
    Submission,
    SubmissionState,
)
from bot.domain.planner import NewCard, Plan, new_card, plan
from bot.domain.preferences import Absence, Preferences
from bot.domain.stand_ins import back_at, who_reads

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
NEVER_QUIET = Preferences(working_days=frozenset(range(7)), quiet=None)


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
    wants: Preferences = NEVER_QUIET
    now: datetime = START
    zones: dict[str, str] = field(default_factory=lambda: {"U1": "UTC", "U2": "UTC"})
    cards: list[Card] = field(default_factory=list)
    log: list[tuple[str, Reason]] = field(default_factory=list)
    news: dict[str, bool] = field(default_factory=dict)
    snoozed: dict[str, Snoozed] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    urgent: bool = False

    def situation(self) -> Situation:
        state = TaskState.OPEN if self.standing is Standing.GONE else TaskState(self.standing)
        operators = tuple(Operator(one, one.upper()) for one in self.owners)
        task = Task("t", "Call", state, self.due, operators, urgent=self.urgent)
        stand_ins = {
            PEOPLE[one]: who_reads(PEOPLE[one], self.preferences, self.now) for one in self.owners
        }
        linked = {one: stand_ins[PEOPLE[one]] for one in self.owners}
        return Situation(
            stored=StoredTask("reten", "k", task, self.standing, START, self.answered),
            connection=Connection("reten", "Reten", OUTCOMES),
            readers=[
                Reader(user, self.preferences(user), self.baseline)
                for user in dict.fromkeys(linked.values())
            ],
            cards=self.cards,
            submission=self.submission,
            linked=linked,
            timezones=self.zones,
            news=self.news,
            snoozed=self.snoozed,
            away_until={
                user: back_at(self.preferences(user), self.now)
                for user, reads in stand_ins.items()
                if reads != user
            },
        )

    def preferences(self, user: str) -> Preferences:
        return replace(
            self.wants,
            timezone=self.zones[user],
            due_soon=self.lead,
            absence=self.absences.get(user),
        )

    def snooze(self, minutes: int, user: str = "U1") -> None:
        self.snoozed[user] = Snoozed(self.now + timedelta(minutes=minutes), user, self.now)

    def plan(self) -> Plan:
        return plan(self.situation(), self.now)

    def apply(self, wanted: Plan) -> None:
        self.cards = [
            replace(card, view=wanted.views.get(card.key, card.view)) for card in self.cards
        ]
        for post in wanted.posts:
            self.post(post)
        self.news = dict(wanted.news)
        self.snoozed = {u: one for u, one in self.snoozed.items() if u not in wanted.awake}

    def post(self, card: NewCard) -> None:
        self.cards = [
            replace(one, live=False) if one.reader == card.reader else one for one in self.cards
        ]
        key = f"c{len(self.log)}"
        self.log.append((card.reader, card.reason))
        self.cards.append(Card(key, card.reader, card.reason, card.moment, self.now, card.view))

    def tell(self) -> None:
        """What those do who speak to people: a card for each piece of news."""
        situation = self.situation()
        for reader in situation.readers:
            if self.news.get(reader.id) is False:
                self.post(new_card(situation, reader, Reason.ASSIGNED, self.now))
                del self.news[reader.id]

    def work(self) -> Plan:
        """Plan, apply, deliver, and do so until there is nothing more to do."""
        first = self.plan()
        self.apply(first)
        self.tell()
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


def answer(state: SubmissionState, effect: Effect = Effect.ANSWER) -> Submission:
    return Submission(
        "s1", "reten", "t", "SOLD", "Sold", {}, "U1", "o1", START, state, START, effect=effect,
        error="no" if state is SubmissionState.REFUSED else None,
    )  # fmt: skip
