"""Failures: what an admin does about people's answers that do not arrive."""

from __future__ import annotations

from bot.domain.model import Standing, Submission, SubmissionState
from bot.domain.records import GIVEN_UP, RETRIED, wanted_of
from bot.domain.wording import cards as wording
from bot.ground import Ground
from bot.store import outages, people, submissions, tasks
from bot.store.database import Tx


class CannotDo(Exception):
    """It can't be done, in a sentence that says why."""


def retry(tx: Tx, ground: Ground, submission_id: str, actor: str) -> Submission:
    """Send it again now, one that was refused or given up too. Raises CannotDo."""
    submission = _find(tx, submission_id)
    if submission.connection not in ground.live:
        raise CannotDo(f"{submission.connection} is not in the settings: nobody could send it.")
    _may_be_sent(tx, submission)
    now = ground.clock.now()
    if not submissions.try_again(tx, submission.id, now):
        raise CannotDo(_too_late(submission))
    people.audit(
        tx, now, actor, RETRIED, submission.connection, submission.task_id, wanted_of(submission)
    )
    tasks.look_again(tx, submission.connection, submission.task_id)
    return submission


def _may_be_sent(tx: Tx, submission: Submission) -> None:
    """A refused one only while its task is as it was, if it has one: nobody wants an old answer to
    overrule a newer one."""
    if submission.state is not SubmissionState.REFUSED or not submission.task_id:
        return
    stored = tasks.find(tx, submission.connection, submission.task_id)
    newest = submissions.newest(tx, submission.connection, submission.task_id)
    if stored is None or stored.standing is not Standing.OPEN:
        raise CannotDo("Its task is no longer open, so it would be refused.")
    if newest is None or newest.id != submission.id:
        raise CannotDo("The task has a newer answer.")


def give_up(tx: Tx, ground: Ground, submission_id: str, actor: str) -> Submission:
    """Send it no more: its card shows so, and can be answered anew. Raises CannotDo."""
    submission = _find(tx, submission_id)
    doubt = submission.doubt or submission.state is SubmissionState.UNKNOWN
    error = wording.GIVEN_UP_IN_DOUBT if doubt else wording.GIVEN_UP
    now = ground.clock.now()
    if not submissions.give_up(tx, submission.id, error, now):
        raise CannotDo(_too_late(submission))
    name, detail = submission.connection, {**wanted_of(submission), "said": error}
    people.audit(tx, now, actor, GIVEN_UP, name, submission.task_id, detail)
    tasks.look_again(tx, name, submission.task_id)
    if not submissions.failing(tx, name):
        outages.end(tx, outages.answers(name))
    return submission


def _find(tx: Tx, submission_id: str) -> Submission:
    found = submissions.find(tx, submission_id)
    if found is None:
        raise CannotDo(f"There is no submission {submission_id}; list them to see their ids.")
    return found


def _too_late(submission: Submission) -> str:
    match submission.state:
        case SubmissionState.SENDING:
            return "It is being sent just now; look again in a minute."
        case SubmissionState.HELD | SubmissionState.PENDING:
            return "It is about to be sent, and needs no retry."
        case state:
            return f"It is {state.value} already."
