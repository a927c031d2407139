"""Whether a click may become an answer: decided from stored state, with a sentence if not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.contract import Effect, Operator, Outcome
from bot.domain.changes import chosen
from bot.domain.model import (
    Actor,
    Connection,
    Standing,
    StoredTask,
    Submission,
    SubmissionState,
    Whisper,
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer may be sent: which outcome, in the name of which operator, and not before when.

    `hold`: it can be taken back until then, because the provider could not."""

    outcome: Outcome
    operator: Operator | None
    due_at: datetime
    hold: bool


def decide(
    stored: StoredTask,
    connection: Connection,
    token: str,
    actor: Actor,
    submission: Submission | None,
    undo: timedelta,
    now: datetime,
) -> Accepted | Whisper:
    """Accept a click on an outcome (`token`), or say why not. `submission`: the task's newest."""
    refused = refusal(stored, connection, actor, submission)
    if refused is not None:
        return refused
    outcome = chosen(connection, stored.task, token)
    if outcome is None:
        return Whisper("outcome_gone", _names(stored, connection))
    # Our own changes can be made again the other way round.
    final = outcome.effect is Effect.ANSWER and not outcome.reversible
    hold = final and undo > timedelta(0)
    due_at = now + undo if hold else now
    return Accepted(outcome, _acting_operator(stored, actor), due_at, hold)


def refusal(
    stored: StoredTask, connection: Connection, actor: Actor, submission: Submission | None
) -> Whisper | None:
    """None where the actor may do something about the task now, else the sentence why not."""
    refused = not_allowed(stored, actor) or _not_answerable(stored, submission)
    if refused is None:
        return None
    return Whisper(refused.code, {**_names(stored, connection), **refused.params})


def _names(stored: StoredTask, connection: Connection) -> dict[str, str]:
    return {"title": stored.task.title, "connection": connection.title}


def not_allowed(stored: StoredTask, actor: Actor) -> Whisper | None:
    """None for those who may act on a task, else the sentence for the others."""
    theirs = {o.id for o in (*actor.operators, *actor.stands_in_for)}
    if actor.oversees or any(o.id in theirs for o in stored.task.operators):
        return None
    return Whisper("not_yours" if theirs else "unlinked")


def _not_answerable(stored: StoredTask, submission: Submission | None) -> Whisper | None:
    if stored.standing is Standing.GONE:
        return Whisper("gone")
    if stored.standing is not Standing.OPEN:
        return Whisper("already_finished", _how_it_ended(stored, submission))
    if submission is not None and submission.state.active:
        return Whisper("already_sending", named(submission))
    return None


def named(submission: Submission) -> dict[str, str]:
    """What a whisper says of an answer; a change of ours is named in its reader's language."""
    ours = submission.effect is not Effect.ANSWER
    return {"label": submission.label, **({"effect": submission.effect.value} if ours else {})}


def _how_it_ended(stored: StoredTask, submission: Submission | None) -> dict[str, str]:
    if submission is not None and submission.id == stored.submission_id:
        return named(submission)
    result = stored.task.result
    told = {"label": result.label, "by": result.by} if result else {}
    return {name: value for name, value in told.items() if value}


def _acting_operator(stored: StoredTask, actor: Actor) -> Operator | None:
    """The actor's own operator, a person rather than a route or team, and preferably the one whom
    the task is assigned to; without one, that of whom they stand in for."""
    assigned = {o.id for o in stored.task.operators}
    known = actor.operators or actor.stands_in_for
    mine = sorted(known, key=lambda o: (not o.person, o.id not in assigned))
    return mine[0] if mine else None


def may_withdraw(submission: Submission, actor: Actor) -> Whisper | None:
    """None when a held answer can be taken back by this person, else the sentence why not."""
    if not _is_theirs(submission, actor):
        return Whisper("not_yours", named(submission))
    match submission.state:
        case SubmissionState.HELD:
            return None
        case SubmissionState.WITHDRAWN | SubmissionState.REFUSED as state:
            return Whisper(state.value, named(submission))
        case _:
            return Whisper("too_late_to_undo", named(submission))


def _is_theirs(submission: Submission, actor: Actor) -> bool:
    return actor.oversees or submission.slack_user == actor.slack_user


def may_take_back(
    stored: StoredTask,
    connection: Connection,
    submission: Submission,
    newest: Submission | None,
    actor: Actor,
) -> Whisper | None:
    """None when what a written answer has finished can be opened again by this person, else the
    sentence why not. `newest`: the task's newest submission."""
    if not _is_theirs(submission, actor):
        return Whisper("not_yours", named(submission))
    if newest is not None and newest.state.active:
        return Whisper("already_sending", named(newest))
    if stored.standing is Standing.GONE:
        return Whisper("gone")
    finished = stored.standing in (Standing.DONE, Standing.CANCELLED)
    ours = stored.submission_id == submission.id
    if finished and ours and connection.can_take_back(submission.outcome):
        return None
    if not finished:
        return Whisper("not_finished", named(submission))
    return Whisper("too_late_to_undo", named(submission))
