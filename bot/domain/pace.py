"""How long to wait before trying again, how often Slack may be asked, and who goes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)

PATIENCE = timedelta(minutes=1)
"""How long somebody may be passed over before one turn in `FAIR` is theirs."""

FAIR = 5

CLICKED = timedelta(minutes=2)
"""How long after a click its card's redraws count as what somebody waits for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def backoff(attempt: int) -> timedelta:
    """After the first attempt 2 s, then 4 s, 8 s … at most five minutes."""
    doublings: int = min(max(attempt - 1, 0), 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Budget:
    """How often a method may be called in a workspace: `per_minute` for ever, `burst` at once
    after a rest. `kept`: the part of the burst that is for those who wait for what they clicked.
    `channel_pause`: between two calls for the same channel.

    What is spent is told by one moment, `whole_at`: when the budget is whole again if nobody calls.
    """

    per_minute: int
    burst: int
    kept: int = 0
    channel_pause: timedelta = timedelta()

    @property
    def every(self) -> timedelta:
        """The pause between two calls in the long run."""
        return timedelta(minutes=1) / self.per_minute

    def left(self, whole_at: datetime, now: datetime) -> int:
        """How many calls may be made now."""
        return max((self.every * self.burst - (max(whole_at, now) - now)) // self.every, 0)

    def spent(self, whole_at: datetime, now: datetime, calls: int) -> datetime:
        """`whole_at` after so many calls."""
        return max(whole_at, now) + self.every * calls

    def next_at(self, whole_at: datetime, *, clicked: bool) -> datetime:
        """From when on there is a call left, for what somebody clicked or for anything."""
        calls = 1 if clicked else 1 + self.kept
        return whole_at - self.every * (self.burst - calls)

    def held(self, until: datetime) -> datetime:
        """`whole_at` when no call may be made before `until`."""
        return until + self.every * (self.burst - 1)


BUDGETS: Mapping[str, Budget] = MappingProxyType(
    {
        # A little more than Slack's second: messages may overtake one another on their way.
        "chat.postMessage": Budget(300, 10, channel_pause=timedelta(seconds=1.05)),
        "chat.postEphemeral": Budget(100, 20),
        "chat.update": Budget(50, 20, kept=10),
        "chat.delete": Budget(50, 20),
        "conversations.history": Budget(50, 20),
        "conversations.open": Budget(50, 20),
        "views.publish": Budget(100, 20),
        "views.update": Budget(100, 20),
        "users.info": Budget(100, 50),
        "users.lookupByEmail": Budget(50, 45),
    }
)
"""Slack's documentation: about one message a second and channel, several hundred a minute and
workspace; else the methods' tiers, a minute and workspace. The bursts are smaller than those that
Slack lets pass, so that calls which bunch up on their way stay below them, too."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that is due. The lower its `rank`, the sooner its turn; 0: somebody clicked."""

    key: str
    channel: str
    rank: int
    due_at: datetime


def turns(
    waiting: Sequence[Waiting], budget: Budget, whole_at: datetime, now: datetime, room: int
) -> list[Waiting]:
    """Who goes now, at most `room` of them: by rank, then by age. One turn in five is that of who
    has waited longest, if that is longer than a minute: nobody waits for ever."""
    left = budget.left(whole_at, now)
    number = (max(whole_at, now) - _EPOCH) // budget.every
    rest, found = list(waiting), list[Waiting]()
    for taken in range(min(left, room)):
        oldest = min(rest, key=_age, default=None)
        fair = (number + taken) % FAIR == 0
        if fair and oldest is not None and now - oldest.due_at > PATIENCE:
            chosen: Waiting | None = oldest
        else:
            only_clicked = left - taken <= budget.kept
            going = (one for one in rest if one.rank == 0 or not only_clicked)
            chosen = min(going, key=_rank, default=None)
        if chosen is None:
            break
        found.append(chosen)
        rest = [one for one in rest if one is not chosen and not _same(one, chosen, budget)]
    return found


def _age(one: Waiting) -> datetime:
    return one.due_at


def _rank(one: Waiting) -> tuple[int, datetime]:
    return one.rank, one.due_at


def _same(one: Waiting, other: Waiting, budget: Budget) -> bool:
    """Whether one must wait because the other goes."""
    return bool(budget.channel_pause) and one.channel == other.channel
