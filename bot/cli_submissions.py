"""`taskbell submissions`: people's answers on their way to the providers, and those that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import click

from bot.cli_base import CommandFailed, finish, load_settings, show, store
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.domain.model import Submission
    from bot.ground import Ground
    from bot.store.database import Tx

COLUMNS = (
    "id",
    "task",
    "answer",
    "who",
    "when",
    "state",
    "tries",
    "failing_since",
    "next_try",
    "said",
)


@click.group()
def submissions() -> None:
    """People's answers on their way to the providers."""


@submissions.command("list")
@click.option("--failed", is_flag=True, help="Only those that were tried in vain.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(failed: bool, as_json: bool) -> None:
    """Every answer that is on its way, and each refusal that its card still shows."""
    finish(_list(load_settings(), failed=failed, as_json=as_json))


async def _list(settings: Settings, *, failed: bool, as_json: bool) -> None:
    from bot.store import submissions as stored

    async with store(settings) as ground:
        found = await ground.db.read(stored.waiting)
    rows = [_row(one) for one in found if not failed or _fails(one)]
    show(rows, COLUMNS, as_json=as_json)


def _fails(submission: Submission) -> bool:
    return submission.failing_since is not None or not submission.state.active


def _row(submission: Submission) -> dict[str, Any]:
    since = submission.failing_since
    return {
        "id": submission.id,
        "task": f"{submission.connection}:{submission.task_id or 'new'}",
        "answer": submission.label,
        "who": submission.slack_user,
        "when": submission.occurred_at.isoformat(timespec="seconds"),
        "state": submission.state.value,
        "tries": submission.attempt,
        "failing_since": since.isoformat(timespec="seconds") if since else None,
        "next_try": submission.due_at.isoformat(timespec="seconds")
        if submission.state.active
        else None,
        "said": submission.error,
    }


@submissions.command()
@click.argument("submission_id", metavar="ID")
def retry(submission_id: str) -> None:
    """Send an answer again now, rather than when its next try is due."""
    from bot.failures import retry as again

    finish(_settle(load_settings(), again, submission_id, "is sent again by the running bot"))


@submissions.command("give-up")
@click.argument("submission_id", metavar="ID")
def give_up(submission_id: str) -> None:
    """Send an answer no more; its card says so, and can be answered anew."""
    from bot.failures import give_up as end

    finish(_settle(load_settings(), end, submission_id, "is given up"))


class _Settling(Protocol):
    def __call__(self, tx: Tx, ground: Ground, submission_id: str, actor: str, /) -> Submission: ...


async def _settle(settings: Settings, what: _Settling, submission_id: str, done: str) -> None:
    from bot.domain.records import CLI
    from bot.failures import CannotDo

    async with store(settings) as ground:
        try:
            settled = await ground.db.write(lambda tx: what(tx, ground, submission_id, CLI))
        except CannotDo as trouble:
            raise CommandFailed(f"{trouble} Nothing was changed.") from trouble
    click.echo(f"{settled.label} for {settled.connection}:{settled.task_id} {done}.")
