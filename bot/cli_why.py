"""`taskbell why` and `taskbell audit`: the story of a task, and everything on record."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli_base import CommandFailed, finish, load_settings, store
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.domain.phrases import Phrase
    from bot.domain.records import Record
    from bot.ground import Ground
    from bot.store.database import Tx
    from bot.telling import Account

PAGE = 1_000
NEAR = 3
COLUMNS = ("when", "who", "what", "connection", "task_or_operator", "detail")
_AGO = re.compile(r"([1-9]\d{0,4})([hd])")


class _Moment(click.ParamType[datetime]):
    name = "moment"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """`24h`, `7d`, a day, or an instant, both in UTC unless it says otherwise."""
        if isinstance(value, datetime):
            return value
        if ago := _AGO.fullmatch(value):
            unit = {"h": "hours", "d": "days"}[ago[2]]
            return datetime.now(UTC) - timedelta(**{unit: int(ago[1])})
        try:
            if len(value) == len("2026-04-15"):
                return datetime.combine(date.fromisoformat(value), time(), UTC)
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is not 24h, 7d, 2026-04-15 or 2026-04-15T08:00", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


@click.command()
@click.argument("task", metavar="CONNECTION:TASK")
@click.option("--user", metavar="U123", help="Why this Slack user got it, or did not.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def why(task: str, user: str | None, as_json: bool) -> None:
    """Tell the story of a task: what happened, how it stands, and what comes next."""
    finish(_why(load_settings(), task, user, as_json=as_json))


async def _why(settings: Settings, task: str, user: str | None, *, as_json: bool) -> None:
    from bot.domain import when
    from bot.domain.language import ENGLISH
    from bot.telling import name_of

    zone = when.zone(settings.timezone)
    async with store(settings) as ground:

        def read(tx: Tx) -> list[str]:
            account = _account(tx, ground, task, user)

            def said(phrase: Phrase) -> str:
                return ENGLISH.plain(phrase, zone, lambda one: name_of(tx, one))

            if as_json:
                return [json.dumps(_as_json(account, user, said), ensure_ascii=False, indent=2)]
            return list(_as_text(account, user, said, zone))

        for line in await ground.db.read(read):
            click.echo(line)


def _account(tx: Tx, ground: Ground, task: str, user: str | None) -> Account:
    from bot.store import history, tasks
    from bot.telling import account

    connection, _, task_id = task.partition(":")
    stored = tasks.find(tx, connection, task_id)
    if stored is not None:
        return account(tx, ground, stored, [user] if user else [])
    near = history.near(tx, connection, task_id, NEAR) if task_id else []
    meant = ", ".join(f"{connection}:{one}" for one in near)
    hint = f"Near it: {meant}." if near else "It is written CONNECTION:TASK; tasks list has them."
    raise CommandFailed(f"I know no task {task}. {hint}")


_Said = Callable[["Phrase"], str]


def _as_text(account: Account, user: str | None, said: _Said, zone: ZoneInfo) -> list[str]:
    from bot.domain.language import ENGLISH

    verdicts = [one for one in account.verdicts if user in (None, one.reader)]
    told = [f"- {said(one.words)}" for one in verdicts]
    if user is not None:
        return [f"{account.title} ({account.task})", *told]
    told += [f"- {said(account.unheard)}"] if account.unheard else []
    happened = [f"{ENGLISH.moment(line.at, zone)}  {said(line.words)}" for line in account.lines]
    return [
        f"{account.title} ({account.task})", "", *happened, "", "Who was told:", *told, "",
        "Now:", *(f"- {said(one)}" for one in account.now), f"Next: {said(account.next)}",
    ]  # fmt: skip


def _as_json(account: Account, user: str | None, said: _Said) -> dict[str, Any]:
    people = [
        {"slack_user": one.reader, "told": one.told, "why": said(one.words)}
        for one in account.verdicts
        if user in (None, one.reader)
    ]
    told = {"task": account.task, "title": account.title, "standing": account.standing}
    if user is not None:
        return {**told, "people": people}
    events = [
        {
            "at": line.at.isoformat(timespec="milliseconds"),
            "who": line.record.actor if line.record else None,
            "what": line.record.action if line.record else None,
            "words": said(line.words),
            "detail": dict(line.record.detail) if line.record else {},
        }
        for line in account.lines
    ]
    at = account.next_at
    return {
        **told,
        "events": events,
        "people": people,
        "not_told": said(account.unheard) if account.unheard else None,
        "now": [said(one) for one in account.now],
        "next": {"at": at.isoformat(timespec="seconds") if at else None,
                 "words": said(account.next)},
    }  # fmt: skip


@click.command()
@click.option("--since", type=_Moment(), help="Only what is later: 24h, 7d, 2026-04-15.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object on each line.")
def audit(since: datetime | None, as_json: bool) -> None:
    """Print everything on record, oldest first, as CSV."""
    finish(_audit(load_settings(), since, as_json=as_json))


async def _audit(settings: Settings, since: datetime | None, *, as_json: bool) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    async with store(settings) as ground:
        if not as_json:
            writer.writerow(COLUMNS)
        async for record in _records(ground, since):
            row = _row(record)
            if as_json:
                click.echo(json.dumps(row, ensure_ascii=False))
            else:
                detail = json.dumps(row["detail"], ensure_ascii=False)
                writer.writerow([*(row[name] for name in COLUMNS[:-1]), detail])


async def _records(ground: Ground, since: datetime | None) -> AsyncIterator[Record]:
    """A page at a time, so that a record of years needs no more memory than one of a day."""
    from bot.store import history

    last: Record | None = None
    while True:
        after = last
        found = await ground.db.read(lambda tx: history.page(tx, after, since, PAGE))  # noqa: B023
        for record in found:
            yield record
        if len(found) < PAGE:
            return
        last = found[-1]


def _row(record: Record) -> dict[str, Any]:
    return {
        "when": record.at.isoformat(timespec="milliseconds"),
        "who": record.actor,
        "what": record.action,
        "connection": record.connection,
        "task_or_operator": record.subject,
        "detail": dict(record.detail),
    }
