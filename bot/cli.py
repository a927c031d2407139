"""The command line: `taskbell`."""

from __future__ import annotations

import asyncio
import errno
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from bot import logs
from bot.cli_adapters import adapters
from bot.cli_base import CommandFailed, finish, load_settings, token_refusals
from bot.cli_db import db
from bot.cli_doctor import doctor
from bot.cli_links import links
from bot.cli_submissions import submissions
from bot.cli_tasks import tasks
from bot.cli_why import audit, why
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:  # loaded only by the commands that need it
    from bot.app import Taskbell


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="taskbell", prog_name="taskbell")
def taskbell() -> None:
    """Brings people the tasks of their CRM or field-service system in Slack."""


taskbell.add_command(db)
taskbell.add_command(doctor)
taskbell.add_command(links)
taskbell.add_command(tasks)
taskbell.add_command(why)
taskbell.add_command(audit)
taskbell.add_command(submissions)
taskbell.add_command(adapters)


@taskbell.command()
def run() -> None:
    """Run the bot: Slack, polling, reminders and delivery in one process.

    Socket Mode when SLACK_APP_TOKEN is set, else HTTP on HOST:PORT.
    """
    settings = load_settings()
    settings.require_slack()
    finish(_run(settings))


@taskbell.command()
def web() -> None:
    """Hear Slack and providers; needs PostgreSQL, and a `worker` that does the rest.

    Stores what people do, and answers /tasks and forms from what is stored. Any number of
    processes may do so.
    """
    settings = load_settings()
    settings.require_slack()
    settings.require_shared("web")
    finish(_run(settings, works=False))


@taskbell.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Serve /healthz and /metrics on HOST:PORT."
)
def worker(port: int | None) -> None:
    """Poll, deliver and submit; needs PostgreSQL, and a `web` that hears Slack.

    Any number of processes may do so; they share the work. PORT from the environment is the
    `web`'s; a `worker` listens on no port unless it is told to.
    """
    settings = load_settings()
    settings.require_slack(hears=False)
    settings.require_shared("worker")
    finish(_run(settings, hears=False, told_on=port))


async def _run(
    settings: Settings, *, hears: bool = True, works: bool = True, told_on: int | None = None
) -> None:
    from bot.domain.clock import SystemClock
    from bot.run import CannotServe, run as run_bot
    from bot.slack.bolt import AppTokenRefused
    from bot.stopping import stop_on_signals

    stop = asyncio.Event()
    stop_on_signals(stop)
    try:
        with token_refusals():
            await run_bot(settings, SystemClock(), stop, hears=hears, works=works, told_on=told_on)
    except CannotServe as error:
        raise CommandFailed(str(error)) from error
    except AppTokenRefused as error:
        raise CommandFailed(
            f"{error}. Set SLACK_APP_TOKEN to one with the scope connections:write, from the app's"
            " page Basic Information."
        ) from error


@taskbell.command()
@click.option("--connection", metavar="NAME", help="Poll only this connection.")
def sync(connection: str | None) -> None:
    """Poll every connection once, then deliver and submit until nothing more is due."""
    settings = load_settings()
    settings.require_slack(hears=False)
    known = [one.name for one in settings.connections]
    if connection is not None and connection not in known:
        names = ", ".join(known) or "none"
        raise click.BadParameter(f"no connection is named {connection}; set are: {names}")
    finish(_sync(settings, connection))


async def _sync(settings: Settings, connection: str | None) -> None:
    from bot.app import open_taskbell
    from bot.domain.clock import SystemClock
    from bot.engine.lock import beside

    path = settings.database_path
    with nullcontext() if path is None else beside(path):
        async with open_taskbell(settings, SystemClock(), owner=False) as bot:
            await _sync_once(bot, connection)


async def _sync_once(bot: Taskbell, connection: str | None) -> None:
    from bot.store import connections

    with token_refusals():
        await bot.health.ask_slack()
    polled = await bot.sync(connection)
    if not polled:
        states = await bot.ground.db.read(connections.states)
        failed = ", ".join(f"{one.name} ({one.trouble})" for one in states if one.trouble)
        raise CommandFailed(f"Could not poll {failed}; the log above says why.")
    if bot.health.workspace is None:
        raise CommandFailed("Slack did not answer; what is due goes out with the next sync.")


@taskbell.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8910, show_default=True)
def demo(port: int) -> None:
    """Run the real bot against a simulated Slack and simulated providers, in a web page."""
    from bot.demo.show import demo as run_demo

    logs.configure("console")
    try:
        finish(run_demo(port))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise CommandFailed(
            f"Cannot serve the page on port {port} ({error.strerror}); choose another with --port."
        ) from error


def main() -> None:
    """The program: trouble that can be foreseen ends in one line and a status, not a traceback."""
    from bot.engine.lock import CannotLock
    from bot.store.database import StorageError

    try:
        taskbell()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except (CommandFailed, StorageError, CannotLock) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
