"""Small models of what is outside: a provider and Slack, as bad as their documents allow.

Neither knows idempotency keys. Both do what a test has put before them for the next call of a
method: their `moods`. `Died` is a process that is killed in the middle of a call; one that stalls
stands still in it while another takes over, and then goes on.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from adapters.contract import (
    Account,
    Answer,
    Change,
    Conflict,
    NotFound,
    Offer,
    Operator,
    Outcome,
    Page,
    Provider,
    RateLimited,
    Rejected,
    Task,
    TaskState,
    Unavailable,
)
from bot.slack.blocks import Rendered
from bot.slack.client import Profile, SlackAway, SlackBusy, SlackRefused, Workspace


class Died(BaseException):
    """The process was killed here."""


class Mood(StrEnum):
    """How a call goes wrong. The first three leave the caller in doubt."""

    LOST_REPLY = "lost reply"
    CUT = "cut"
    LATE = "late"
    """It looks lost, and arrives later."""
    BUSY = "busy"
    AWAY = "away"
    REFUSED = "refused"
    TWICE = "twice"
    DIES_BEFORE = "dies before"
    DIES_AFTER = "dies after"
    STALLS_BEFORE = "stalls before"
    """What comes of it then is the mood after this one."""
    STALLS_AFTER = "stalls after"


class Service:
    """What both have in common. `meanwhile`: what others do while a process stands still."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self.moods: defaultdict[str, deque[Mood]] = defaultdict(deque)
        self._meanwhile = meanwhile

    async def mood(self, method: str) -> tuple[Mood | None, bool]:
        """How the next call of a method goes, and whether it stalled before anything was done."""
        waiting = self.moods[method]
        mood = waiting.popleft() if waiting else None
        if mood is not Mood.STALLS_BEFORE:
            return mood, False
        then = waiting.popleft() if waiting else None
        await self._meanwhile()
        return then, True


class Office(Service, Provider):
    """A provider that accepts whatever is written to a task that was not finished elsewhere: a
    second answer too, if nobody reads before writing it. What a stalled process brings it refuses
    where somebody was first: nothing of ours could hold that back."""

    OUTCOMES = (Outcome("SOLD", "Sold", completes=True), Outcome("LOST", "Lost", completes=True))

    def __init__(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(meanwhile)
        self.book: dict[str, Task] = {}
        self.accepted: Counter[str] = Counter()
        self.ever_done: set[str] = set()
        self.late: list[tuple[Task, Answer]] = []
        self._by: dict[str, datetime] = {}

    def finish(self, task_id: str, by: datetime | None) -> Task:
        """`by`: the moment of the answer that finished it; None: somebody else did."""
        self.book[task_id] = replace(self.book[task_id], state=TaskState.DONE)
        self.ever_done.add(task_id)
        if by is not None:
            self._by[task_id] = by
        return self.book[task_id]

    async def check(self) -> Account:
        return Account("Office")

    async def offer(self) -> Offer:
        return Offer(self.OUTCOMES)

    async def tasks(
        self, people: Collection[str], since: datetime | None = None
    ) -> AsyncIterator[Page]:
        if (await self.mood("tasks"))[0] is not None:
            raise Unavailable("Office is away.")
        yield Page(tuple(t for t in self.book.values() if t.state is TaskState.OPEN))

    async def lookup(self, task: Task) -> Task | None:
        if (await self.mood("lookup"))[0] is not None:
            raise Unavailable("Office is away.")
        return self.book.get(task.id)

    async def submit(
        self, task: Task, change: Change, actor: Operator | None, *, again: bool = False
    ) -> Task:
        assert isinstance(change, Answer)
        mood, stalled = await self.mood("submit")
        if mood is Mood.DIES_BEFORE:
            raise Died
        if mood is Mood.BUSY:
            raise RateLimited("Office asks for a pause.", 3)
        if mood is Mood.AWAY:
            raise Unavailable("Office is away.")
        if mood is Mood.CUT:
            raise Unavailable("Office is away.", ambiguous=True)
        landed = again and self._by.get(task.id) == change.occurred_at
        if mood is Mood.REFUSED and not landed:
            raise Rejected("Office does not like it.")
        answered = self._write(task.id, change, again=again, stalled=stalled)
        if mood is Mood.STALLS_AFTER:
            await self._meanwhile()
        if mood in (Mood.DIES_AFTER, Mood.TWICE):
            raise Died
        if mood in (Mood.LOST_REPLY, Mood.LATE):
            raise Unavailable("Office is away.", ambiguous=True)
        return answered

    def _write(self, task_id: str, change: Answer, *, again: bool, stalled: bool) -> Task:
        task = self.book.get(task_id)
        if task is None:
            raise NotFound("No such task.")
        ours = self._by.get(task_id)
        if task.state is not TaskState.OPEN and (again or stalled or ours is None):
            if ours == change.occurred_at and not stalled:
                return task
            raise Conflict("Finished already.", task)
        self.accepted[task_id] += 1
        return self.finish(task_id, change.occurred_at)

    async def close(self) -> None:
        return None


@dataclass
class Post:
    """A message that stands."""

    ts: str
    channel: str
    kind: str
    key: str
    shown: Rendered


class Team(Service):
    """A workspace, with the surface of `SlackClient`. People's conversations have their names."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(meanwhile)
        self.posts: list[Post] = []
        self.late: list[Post] = []
        self.blind: list[str] = []
        """The keys of messages that were posted again though nobody had looked whether they
        stand, or though somebody had been told that they do."""
        self._unclear: set[str] = set()
        self._told: set[str] = set()
        self._numbers = itertools.count(1)

    async def post(self, channel: str, message: Rendered, kind: str, key: str) -> tuple[str, str]:
        channel = f"D{channel.removeprefix('D')}"
        if key in self._unclear or key in self._told:
            self.blind.append(key)
        self._unclear.add(key)
        try:
            mood = await self._trouble("chat.postMessage")
        except (SlackBusy, SlackAway) as trouble:
            if isinstance(trouble, SlackBusy) or not trouble.ambiguous:
                self._unclear.discard(key)
            raise
        post = Post(f"{next(self._numbers)}.0", channel, kind, key, message)
        if mood is Mood.LATE:
            self.late.append(post)
            raise SlackAway("chat.postMessage", ambiguous=True)
        self.posts.append(post)
        if mood is Mood.TWICE:
            post = replace(post, ts=f"{next(self._numbers)}.0")
            self.posts.append(post)
        await self._after(mood, "chat.postMessage")
        self._unclear.discard(key)
        self._told.add(key)
        return channel, post.ts

    async def update(self, channel: str, ts: str, message: Rendered, kind: str, key: str) -> None:
        mood = await self._trouble("chat.update")
        found = next((post for post in self.posts if post.ts == ts), None)
        if found is None:
            raise SlackRefused("chat.update", "message_not_found")
        found.shown = message
        await self._after(mood, "chat.update")

    async def delete(self, channel: str, ts: str) -> None:
        mood = await self._trouble("chat.delete")
        if all(post.ts != ts for post in self.posts):
            raise SlackRefused("chat.delete", "message_not_found")
        self.posts = [post for post in self.posts if post.ts != ts]
        self._told &= {post.key for post in self.posts}
        await self._after(mood, "chat.delete")

    async def standing(self, channel: str, since: datetime) -> dict[str, list[str]]:
        mood = await self._trouble("conversations.history")
        await self._after(mood, "conversations.history")
        self._unclear.clear()
        found: dict[str, list[str]] = {}
        for post in sorted(self.posts, key=lambda one: float(one.ts)):
            if post.channel == channel:
                found.setdefault(post.key, []).append(post.ts)
        self._told.update(found)
        return found

    async def find_posted(self, channel: str, key: str, since: datetime) -> str | None:
        found = (await self.standing(channel, since)).get(key)
        return found[0] if found else None

    async def whisper(self, channel: str, user: str, message: Rendered) -> None:
        mood = await self._trouble("chat.postEphemeral")
        await self._after(mood, "chat.postEphemeral")

    async def open_im(self, user: str) -> str:
        return f"D{user}"

    async def profile(self, user: str) -> Profile:
        return Profile(user, user, "UTC", "en-US", usable=True)

    async def workspace(self) -> Workspace:
        return Workspace("T1", "UBOT")

    def land(self) -> None:
        """What was late arrives."""
        for post in self.late:
            self.posts.append(replace(post, ts=f"{next(self._numbers)}.0"))
        self.late.clear()

    async def _trouble(self, method: str) -> Mood | None:
        mood, _ = await self.mood(method)
        if mood is Mood.DIES_BEFORE:
            raise Died
        if mood is Mood.BUSY:
            raise SlackBusy(method, 3)
        if mood in (Mood.AWAY, Mood.CUT, Mood.REFUSED):
            raise SlackAway(method, ambiguous=mood is not Mood.AWAY)
        return mood

    async def _after(self, mood: Mood | None, method: str) -> None:
        if mood is Mood.STALLS_AFTER:
            await self._meanwhile()
        if mood is Mood.DIES_AFTER:
            raise Died
        if mood is Mood.LOST_REPLY:
            raise SlackAway(method, ambiguous=True)
