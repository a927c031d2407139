"""`taskbell tasks`: what the bot knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.cli_base import finish, load_settings, show, store
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.domain.model import StoredTask

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def tasks() -> None:
    """The tasks that the bot knows."""


@tasks.command("list")
@click.option("--user", metavar="U123", help="Only those of this Slack user.")
@_JSON
def list_tasks(user: str | None, as_json: bool) -> None:
    """Every open task, the most overdue first."""
    finish(_list(load_settings(), user, as_json=as_json))


async def _list(settings: Settings, user: str | None, *, as_json: bool) -> None:
    from bot.store import tasks as stored_tasks

    async with store(settings) as ground:
        if user is None:
            found = await ground.db.read(stored_tasks.open_of_all)
        else:
            found = await ground.db.read(lambda tx: stored_tasks.open_of_user(tx, user))
        # Of a connection that was taken out of the settings nothing is known any more.
        found = [one for one in found if one.connection in ground.live]
    rows = sorted((_row(one) for one in found), key=lambda row: (row["due"] or "9", row["task"]))
    show(rows, ("task", "title", "due", "operators"), as_json=as_json)


def _row(stored: StoredTask) -> dict[str, Any]:
    due = stored.task.due
    moment = None if due is None else due.on or due.at
    return {
        "task": f"{stored.connection}:{stored.task.id}",
        "title": stored.task.title,
        "due": moment.isoformat() if moment else None,
        "operators": ", ".join(o.id for o in stored.task.operators),
    }
