"""Handle what people did in Slack: a stored intent becomes a submission, a list, or a sentence."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from adapters.contract import Effect
from bot import creating, escalating, keeping, link_requests, personal, snoozing, viewing
from bot.domain.answering import Accepted, decide, may_take_back, may_withdraw, named
from bot.domain.changes import WAS, due_as_text
from bot.domain.model import StoredTask, Submission, SubmissionState, Whisper, task_key
from bot.domain.records import DECLINED, UNDONE, wanted_of
from bot.domain.wording import labels
from bot.ground import Ground
from bot.slack.actions import look_of
from bot.store import list_views, messages, people, screens, submissions, tasks
from bot.store.database import Tx
from bot.store.list_views import LIFETIME, ListView
from bot.store.submissions import Intent

log = structlog.get_logger(__name__)

Handler = Callable[[Tx, Intent], None]
"""Makes of an intent what it asks for, within the transaction that takes it."""

KEEP = timedelta(days=7)
"""How long a handled intent is kept, so that a late repetition of it is recognised."""


class Intents:
    """Turns every stored intent into a change of state."""

    def __init__(self, ground: Ground, changed: Callable[[], None]) -> None:
        self._ground = ground
        self._changed = changed
        self._handlers: Mapping[str, Handler] = {
            "answer": self._answer,
            "undo": self._undo,
            "list": self._list,
            "home": partial(viewing.opened, ground),
            "seen_to": partial(escalating.acknowledge, ground),
            "create": partial(creating.create, ground),
            "settings": partial(personal.choose, ground),
            "snooze": partial(self._put_off, snoozing.snooze),
            "wake": partial(self._put_off, snoozing.wake),
            "link_request": partial(link_requests.ask, ground),
            "link_approve": partial(link_requests.approve, ground),
            "link_refuse": partial(link_requests.refuse, ground),
            "unlink": partial(link_requests.unlink, ground),
        }

    async def work(self) -> datetime | None:
        """Handle all that is stored; new ones wake it."""
        while await self._handle_one():
            self._changed()
        return None

    async def _handle_one(self) -> bool:
        try:
            return await self._ground.db.write(self._handle_next)
        except (LookupError, TypeError, ValueError):
            # A mistake of ours with one click must not keep the others waiting.
            log.exception("intent failed")
            return await self._ground.db.write(self._drop_next)

    def _drop_next(self, tx: Tx) -> bool:
        """Say that it did not work, rather than nothing."""
        intent = submissions.take_intent(tx, self._ground.clock.now())
        if intent is not None:
            self._whisper(tx, intent, Whisper("failed"))
        return intent is not None

    async def tidy(self) -> None:
        """Forget what can no longer matter."""
        now = self._ground.clock.now()

        def store(tx: Tx) -> None:
            submissions.forget_intents(tx, now - KEEP)
            list_views.forget(tx, now)
            screens.forget(tx, now)
            keeping.tidy(tx, now)

        await self._ground.db.write(store)

    def _handle_next(self, tx: Tx) -> bool:
        intent = submissions.take_intent(tx, self._ground.clock.now())
        if intent is None:
            return False
        self._handlers[intent.kind](tx, intent)
        return True

    def _answer(self, tx: Tx, intent: Intent) -> None:
        body: Mapping[str, Any] = intent.body
        stored = tasks.find_by_key(tx, str(body["task"]))
        if stored is None:
            self._whisper(tx, intent, Whisper("gone"))
            return
        name, task_id = stored.connection, stored.task.id
        self._mark_clicked(tx, intent, name, task_id)
        if name not in self._ground.live:  # taken out of the settings: nobody could send it
            names = {"title": stored.task.title, "connection": name}
            self._whisper(tx, intent, Whisper("gone", names))
            return
        self._keep_place(tx, intent, watch=stored.key)
        decision = decide(
            stored,
            self._ground.connection(tx, name),
            str(body["outcome"]),
            self._ground.actor(tx, intent.slack_user, name),
            submissions.newest(tx, name, task_id),
            self._ground.rules.undo,
            intent.received_at,
        )
        if isinstance(decision, Accepted):
            self._accept(tx, intent, stored, decision)
        else:
            self._whisper(tx, intent, keeping.refused(tx, self._ground, intent, stored, decision))
        tasks.look_again(tx, name, task_id)

    def _accept(self, tx: Tx, intent: Intent, stored: StoredTask, accepted: Accepted) -> None:
        outcome = accepted.outcome
        fields: dict[str, str] = dict(intent.body.get("fields") or {})  # type: ignore[call-overload]
        if outcome.effect is Effect.RESCHEDULE:
            fields[WAS] = due_as_text(stored.task.due)
        if outcome.effect is not Effect.ANSWER and outcome.fields[0].key not in fields:
            # Its form could not be shown, and the provider can't be asked for nothing.
            nobody = outcome.effect is Effect.REASSIGN
            names = {"connection": self._ground.connection(tx, stored.connection).title}
            code = "nobody_else" if nobody else "form_expired"
            self._whisper(tx, intent, Whisper(code, names))
            return
        state = SubmissionState.HELD if accepted.hold else SubmissionState.PENDING
        self._submit(
            tx,
            Submission(
                id=secrets.token_hex(12),
                connection=stored.connection,
                task_id=stored.task.id,
                outcome=outcome.code,
                label=outcome.label,
                fields=fields,
                slack_user=intent.slack_user,
                operator_id=accepted.operator.id if accepted.operator else None,
                occurred_at=intent.received_at,
                state=state,
                due_at=accepted.due_at,
                effect=outcome.effect,
                before=stored.task.data,
            ),
        )
        keeping.tell_sent(tx, self._ground, intent, stored, outcome)

    def _submit(self, tx: Tx, submission: Submission) -> None:
        submissions.add(tx, submission)
        people.audit(
            tx,
            submission.occurred_at,
            submission.slack_user,
            submission.effect.value,
            submission.connection,
            submission.task_id,
            wanted_of(submission),
        )

    def _undo(self, tx: Tx, intent: Intent) -> None:
        submission = submissions.find(tx, str(intent.body["submission"]))
        if submission is None:
            return
        self._mark_clicked(tx, intent, submission.connection, submission.task_id)
        self._keep_place(tx, intent, task_key(submission.connection, submission.task_id))
        if submission.state is SubmissionState.DONE:
            self._take_back(tx, intent, submission)
            return
        actor = self._ground.actor(tx, intent.slack_user, submission.connection)
        refusal = may_withdraw(submission, actor)
        now = self._ground.clock.now()
        if refusal is None and not submissions.withdraw(tx, submission.id, now):
            refusal = Whisper("too_late_to_undo", named(submission))
        if refusal is not None:
            self._refuse_undo(tx, intent, submission, refusal)
            return
        people.audit(tx, now, intent.slack_user, UNDONE, submission.connection, submission.task_id)
        tasks.look_again(tx, submission.connection, submission.task_id)

    def _mark_clicked(self, tx: Tx, intent: Intent, connection: str, task_id: str) -> None:
        """They wait for what becomes of their card: its redraws go first."""
        now = self._ground.clock.now()
        messages.clicked(tx, connection, task_id, intent.slack_user, intent.channel, now)

    def _take_back(self, tx: Tx, intent: Intent, submission: Submission) -> None:
        """A written answer: have the provider open the task again, where it can."""
        name, task_id = submission.connection, submission.task_id
        stored = tasks.find(tx, name, task_id)
        assert stored is not None  # noqa: S101 - a foreign key holds it
        actor = self._ground.actor(tx, intent.slack_user, name)
        connection = self._ground.connection(tx, name)
        newest = submissions.newest(tx, name, task_id)
        refusal = may_take_back(stored, connection, submission, newest, actor)
        if refusal is not None:
            self._refuse_undo(tx, intent, submission, refusal)
            return
        self._submit(
            tx,
            replace(
                submission,
                id=secrets.token_hex(12),
                label=labels.UNDO,
                fields={},
                slack_user=intent.slack_user,
                occurred_at=intent.received_at,
                state=SubmissionState.PENDING,
                due_at=intent.received_at,
                effect=Effect.REOPEN,
            ),
        )
        tasks.look_again(tx, name, task_id)

    def _refuse_undo(
        self, tx: Tx, intent: Intent, submission: Submission, refusal: Whisper
    ) -> None:
        names = {"connection": self._ground.connection(tx, submission.connection).title}
        stored = tasks.find(tx, submission.connection, submission.task_id)
        if stored is not None:
            names["title"] = stored.task.title
        self._whisper(tx, intent, Whisper(refusal.code, {**names, **refusal.params}))

    def _put_off(
        self, work: Callable[[Ground, Tx, Intent], Whisper | None], tx: Tx, intent: Intent
    ) -> None:
        self._keep_place(tx, intent, watch=str(intent.body["task"]))
        refused = work(self._ground, tx, intent)
        if refused is not None:
            self._whisper(tx, intent, refused)

    def _list(self, tx: Tx, intent: Intent) -> None:
        self._keep_place(tx, intent, watch=None)

    def _keep_place(self, tx: Tx, intent: Intent, watch: str | None) -> None:
        """Draw the list or view in which the person clicked anew."""
        if "filter" in intent.body and "view" in intent.body:
            viewing.use(tx, intent, watch, self._ground.clock.now())
        elif "filter" in intent.body:
            self._keep_list(tx, intent, watch)

    def _keep_list(self, tx: Tx, intent: Intent, watch: str | None) -> None:
        """Draw the list in which the person clicked anew, with the rows that they answered."""
        if intent.response_url is None or intent.message_ts is None:
            return
        before = list_views.find(tx, intent.slack_user, intent.message_ts)
        # Another page or a refresh is a new look: rows that were done there are left out.
        watched = (*(before.watched if before else ()), watch) if watch else ()
        view = ListView(
            slack_user=intent.slack_user,
            message_ts=intent.message_ts,
            look=look_of(intent.body),
            watched=tuple(dict.fromkeys(watched)),
            response_url=intent.response_url,
            expires_at=intent.received_at + LIFETIME,
            below=bool(intent.body.get("below")),
        )
        list_views.save(tx, view, self._ground.clock.now())

    def _whisper(self, tx: Tx, intent: Intent, whisper: Whisper) -> None:
        now = self._ground.clock.now()
        kept = keeping.tell_refused(tx, self._ground, intent, whisper)
        if not kept and not viewing.say(tx, intent, whisper):
            messages.add_whisper(tx, intent.slack_user, intent.channel, whisper, now)
        stored = self._meant(tx, intent)
        if stored is not None:
            told = {key: value for key, value in whisper.params.items() if key != "title"}
            people.audit(
                tx, now, intent.slack_user, DECLINED, stored.connection, stored.task.id,
                {"code": whisper.code, **told},
            )  # fmt: skip

    def _meant(self, tx: Tx, intent: Intent) -> StoredTask | None:
        """The task that somebody clicked on."""
        body: Mapping[str, Any] = intent.body
        if "submission" not in body:
            return tasks.find_by_key(tx, str(body.get("task")))
        submission = submissions.find(tx, str(body["submission"]))
        if submission is None:
            return None
        return tasks.find(tx, submission.connection, submission.task_id)
