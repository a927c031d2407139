"""Whole days drawn by hypothesis: tasks change, people click, calls fail, processes die, and after
each of them the promises hold. The services, the planner and the store are the real ones."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from slack_sdk.web.async_client import AsyncWebClient

from adapters.contract import Operator, Task, TaskState
from bot import planning
from bot.app import Taskbell
from bot.domain.model import Person, outcome_token, task_key
from bot.ground import Ground, LiveConnection, Rules
from bot.linking import add_link
from bot.settings import Settings
from bot.slack.cards import card_message
from bot.slack.client import SlackClient
from bot.slack.desk import Click
from bot.store import codec, connections, people, turns
from bot.store.database import Row, Tx
from bot.store.people import Link
from bot.store.sqlite import SqliteDatabase
from sandbox.clock import MovableClock
from sandbox.slack.words import words_of
from tests.stateful.models import Died, Mood, Office, Post, Team

T = TypeVar("T")

START = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
PEOPLE = {"o1": "U1", "o2": "U2"}
NAME = "office"
METHODS = ("chat.postMessage", "chat.update", "chat.delete", "conversations.history")
LONG = timedelta(minutes=10)
"""Longer than every lease and every wait for a second try."""

_DONE = "SELECT task_id, COUNT(*) AS n FROM submission WHERE state = 'done' GROUP BY task_id"

MAYBE = st.none() | st.sampled_from(Mood)


class Ticking(MovableClock):
    """No two looks at it see the same millisecond."""

    def now(self) -> datetime:
        return self.advance(timedelta(milliseconds=1))


class Day(RuleBasedStateMachine):
    """One day of one bot, its provider and its people."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.clock = Ticking(START)
        self.office = Office(self._another_takes_over)
        self.team = Team(self._another_takes_over)
        self.db = SqliteDatabase(Path(self._folder.name) / "taskbell.db", owner=True)
        live = LiveConnection(NAME, NAME, "Office", self.office, timedelta(seconds=30))
        always = frozenset(range(7))
        rules = Rules(undo=timedelta(0), working_days=always, quiet_hours=None, digest_at=None)
        self.ground = Ground(self.db, self.clock, rules, {NAME: live})
        self.do(self.db.write(self._prepare))
        self.acked: dict[str, str] = {}
        self._works_since_late = 0
        self.takes_over = True
        """Whether a process that follows one that was killed knows that it is alone."""
        self.boot()
        self.do(self.bot.sync(wait=self._wait))

    def _prepare(self, tx: Any) -> None:
        connections.ensure(tx, NAME, NAME)
        turns.ensure(tx, planning.TURN)
        for operator, user in PEOPLE.items():
            add_link(tx, self.ground, Link(NAME, operator, user, "admin", "test", START))

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def live(self, work: Coroutine[Any, Any, object]) -> None:
        """Let the bot do something; killed in the middle of it, it starts anew."""
        try:
            self.do(work)
        except (Died, BaseExceptionGroup) as end:
            if isinstance(end, BaseExceptionGroup) and end.split(Died)[1] is not None:
                raise
            self.boot()
            if self.takes_over:
                self.do(self.bot.take_over())

    def boot(self) -> None:
        self.bot = self._process()

    def _process(self) -> Taskbell:
        """A new process on the same database."""
        slack, web = cast(SlackClient, self.team), cast(AsyncWebClient, None)
        return Taskbell(Settings(), self.ground, slack, web)

    async def _another_takes_over(self) -> None:
        """While a process stands still, its leases run out, and the world goes on."""
        self.clock.advance(LONG)
        for task in self.office.book.values():
            if task.state is TaskState.OPEN:
                self.office.book[task.id] = replace(task, title=f"{task.title}!")
        another = self._process()
        await another.tick_all()
        await another.settle(self._wait)

    async def _wait(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def _some(self, number: int) -> Task | None:
        open_ones = [t for t in self.office.book.values() if t.state is TaskState.OPEN]
        return open_ones[number % len(open_ones)] if open_ones else None

    # The provider's people

    @precondition(lambda self: len(self.office.book) < 8)
    @rule(operator=st.sampled_from(sorted(PEOPLE)), mood=MAYBE)
    def somebody_gets_a_task(self, operator: str, mood: Mood | None) -> None:
        self.team.moods["chat.postMessage"].extend([mood] if mood else [])
        number = len(self.office.accepted) + len(self.office.ever_done) + len(self.office.book)
        task_id = f"t{number}-{secrets.token_hex(2)}"
        self.office.book[task_id] = Task(
            task_id, f"Visit {task_id}", operators=(Operator(operator),)
        )
        if number % 3:
            self.the_bot_works(seconds=0, polls=True)

    @rule(number=st.integers(0, 9), what=st.sampled_from(("title", "owner", "done", "gone")))
    def a_task_changes(self, number: int, what: str) -> None:
        task = self._some(number)
        if task is None:
            return
        if what == "done":
            self.office.finish(task.id, by=None)
        elif what == "gone":
            del self.office.book[task.id]
        elif what == "title":
            self.office.book[task.id] = replace(task, title=f"{task.title}!")
        else:
            (owner,) = task.operators
            other = Operator("o2" if owner.id == "o1" else "o1")
            self.office.book[task.id] = replace(task, operators=(other,))

    # The bot's people

    @rule(number=st.integers(0, 9), code=st.sampled_from(("SOLD", "LOST")), mood=MAYBE)
    def somebody_clicks(self, number: int, code: str, mood: Mood | None) -> None:
        asking = [post for post in self.team.posts if asks(post)]
        if not asking:
            return
        post = asking[number % len(asking)]
        task = next((t for t in self.office.book.values() if t.id in words(post)), None)
        if task is None:
            return
        body = {"task": task_key(NAME, task.id), "outcome": outcome_token(code)}
        click = Click(secrets.token_hex(8), "answer", post.channel.removeprefix("D"), body)
        for _ in range(1 + number % 2):  # Slack may deliver it more than once
            self.do(self.bot.desk.record(click))
        self.office.moods["submit"].extend([mood] if mood else [])
        if number % 3:
            self.the_bot_works(seconds=0, polls=False)
        self.acked[click.key] = task.id

    # Trouble, time, and the bot's own steps

    @rule(method=st.sampled_from(METHODS), moods=st.lists(st.sampled_from(Mood), max_size=3))
    def slack_gets_into_moods(self, method: str, moods: list[Mood]) -> None:
        self.team.moods[method].extend(moods)

    @rule(
        method=st.sampled_from(("submit", "submit", "tasks", "lookup")), mood=st.sampled_from(Mood)
    )
    def the_provider_gets_into_a_mood(self, method: str, mood: Mood) -> None:
        self.office.moods[method].append(mood)

    @rule()
    def what_was_late_arrives(self) -> None:
        self.team.land()

    @rule(seconds=st.sampled_from((0, 0, 1, 3, 31, 61, 95)), polls=st.booleans())
    def the_bot_works(self, seconds: int, polls: bool) -> None:
        self._works_since_late = self._works_since_late + 1 if self.team.late else 0
        if seconds > 3 or self._works_since_late > 3:
            self.team.land()  # nothing is under way for ever
        self.clock.advance(timedelta(seconds=seconds))
        if polls:
            self.live(self.bot.tick_all())
        self.live(self.bot.settle(self._wait))

    @rule(takes_over=st.booleans())
    def the_bot_starts_anew(self, takes_over: bool) -> None:
        self.takes_over = takes_over
        self.boot()
        if takes_over:
            self.do(self.bot.take_over())

    # What holds

    @invariant()
    def no_answer_is_accepted_twice(self) -> None:
        assert max(self.office.accepted.values(), default=0) <= 1

    @invariant()
    def nothing_is_posted_again_unseen(self) -> None:
        assert self.team.blind == []

    @invariant()
    def no_card_says_done_of_what_never_was(self) -> None:
        for post in self.team.posts:
            if "✅" in words(post):
                assert any(task_id in words(post) for task_id in self.office.ever_done)

    @rule(now=st.sampled_from((False, False, False, True)))
    def perhaps_all_comes_to_rest(self, now: bool) -> None:
        if now:
            self.all_comes_to_rest()

    def all_comes_to_rest(self) -> None:
        self.team.moods.clear()
        self.office.moods.clear()
        self.team.land()
        for _ in range(6):
            self.clock.advance(LONG)
            self.do(self.bot.sync(wait=self._wait))
        for user in PEOPLE.values():
            self._check_reader(user)
        self._check_clicks()
        self._check_messages()

    def _check_reader(self, user: str) -> None:
        shown = [post for post in self.team.posts if post.channel == f"D{user}"]
        keys = [post.key for post in shown]
        assert sorted(keys) == sorted(set(keys)), "a message stands twice"
        boards = [post for post in shown if post.kind == "board"]
        for task in self.office.book.values():
            cards = [p for p in shown if task.id in words(p) and p.kind == "card"]
            live = [p for p in cards if "card below" not in words(p)]
            theirs = task.operators == (Operator(next(o for o in PEOPLE if PEOPLE[o] == user)),)
            if task.state is TaskState.OPEN and theirs:
                # Many that come at once are told on a board.
                told = live or [post for post in boards if task.title in words(post)][:1]
                (message,) = told
                assert asks(message)
                assert task.title in words(message)
                continue
            assert len(live) <= 1
            assert [p for p in live if asks(p) or "⏳" in words(p)] == []
        known = set(self.office.book)
        gone = [p for p in shown if not any(task_id in words(p) for task_id in known)]
        assert [p for p in gone if p.kind == "card" and (asks(p) or "⏳" in words(p))] == []

    def _check_clicks(self) -> None:
        def left(tx: Any) -> tuple[int, int]:
            new = tx.row("SELECT COUNT(*) AS n FROM intent WHERE handled_at IS NULL")
            active = tx.row("SELECT COUNT(*) AS n FROM submission WHERE finished_at IS NULL")
            return new["n"], active["n"]

        assert self.do(self.db.read(left)) == (0, 0)
        rows = self.do(self.db.read(lambda tx: tx.rows("SELECT DISTINCT subject FROM audit")))
        told = {row["subject"] for row in rows}
        for task_id in self.office.accepted.keys() & self.office.book.keys():
            assert any(
                task_id in words(post) and " · you" in words(post) for post in self.team.posts
            ), "nobody is told that the answer was theirs"
        rows = self.do(self.db.read(lambda tx: tx.rows(_DONE)))
        done = {row["task_id"]: row["n"] for row in rows}
        for task_id, times in self.office.accepted.items():
            known = task_id in self.office.book
            assert not known or done.get(task_id) == times, "what we know is not what is"
        for task_id in self.acked.values():
            assert self.office.accepted[task_id] or task_id in told, "an acked click has vanished"

    def _check_messages(self) -> None:
        """Slack shows what is wanted, and nothing is left to do."""

        def read(tx: Tx) -> list[tuple[Row, Person]]:
            rows = tx.rows("SELECT * FROM message WHERE kind <> 'whisper' AND state <> 'refused'")
            return [(row, people.person(tx, row["reader"], "UTC")) for row in rows]

        for row, reader in self.do(self.db.read(read)):
            assert (row["state"], row["due_at"], row["shown"]) == ("sent", None, row["wanted"])
            (post,) = [post for post in self.team.posts if post.ts == row["ts"]]
            if row["kind"] == "card":
                drawn = card_message(codec.load_view(row["wanted"]), reader, self.clock.now())
                assert post.shown.blocks == drawn.blocks

    def teardown(self) -> None:
        try:
            self.all_comes_to_rest()
        finally:
            self.do(self.db.close())
            self.loop.close()
            self._folder.cleanup()


def words(post: Post) -> str:
    return words_of(post.shown.blocks)


def asks(post: Post) -> bool:
    """Whether it has what answers."""
    return any("answer." in str(block) for block in post.shown.blocks)


TestDay = Day.TestCase
TestDay.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
