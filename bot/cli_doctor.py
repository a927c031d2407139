"""`taskbell doctor`: whether everything is there that the bot needs."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import logs
from bot.cli_base import ENDLESS, CommandFailed, finish

if TYPE_CHECKING:  # loaded only when the command runs
    from bot.checks.finding import Finding
    from bot.settings import Settings

_MARKS = {"ok": "✓", "warning": "!", "wrong": "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--live", is_flag=True, help="Send a card to yourself and take it away again.")
@click.option("--as", "user", metavar="U123", help="Who --live sends to; else the first admin.")
def doctor(live: bool, user: str | None, as_json: bool) -> None:
    """Check settings, Slack, providers and database; a line each, with the remedy.

    Changes nothing, and works beside a running bot. Exit status 1 if anything is wrong.
    """
    if user is not None and not live:
        raise click.UsageError("--as goes with --live.")
    told = _Told(as_json=as_json)
    finish(_examine(told, live=live, user=user))
    told.end()


async def _examine(told: _Told, *, live: bool, user: str | None) -> None:
    from adapters import registry
    from bot.doctor import examine, settings_findings
    from bot.domain.clock import SystemClock
    from bot.problems import SettingsError
    from bot.settings import load

    # What is wrong is told by the findings; the log would tell it again, for developers.
    logs.configure("console")
    logging.getLogger().setLevel(logging.CRITICAL)
    try:
        settings = load(os.environ, Path.cwd(), registry)
    except SettingsError as error:
        told(settings_findings(error))
        return
    recipient = _recipient(settings, user) if live else None
    with told.waiting():
        await examine(settings, SystemClock(), told, live=recipient)


def _recipient(settings: Settings, user: str | None) -> str:
    if user is None and not settings.admins:
        raise click.UsageError("--live needs somebody to send to: --as U123, or TASKBELL_ADMINS.")
    return user or settings.admins[0]


class _Told:
    """What was found, told as it comes; JSON at the end."""

    def __init__(self, *, as_json: bool) -> None:
        from rich.console import Console

        self._as_json = as_json
        self._found: list[Finding] = []
        width = None if sys.stdout.isatty() else ENDLESS
        # Where JSON is wanted, only the sign of work under way is shown, beside it.
        self._console = Console(stderr=as_json, width=width)

    def waiting(self) -> AbstractContextManager[object]:
        """A sign that work is under way, on a terminal."""
        return self._console.status("Looking…")

    def __call__(self, found: list[Finding]) -> None:
        from rich.text import Text

        self._found += found
        if not self._as_json:
            for one in found:
                self._console.print(Text(_line(one)))

    def end(self) -> None:
        """Sum up; CommandFailed if anything is wrong."""
        if self._as_json:
            click.echo(json.dumps([_row(one) for one in self._found], ensure_ascii=False, indent=2))
        counts = Counter(one.state.value for one in self._found)
        summary = f"{counts['ok']} well, {counts['warning']} to note, {counts['wrong']} wrong"
        if counts["wrong"]:
            raise CommandFailed(f"Something is wrong: {summary}; the lines marked ✗ say what.")
        if not self._as_json:
            click.echo(f"Nothing is wrong: {summary}.")


def _line(finding: Finding) -> str:
    remedy = f" {finding.remedy}" if finding.remedy else ""
    return f"{_MARKS[finding.state.value]} {finding.check}: {finding.said}{remedy}"


def _row(finding: Finding) -> dict[str, str | None]:
    return {
        "check": finding.check,
        "state": finding.state.value,
        "said": finding.said,
        "remedy": finding.remedy,
    }
