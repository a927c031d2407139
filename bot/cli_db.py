"""`taskbell db`: the database as a whole."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli_base import CommandFailed, finish, load_settings
from bot.settings import Settings, checked_database

if TYPE_CHECKING:
    from bot.store.copying import Progress
    from bot.store.database import Database, Tx


@click.group()
def db() -> None:
    """The database as a whole: copy it to another, or back it up."""


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a whole copy of the SQLite database to FILE; the bot may go on meanwhile."""
    from bot.store.backup import back_up

    path = load_settings().database_path
    if path is None:
        raise CommandFailed(
            "The database is on a PostgreSQL server, whose own tools back it up: pg_dump"
            ' --format=custom --file=FILE "$DATABASE_URL".'
        )
    _there(path)
    back_up(path, file)
    click.echo(f"Backed up to {file}.")


@db.command()
@click.option("--to", "url", required=True, metavar="URL", help="As DATABASE_URL has it.")
def copy(url: str) -> None:
    """Copy everything from DATABASE_URL to another, empty database, and compare each row.

    No bot may run on either. Afterwards, set DATABASE_URL to the new one.
    """
    source = load_settings()
    try:
        target = source.model_copy(update={"database_url": checked_database(url)})
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--to") from None
    if target.database_url == source.database_url:
        raise click.BadParameter("is DATABASE_URL itself", param_hint="--to")
    if source.database_path is not None:
        _there(source.database_path)
    finish(_copy(source, target))


def _there(path: Path) -> None:
    if not path.exists():
        raise CommandFailed(f"There is no database at {path}; check DATABASE_URL.")


async def _copy(source: Settings, target: Settings) -> None:
    from bot.store.copying import CannotCopy, copy, count
    from bot.store.database import ConstraintError

    async with AsyncExitStack() as stack:
        old = await _opened(stack, source)
        new = await _opened(stack, target)
        loop = asyncio.get_running_loop()
        progress = stack.enter_context(_shown(2 * await old.read(count)))

        def from_old(old_tx: Tx) -> int:
            """One view of the old, and one transaction on the new; each has a thread."""
            work = new.write(lambda new_tx: copy(old_tx, new_tx, progress), single=True)
            return asyncio.run_coroutine_threadsafe(work, loop).result()

        try:
            rows = await old.read(from_old)
        except CannotCopy as error:
            raise CommandFailed(str(error)) from None
        except ConstraintError as error:
            raise CommandFailed(
                f"The target refuses a row ({error}); nothing was copied."
            ) from None
    click.echo(f"Copied {rows} rows and compared each. Set DATABASE_URL to the new database.")


async def _opened(stack: AsyncExitStack, settings: Settings) -> Database:
    """The database, which no bot uses meanwhile."""
    from bot.app import open_database
    from bot.store.copying import has_company

    if settings.database_path is not None:
        stack.enter_context(_held(settings.database_path))
    opened = await asyncio.to_thread(open_database, settings, owner=False)
    stack.push_async_callback(opened.close)
    if opened.shared and await opened.read(has_company):
        raise CommandFailed("Another taskbell uses the PostgreSQL database; stop it first.")
    return opened


@contextmanager
def _held(path: Path) -> Iterator[None]:
    from bot.engine.lock import alone, only_one

    with ExitStack() as stack:
        stack.enter_context(only_one(path))
        if not alone(path):
            raise CommandFailed(f"A taskbell sync is under way on {path}; wait for its end.")
        yield


@contextmanager
def _shown(total: int) -> Iterator[Progress]:
    """A bar, where somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task("Copying and comparing", total=total)
        yield lambda rows: bar.advance(task, rows)
