"""Submit: write people's answers to the provider, and tell them what it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

import structlog

from adapters.contract import (
    Conflict,
    Effect,
    Malformed,
    NotFound,
    Operator,
    ProviderError,
    RateLimited,
    Rejected,
    Task,
    Unauthorized,
    Unavailable,
    Unsupported,
)
from adapters.pace import waited_for
from bot import creating, recording
from bot.breaker import Breaker
from bot.counts import DONE, SUBMISSIONS, failure
from bot.domain.changes import change_of
from bot.domain.creating import draft_of
from bot.domain.model import Standing, StoredTask, Submission, SubmissionState, Whisper
from bot.domain.pace import backoff
from bot.domain.records import PUT_OFF, answer_of, wanted_of
from bot.engine.crew import Crew
from bot.ground import Ground, LiveConnection
from bot.store import messages, news, people, submissions, tasks
from bot.store.database import StorageError, Tx, from_ms
from bot.store.tasks import LOOK_NOW, Sighting
from bot.troubles import Troubles

LEASE = timedelta(seconds=90)
"""How long one attempt may take before another may look after it."""

ATTEMPT_SECONDS = 60.0

AT_ONCE = 4
"""So that one slow answer does not keep everybody else's waiting."""

SENDING, PROBING, SHOWING = "sending", "probing", "showing"
"""The kinds of work under way: attempts, of which a probe is alone, and what cards say of them."""

SHORT_REST = timedelta(seconds=1)
"""How long to look away when another process has taken what was due."""

UNAUTHORIZED_WAIT = timedelta(minutes=5)
"""How long an answer waits for an admin to mend the key."""

STUCK = timedelta(hours=1)
"""How long an answer may wait for its provider before the admins hear of it."""


log = structlog.get_logger(__name__)


class Submitting:
    """The answers on their way to one connection's provider."""

    def __init__(
        self,
        ground: Ground,
        live: LiveConnection,
        troubles: Troubles,
        changed: Callable[[], None],
    ) -> None:
        self._ground = ground
        self._troubles = troubles
        self._live = live
        self._changed = changed
        self._breaker = Breaker(ground, live.name)
        self._budgets: set[asyncio.Timeout] = set()
        self._crew = Crew(self._begin, ground.clock)
        self.wake, self.stop = self._crew.wake, self._crew.stop

    async def work(self) -> datetime | None:
        """Send all that is due; returns when the next attempt is."""
        return await self._crew.work()

    async def _begin(self, crew: Crew) -> datetime | None:
        while not crew.stopping and crew.under_way(SENDING) < AT_ONCE:
            now = self._ground.clock.now()
            next_due = partial(submissions.next_due, connection=self._live.name)
            due = await self._ground.db.read(next_due)
            if due is None or due > now:
                return due
            if crew.under_way(PROBING):
                return None
            admission = await self._breaker.admit()
            if admission.until is not None:
                await self._let_wait(admission.until, admission.since)
                return admission.until
            if (submission := await self._claim()) is None:
                return now + SHORT_REST
            if submission.attempt == 1 and self._ground.rules.undo:
                crew.start(SHOWING, self._look_again(submission))
            crew.start(PROBING if admission.probe else SENDING, self._attempt(submission))
        return None

    async def _attempt(self, submission: Submission) -> None:
        await self._send(submission)
        self._changed()

    async def _let_wait(self, until: datetime, since: datetime | None) -> None:
        """The cards say that the answers wait, and since when."""
        now, name = self._ground.clock.now(), self._live.name
        why = "is not answering" if since else "asks for a pause"

        def store(tx: Tx) -> None:
            error = f"{self._live.title} {why}"
            for task_id in submissions.wait(tx, name, now, until, since or now, error):
                tasks.look_again(tx, name, task_id)

        await self._ground.db.write(store)
        self._changed()

    async def _claim(self) -> Submission | None:
        now, name = self._ground.clock.now(), self._live.name
        return await self._ground.db.write(
            lambda tx: submissions.claim(tx, name, now, LEASE), single=True
        )

    async def _look_again(self, submission: Submission) -> None:
        """Let the card show that a held answer is on its way now. The answer does not wait for
        that."""
        await self._ground.db.write(
            lambda tx: tasks.look_again(tx, submission.connection, submission.task_id)
        )
        self._changed()

    def give_up(self) -> None:
        """Leave what is being sent as it is, in doubt: nothing more must leave this process for
        an answer that another may take over."""
        for budget in self._budgets:
            if not budget.expired():
                budget.reschedule(0)

    @asynccontextmanager
    async def _attempting(self) -> AsyncIterator[None]:
        """The time budget of an attempt, while the block runs."""
        async with asyncio.timeout(ATTEMPT_SECONDS) as budget:
            self._budgets.add(budget)
            try:
                yield
            finally:
                self._budgets.discard(budget)

    async def _send(self, submission: Submission) -> None:
        try:
            async with self._attempting():
                answered, read_at = await self._write(submission)
        except asyncio.CancelledError:
            # Handed back: whoever comes next finds out whether it landed.
            await asyncio.shield(self._put_off(submission, "stopped", doubt=True, wait=timedelta()))
            raise
        except StorageError:
            raise  # no word on the provider: the answer is in doubt once its lease has run out
        except Exception as error:  # noqa: BLE001 - `_face` logs what nobody foresaw
            self._ground.counts.add(SUBMISSIONS, self._live.name, failure(error))
            await self._breaker.failed(error)
            await self._face(submission, error)
        else:
            await self._breaker.answered()
            self._ground.counts.add(SUBMISSIONS, self._live.name, DONE)
            await self._ground.db.write(lambda tx: self._finish(tx, submission, answered, read_at))

    async def _face(self, submission: Submission, error: Exception) -> None:
        """What an attempt that failed means for the answer."""
        away = f"{self._live.title} is not answering"
        match error:
            case Rejected() | Unsupported():
                await self._ground.db.write(partial(self._refuse, submission, str(error)))
            case Conflict():
                await self._ground.db.write(partial(self._lose, submission, error))
            case NotFound():
                await self._ground.db.write(partial(self._miss, submission))
            case RateLimited(retry_after=seconds):
                wait = timedelta(seconds=seconds)
                await self._put_off(submission, str(error), doubt=False, wait=wait)
            case Unauthorized():
                await self._put_off(submission, str(error), doubt=False, wait=UNAUTHORIZED_WAIT)
                await self._tell_admins(str(error))
            case Unavailable(ambiguous=doubt):
                await self._put_off(submission, str(error), doubt=doubt)
            case Malformed():
                await self._put_off(submission, str(error), doubt=True)
            case TimeoutError():
                await self._put_off(submission, away, doubt=True)
            case _:
                log.error("answer failed", submission=submission.id, exc_info=error)
                await self._put_off(submission, away, doubt=True)

    async def _tell_admins(self, reason: str) -> None:
        """The key was refused: told once, as what it is, a bad key or one that may only read."""
        try:
            await self._live.provider.check()
        except Unauthorized as refused:
            await self._troubles.begin(self._live, "unauthorized", refused)
        except ProviderError:
            return  # the next poll tells
        else:
            await self._troubles.key_cannot_write(self._live, reason)

    async def _write(self, submission: Submission) -> tuple[Task, datetime]:
        stored, actor = await self._ground.db.read(lambda tx: self._read(tx, submission))
        provider, again = self._live.provider, submission.doubt
        with waited_for():
            if stored is None:
                draft = draft_of(submission)
                answered = await provider.create(draft, actor, again=again)
            else:
                change = change_of(submission)
                answered = await provider.submit(stored.task, change, actor, again=again)
        return answered, self._ground.clock.now()

    def _read(self, tx: Tx, submission: Submission) -> tuple[StoredTask | None, Operator | None]:
        """The task, if it is not still to be made, and in whose name to write."""
        stored = tasks.find(tx, submission.connection, submission.task_id)
        if submission.operator_id is None:
            return stored, None
        known = people.operator(tx, submission.connection, submission.operator_id)
        return stored, known or Operator(submission.operator_id)

    def _finish(self, tx: Tx, submission: Submission, answered: Task, read_at: datetime) -> None:
        self._troubles.key_writes(tx, self._live)
        if submission.effect is Effect.CREATE:
            submission = creating.made(tx, submission, answered, read_at)
        if not self._settle(tx, submission, SubmissionState.DONE, said=answer_of(answered)):
            return
        if submission.effect is Effect.CREATE:
            return
        self._see(tx, submission, answered, read_at)
        name, task_id = submission.connection, submission.task_id
        tasks.answered_by(tx, name, task_id, submission.id)
        if submission.effect is Effect.REASSIGN:  # what they gave themselves is no news to them
            news.told(tx, name, task_id, submission.slack_user, read_at)

    def _refuse(self, submission: Submission, reason: str, tx: Tx) -> bool:
        return self._settle(tx, submission, SubmissionState.REFUSED, said=reason, error=reason)

    def _lose(self, submission: Submission, conflict: Conflict, tx: Tx) -> None:
        """Somebody was first: show what the provider says now."""
        if not self._refuse(submission, str(conflict), tx) or not submission.task_id:
            return
        if conflict.task is not None:
            sighting, now = Sighting.of(conflict.task, from_ms(LOOK_NOW)), self._ground.clock.now()
            recording.update(tx, submission.connection, sighting, {"by": "answer"}, now)
        self._whisper(tx, submission, "already_finished")

    def _miss(self, submission: Submission, tx: Tx) -> None:
        now = self._ground.clock.now()
        if not submission.task_id:
            self._refuse(submission, f"{self._live.title} does not have what it concerns", tx)
        elif self._refuse(submission, f"{self._live.title} no longer has this task", tx):
            recording.gone(tx, submission.connection, submission.task_id, now)
            self._whisper(tx, submission, "gone")

    def _see(self, tx: Tx, submission: Submission, task: Task, read_at: datetime) -> None:
        sighting = Sighting.of(task, from_ms(LOOK_NOW))
        tasks.update(tx, submission.connection, sighting, read_at)

    def _whisper(self, tx: Tx, submission: Submission, code: str) -> None:
        stored = tasks.find(tx, submission.connection, submission.task_id)
        title = stored.task.title if stored else ""
        still_open = stored is not None and stored.standing is Standing.OPEN
        if still_open:
            return
        whisper = Whisper(code, {"title": title, "connection": self._live.title})
        now = self._ground.clock.now()
        messages.add_whisper(tx, submission.slack_user, None, whisper, now)

    def _settle(
        self,
        tx: Tx,
        submission: Submission,
        state: SubmissionState,
        *,
        said: str,
        error: str | None = None,
    ) -> bool:
        now = self._ground.clock.now()
        if not submissions.settle(tx, submission, state, now=now, error=error):
            return False
        tasks.look_again(tx, submission.connection, submission.task_id)
        self._record(tx, submission, state.value, said, doubt=submission.doubt)
        if submission.effect is Effect.CREATE:
            creating.tell(tx, self._ground, submission, state, error)
        return True

    def _record(self, tx: Tx, submission: Submission, what: str, said: str, *, doubt: bool) -> None:
        """Leave in the audit how an attempt ended."""
        people.audit(
            tx,
            self._ground.clock.now(),
            submission.slack_user,
            f"{submission.effect.value} {what}",
            submission.connection,
            submission.task_id or None,
            {**wanted_of(submission), "attempt": submission.attempt, "said": said, "doubt": doubt},
        )

    async def _put_off(
        self, submission: Submission, reason: str, *, doubt: bool, wait: timedelta | None = None
    ) -> None:
        now = self._ground.clock.now()
        pause = backoff(submission.attempt) if wait is None else wait
        state = SubmissionState.UNKNOWN if doubt else SubmissionState.RETRY
        log.warning(
            "answer put off",
            connection=submission.connection,
            submission=submission.id,
            state=state.value,
            error=reason,
        )

        def store(tx: Tx) -> None:
            since = submission.failing_since or now
            if not submissions.settle(
                tx, submission, state, now=now, due_at=now + pause, error=reason,
                failing_since=since,
            ):  # fmt: skip
                return
            tasks.look_again(tx, submission.connection, submission.task_id)
            if submission.effect is Effect.CREATE and submission.failing_since is None:
                creating.tell(tx, self._ground, submission, state, reason)
            if now - since >= STUCK:
                self._troubles.answers_wait(tx, self._live, reason)
            # The same again, try after try, is told by their number.
            if reason != submission.error:
                self._record(tx, submission, PUT_OFF, reason, doubt=doubt)

        await self._ground.db.write(store)
