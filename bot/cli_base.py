"""What the commands share: settings, the store, and how they end."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import logs
from bot.settings import Settings

if TYPE_CHECKING:  # the rest of the bot is loaded only by commands that need it
    from bot.ground import Ground


ENDLESS = 100_000
"""Columns of a table that nobody looks at."""


class CommandFailed(Exception):
    """The command could not do its work; the text says why and what to do."""


def load_settings() -> Settings:
    """The settings of this environment, with logs as they ask; SettingsError if any is wrong."""
    from adapters import registry
    from bot.settings import load

    settings = load(os.environ, Path.cwd(), registry)
    logs.configure(settings.log)
    return settings


def finish(work: Coroutine[Any, Any, None]) -> None:
    """Do a command's work."""
    asyncio.run(work)


@asynccontextmanager
async def store(settings: Settings) -> AsyncIterator[Ground]:
    """The store, beside a bot that may be running on it."""
    from bot.app import open_ground
    from bot.domain.clock import SystemClock

    async with open_ground(settings, SystemClock(), owner=False) as ground:
        yield ground


@contextmanager
def token_refusals() -> Iterator[None]:
    """A refused bot token ends the command."""
    from bot.slack.client import SlackUnauthorized

    try:
        yield
    except SlackUnauthorized as error:
        raise CommandFailed(
            f"{error}. Set SLACK_BOT_TOKEN to the token on the app's page OAuth & Permissions."
        ) from error


def show(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows as a table, or as JSON."""
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if row[c] is None else str(row[c])) for c in columns))
    # A pipe has no width: rows must not be folded for it.
    Console(width=None if sys.stdout.isatty() else ENDLESS).print(table)
