"""Intents (what people did) and submissions (their answers on the way to the provider)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.contract import Effect
from bot.domain.model import Submission, SubmissionState
from bot.store.database import Row, Tx, from_ms, from_ms_or_none, to_ms, to_ms_or_none


@dataclass(frozen=True, slots=True)
class Intent:
    """Something that a person did in Slack, stored before it was acked.

    `key` is the same for the same click however often Slack delivers it. `body` depends on the
    kind: answer {task, outcome, fields}, undo {submission}, list {filter, page}.
    """

    key: str
    kind: str
    slack_user: str
    body: Mapping[str, object]
    received_at: datetime
    channel: str | None = None
    message_ts: str | None = None
    response_url: str | None = None


_ADD_INTENT = """
INSERT INTO intent (key, kind, slack_user, channel, message_ts, response_url, body, received_at)
VALUES (:key, :kind, :user, :channel, :ts, :response_url, :body, :at)
ON CONFLICT (key) DO NOTHING
"""


def add_intent(tx: Tx, intent: Intent) -> bool:
    """Store what a person did; False when this very click is stored already."""
    added = tx.run(
        _ADD_INTENT,
        {
            "key": intent.key,
            "kind": intent.kind,
            "user": intent.slack_user,
            "channel": intent.channel,
            "ts": intent.message_ts,
            "response_url": intent.response_url,
            "body": json.dumps(intent.body),
            "at": to_ms(intent.received_at),
        },
    )
    return added > 0


_TAKE_INTENT = """
UPDATE intent SET handled_at = :now
WHERE key = (SELECT key FROM intent WHERE handled_at IS NULL
             ORDER BY received_at LIMIT 1 {skip_locked})
  AND handled_at IS NULL
RETURNING *
"""


def take_intent(tx: Tx, now: datetime) -> Intent | None:
    """Claim the oldest intent that nobody has handled; it is handled in the same transaction."""
    row = tx.row(_TAKE_INTENT, {"now": to_ms(now)})
    if row is None:
        return None
    return Intent(
        key=row["key"],
        kind=row["kind"],
        slack_user=row["slack_user"],
        body=json.loads(row["body"]),
        received_at=from_ms(row["received_at"]),
        channel=row["channel"],
        message_ts=row["message_ts"],
        response_url=row["response_url"],
    )


def forget_intents(tx: Tx, before: datetime) -> None:
    """Drop handled intents from before that instant: Slack no longer repeats them."""
    tx.run("DELETE FROM intent WHERE handled_at < :before", {"before": to_ms(before)})


_ADD = """
INSERT INTO submission (id, connection, task_id, outcome, label, fields, slack_user, operator_id,
                        occurred_at, state, due_at, effect, before)
VALUES (:id, :connection, :task_id, :outcome, :label, :fields, :slack_user, :operator_id,
        :occurred_at, :state, :due_at, :effect, :before)
"""


def add(tx: Tx, submission: Submission) -> None:
    """Store an accepted answer; one that is active already for the task makes this fail."""
    tx.run(
        _ADD,
        {
            "id": submission.id,
            "connection": submission.connection,
            "task_id": submission.task_id or None,
            "outcome": submission.outcome,
            "label": submission.label,
            "fields": json.dumps(dict(submission.fields)),
            "slack_user": submission.slack_user,
            "operator_id": submission.operator_id,
            "occurred_at": to_ms(submission.occurred_at),
            "state": submission.state.value,
            "due_at": to_ms(submission.due_at),
            "effect": submission.effect.value,
            "before": json.dumps(dict(submission.before)),
        },
    )


def newest(tx: Tx, connection: str, task_id: str) -> Submission | None:
    """The task's newest answer that was not taken back."""
    row = tx.row(
        "SELECT * FROM submission WHERE connection = :connection AND task_id = :id"
        " AND state <> 'withdrawn'"
        " ORDER BY CASE WHEN finished_at IS NULL THEN 0 ELSE 1 END, finished_at DESC LIMIT 1",
        {"connection": connection, "id": task_id},
    )
    return None if row is None else _submission(row)


def of_task(tx: Tx, connection: str, task_id: str) -> list[Submission]:
    """Everything that people asked of the task, oldest first."""
    rows = tx.rows(
        "SELECT * FROM submission WHERE connection = :connection AND task_id = :id"
        " ORDER BY occurred_at, id",
        {"connection": connection, "id": task_id},
    )
    return [_submission(row) for row in rows]


_WAITING = """
SELECT submission.* FROM submission
LEFT JOIN task ON task.connection = submission.connection AND task.id = submission.task_id
WHERE submission.finished_at IS NULL
   OR (submission.state = 'refused' AND task.standing = 'open' AND NOT EXISTS (
        SELECT 1 FROM submission AS later
        WHERE later.connection = submission.connection AND later.task_id = submission.task_id
          AND later.state <> 'withdrawn' AND later.occurred_at > submission.occurred_at))
ORDER BY submission.occurred_at, submission.id
"""


def waiting(tx: Tx) -> list[Submission]:
    """Everything on its way to a provider, and each refusal that its card still shows."""
    return [_submission(row) for row in tx.rows(_WAITING)]


_TRY_AGAIN = """
UPDATE submission
SET state = CASE WHEN state = 'unknown' THEN 'unknown' ELSE 'retry' END,
    due_at = :now, finished_at = NULL
WHERE id = :id AND state IN ('retry', 'unknown', 'refused')
"""


def try_again(tx: Tx, submission_id: str, now: datetime) -> bool:
    """Have it sent now; False when it is being sent, or has arrived or been taken back. Whether it
    may have landed before is not forgotten."""
    return tx.run(_TRY_AGAIN, {"id": submission_id, "now": to_ms(now)}) > 0


_GIVE_UP = """
UPDATE submission
SET doubt = CASE WHEN state = 'unknown' THEN 1 ELSE doubt END,
    state = 'refused', error = :error, failing_since = NULL, finished_at = :now
WHERE id = :id AND state IN ('held', 'pending', 'retry', 'unknown')
"""


def give_up(tx: Tx, submission_id: str, error: str, now: datetime) -> bool:
    """Send it no more; False when it is being sent, or is finished."""
    return tx.run(_GIVE_UP, {"id": submission_id, "error": error, "now": to_ms(now)}) > 0


def failing(tx: Tx, connection: str) -> bool:
    """Whether anything on its way there has been tried in vain."""
    row = tx.row(
        "SELECT 1 FROM submission WHERE connection = :connection AND finished_at IS NULL"
        " AND failing_since IS NOT NULL LIMIT 1",
        {"connection": connection},
    )
    return row is not None


def find(tx: Tx, submission_id: str) -> Submission | None:
    row = tx.row("SELECT * FROM submission WHERE id = :id", {"id": submission_id})
    return None if row is None else _submission(row)


def withdraw(tx: Tx, submission_id: str, now: datetime) -> bool:
    """Take back a held answer; False when it is no longer held."""
    changed = tx.run(
        "UPDATE submission SET state = 'withdrawn', finished_at = :now"
        " WHERE id = :id AND state = 'held'",
        {"id": submission_id, "now": to_ms(now)},
    )
    return changed > 0


_CLAIM = """
UPDATE submission
SET doubt = CASE WHEN state IN ('sending', 'unknown') THEN 1 ELSE doubt END,
    state = 'sending', attempt = attempt + 1, due_at = :deadline, holder = :holder
WHERE id = (SELECT id FROM submission
            WHERE connection = :connection AND finished_at IS NULL AND due_at <= :now
            ORDER BY due_at LIMIT 1 {skip_locked})
  AND finished_at IS NULL AND due_at <= :now
RETURNING *
"""


def claim(tx: Tx, connection: str, now: datetime, lease: timedelta) -> Submission | None:
    """Take the next answer that is due. One that was being sent when its lease ran out may have
    landed: it comes with `doubt`."""
    params = {"connection": connection, "now": to_ms(now), "deadline": to_ms(now + lease)}
    row = tx.row(_CLAIM, params | {"holder": tx.holder})
    return None if row is None else _submission(row)


def end_leases(tx: Tx, now: datetime, holder: str) -> None:
    """The holder sends no more: what it was sending is looked after at once, with doubt."""
    tx.run(
        "UPDATE submission SET due_at = :now"
        " WHERE state = 'sending' AND due_at > :now AND COALESCE(holder, '') = :holder",
        {"now": to_ms(now), "holder": holder},
    )


_WAIT = """
UPDATE submission
SET state = CASE WHEN state IN ('sending', 'unknown') THEN 'unknown' ELSE 'retry' END,
    due_at = :until, error = COALESCE(error, :error),
    failing_since = COALESCE(failing_since, :since)
WHERE connection = :connection AND finished_at IS NULL AND due_at <= :now
RETURNING task_id
"""


def wait(
    tx: Tx, connection: str, now: datetime, until: datetime, since: datetime, error: str
) -> list[str]:
    """The provider can't be asked before `until`: let what is due wait, and say since when. Gives
    the tasks whose answers wait."""
    rows = tx.rows(
        _WAIT,
        {
            "connection": connection,
            "now": to_ms(now),
            "until": to_ms(until),
            "since": to_ms(since),
            "error": error,
        },
    )
    return [row["task_id"] for row in rows if row["task_id"]]


def hurry(tx: Tx, connection: str, now: datetime) -> None:
    """The provider answers again: try now what waits for that."""
    tx.run(
        "UPDATE submission SET due_at = :now WHERE connection = :connection AND due_at > :now"
        " AND failing_since IS NOT NULL AND state IN ('retry', 'unknown')",
        {"connection": connection, "now": to_ms(now)},
    )


def next_due(tx: Tx, connection: str) -> datetime | None:
    row = tx.row(
        "SELECT MIN(due_at) AS at FROM submission"
        " WHERE connection = :connection AND finished_at IS NULL",
        {"connection": connection},
    )
    return None if row is None or row["at"] is None else from_ms(row["at"])


_SETTLE = """
UPDATE submission
SET state = :state, due_at = :due_at, error = :error, failing_since = :failing_since,
    finished_at = :finished_at
WHERE id = :id AND state = 'sending' AND attempt = :attempt
"""


def made(tx: Tx, submission_id: str, task_id: str) -> None:
    """The task that was to be made is there, and has this id."""
    tx.run(
        "UPDATE submission SET task_id = :task WHERE id = :id AND task_id IS NULL",
        {"id": submission_id, "task": task_id},
    )


def settle(
    tx: Tx,
    submission: Submission,
    state: SubmissionState,
    *,
    now: datetime,
    due_at: datetime | None = None,
    error: str | None = None,
    failing_since: datetime | None = None,
) -> bool:
    """Record how an attempt ended; False when its lease had run out and another took over."""
    finished = None if state.active else now
    changed = tx.run(
        _SETTLE,
        {
            "id": submission.id,
            "attempt": submission.attempt,
            "state": state.value,
            "due_at": to_ms(due_at or now),
            "error": error,
            "failing_since": to_ms_or_none(failing_since),
            "finished_at": to_ms_or_none(finished),
        },
    )
    return changed > 0


def _submission(row: Row) -> Submission:
    return Submission(
        id=row["id"],
        connection=row["connection"],
        task_id=row["task_id"] or "",
        outcome=row["outcome"],
        label=row["label"],
        fields=json.loads(row["fields"]),
        slack_user=row["slack_user"],
        operator_id=row["operator_id"],
        occurred_at=from_ms(row["occurred_at"]),
        state=SubmissionState(row["state"]),
        due_at=from_ms(row["due_at"]),
        attempt=row["attempt"],
        doubt=bool(row["doubt"]),
        error=row["error"],
        failing_since=from_ms_or_none(row["failing_since"]),
        effect=Effect(row["effect"]),
        before=json.loads(row["before"]),
    )
