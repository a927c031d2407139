"""`taskbell links`: who is who, from the command line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli_base import CommandFailed, finish, load_settings, show, store, token_refusals
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.ground import Ground
    from bot.store.database import Tx
    from bot.store.people import Link

COLUMNS = ("slack_user", "connection", "operator")
_SLACK_USER = re.compile(r"[UW][A-Z0-9]+")

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def links() -> None:
    """Links between Slack users and operators at the providers."""


@links.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """Every link."""
    finish(_list(load_settings(), as_json=as_json))


async def _list(settings: Settings, *, as_json: bool) -> None:
    async with store(settings) as ground:
        rows = [_row(link) for link in await _links(ground)]
    show(rows, (*COLUMNS, "provenance", "actor", "created_at"), as_json=as_json)


async def _links(ground: Ground) -> Sequence[Link]:
    from bot.store import people

    return await ground.db.read(people.links)


def _row(link: Link) -> dict[str, Any]:
    return {
        "slack_user": link.slack_user,
        "connection": link.connection,
        "operator": link.operator_id,
        "provenance": link.provenance,
        "actor": link.actor,
        "created_at": link.created_at.isoformat(timespec="seconds"),
    }


@links.command()
@click.option("--slack", "slack_user", required=True, metavar="U123", help="A Slack user id.")
@click.option("--connection", required=True, metavar="NAME")
@click.option("--operator", required=True, metavar="ID", help="The operator's id at the provider.")
def add(slack_user: str, connection: str, operator: str) -> None:
    """Link a Slack user to an operator."""
    settings = load_settings()
    _check(settings, slack_user, connection)
    if not operator.strip():
        raise click.BadParameter("the operator's id is empty")
    finish(_add(settings, [(slack_user, connection, operator)], "admin"))


async def _add(settings: Settings, wanted: Sequence[tuple[str, str, str]], provenance: str) -> None:
    """Make all of these links, or none: the first that is in the way ends it."""
    from bot.linking import add_link
    from bot.store.people import Link

    async with store(settings) as ground:

        def work(tx: Tx) -> int:
            now, made = ground.clock.now(), 0
            for slack_user, connection, operator in wanted:
                link = Link(connection, operator, slack_user, provenance, "cli", now)
                there = add_link(tx, ground, link)
                if there is not None and there.slack_user != slack_user:
                    raise CommandFailed(
                        f"{operator} in {connection} is already linked to {there.slack_user};"
                        " remove that link first. Nothing was changed."
                    )
                made += there is None
            return made

        made = await ground.db.write(work)
    click.echo(f"{made} linked, {len(wanted) - made} already there.")


@links.command()
@click.option("--connection", required=True, metavar="NAME")
@click.option("--operator", required=True, metavar="ID")
def remove(connection: str, operator: str) -> None:
    """Remove the link of an operator."""
    finish(_remove(load_settings(), connection, operator))


async def _remove(settings: Settings, connection: str, operator: str) -> None:
    from bot.linking import remove_link

    async with store(settings) as ground:
        removed = await ground.db.write(
            lambda tx: remove_link(tx, ground, connection, operator, "cli")
        )
    if removed is None:
        raise CommandFailed(f"{operator} in {connection} is not linked. Nothing was changed.")
    click.echo("Removed.")


@links.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Link everybody in a CSV FILE with the columns slack_user, connection and operator.

    slack_user may be an e-mail address. Either every row is taken, or none.
    """
    settings = load_settings()
    finish(_import(settings, _read(file)))


def _read(file: Path) -> list[tuple[str, str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{file} is not UTF-8 text. Nothing was changed.") from error
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise CommandFailed(f"{file} is not CSV: {error}. Nothing was changed.") from error
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
    if missing:
        raise CommandFailed(f"{file} lacks the columns {', '.join(missing)}. Nothing was changed.")
    found = [tuple((row[c] or "").strip() for c in COLUMNS) for row in rows]
    for number, row in enumerate(found, start=2):
        if not all(row):
            raise CommandFailed(f"{file}, line {number}: a value is empty. Nothing was changed.")
    return [(row[0], row[1], row[2]) for row in found]


async def _import(settings: Settings, rows: Sequence[tuple[str, str, str]]) -> None:
    users = await _resolve(settings, sorted({row[0] for row in rows if "@" in row[0]}))
    wanted = [(users.get(user, user), connection, operator) for user, connection, operator in rows]
    for slack_user, connection, _ in wanted:
        _check(settings, slack_user, connection)
    await _add(settings, wanted, "import")


async def _resolve(settings: Settings, emails: Sequence[str]) -> dict[str, str]:
    """The Slack user of each address."""
    if not emails:
        return {}
    from bot.slack.client import SlackTrouble, connect

    settings.require_slack(hears=False)
    assert settings.slack_bot_token is not None  # noqa: S101 - just required
    found: dict[str, str] = {}
    token = settings.slack_bot_token.get_secret_value()
    async with connect(token, settings.slack_api_url) as (slack, _):
        for email in emails:
            try:
                with token_refusals():
                    profile = await slack.profile_by_email(email)
            except SlackTrouble as trouble:
                raise CommandFailed(f"{trouble}. Nothing was changed; try again.") from trouble
            if profile is None:
                raise CommandFailed(f"Slack knows nobody with {email}. Nothing was changed.")
            found[email] = profile.id
    return found


def _check(settings: Settings, slack_user: str, connection: str) -> None:
    if not _SLACK_USER.fullmatch(slack_user):
        raise click.BadParameter(f"{slack_user} is not a Slack user id such as U024BE7LH")
    known = [one.name for one in settings.connections]
    if connection not in known:
        names = ", ".join(known) or "none"
        raise click.BadParameter(f"no connection is named {connection}; set are: {names}")


@links.command()
def export() -> None:
    """Print every link as CSV."""
    finish(_export(load_settings()))


async def _export(settings: Settings) -> None:
    async with store(settings) as ground:
        found = await _links(ground)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(link) for link in found)
    click.echo(text.getvalue(), nl=False)


@links.command()
@_JSON
def proposals(as_json: bool) -> None:
    """Links that somebody asks for or an e-mail address suggests, and operators with tasks but
    without a link."""
    finish(_proposals(load_settings(), as_json=as_json))


async def _proposals(settings: Settings, *, as_json: bool) -> None:
    async with store(settings) as ground:
        rows = await ground.db.read(_waiting)
    columns = ("connection", "operator", "name", "slack_user", "provenance", "open_tasks")
    show(rows, columns, as_json=as_json)


def _waiting(tx: Tx) -> list[dict[str, Any]]:
    """A row for each proposal, and for each operator that only has tasks."""
    from bot.store import people, proposals

    unlinked = {
        (row["connection"], row["operator_id"]): row["tasks"] for row in people.unlinked(tx)
    }
    found: list[tuple[str, str, str | None, str | None]] = [
        (one.connection, one.operator_id, one.slack_user, one.provenance)
        for one in proposals.waiting(tx)
    ]
    proposed = {row[:2] for row in found}
    found += [(*key, None, None) for key in unlinked if key not in proposed]
    return [
        {
            "connection": connection,
            "operator": operator,
            "name": people.names(tx, connection, [operator]).get(operator),
            "slack_user": slack_user,
            "provenance": provenance,
            "open_tasks": unlinked.get((connection, operator), 0),
        }
        for connection, operator, slack_user, provenance in sorted(found, key=lambda row: row[:2])
    ]
