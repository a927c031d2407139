"""`taskbell adapters`: the providers that the bot can speak to."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from bot.cli_base import ENDLESS, CommandFailed, show

if TYPE_CHECKING:  # the suite is loaded only by the command that runs it
    from adapters.conformance import Verdict

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_MARKS = {"passed": "✓", "failed": "✗", "does not apply": "–"}


@click.group()
def adapters() -> None:
    """The providers that the bot can speak to."""


@adapters.command("list")
@_JSON
def list_adapters(as_json: bool) -> None:
    """Every adapter that is installed, with the setting that makes a connection of it."""
    from adapters import registry

    rows = []
    for name in registry.names():
        try:
            title = registry.find(name).title
        except registry.UnknownAdapter as error:
            title = str(error)
        rows.append({"name": name, "title": title, "setting": f"{name.upper()}_API_KEY"})
    show(rows, ("name", "title", "setting"), as_json=as_json)


@adapters.command("check")
@click.argument("name")
@_JSON
def check_adapter(name: str, as_json: bool) -> None:
    """Run the conformance suite: whether an adapter keeps what the contract promises.

    Every promise is tried against a simulation of the provider, never against the real one.
    """
    from adapters import conformance, registry

    try:
        verdicts = conformance.run(name)
    except registry.UnknownAdapter as error:
        raise click.BadParameter(str(error)) from error
    except conformance.NoRig as error:
        raise CommandFailed(str(error)) from error
    found = list(_watched(verdicts, len(conformance.checks()), quiet=as_json))
    if as_json:
        click.echo(json.dumps([_row(one) for one in found], ensure_ascii=False, indent=2))
    told = _summary(found)
    if any(one.state is conformance.State.FAILED for one in found):
        raise CommandFailed(f"{name} does not keep the contract: {told}.")
    if not as_json:
        click.echo(f"{name}: {told}.")


def _summary(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(one.state.value for one in verdicts)
    words = {"passed": "passed", "failed": "failed", "does not apply": "not applicable"}
    return ", ".join(f"{counts[state]} {word}" for state, word in words.items() if counts[state])


def _row(verdict: Verdict) -> dict[str, str]:
    check = verdict.check
    return {
        "check": check.id,
        "sentence": check.sentence,
        "state": verdict.state.value,
        "why": verdict.why,
    }


def _watched(verdicts: Iterator[Verdict], total: int, *, quiet: bool) -> Iterator[Verdict]:
    """The verdicts, each told as it comes; on a terminal with a bar below them."""
    from rich.console import Console
    from rich.progress import Progress
    from rich.text import Text

    # Where JSON is wanted, the bar alone is shown, beside it.
    console = Console(stderr=quiet, width=None if sys.stdout.isatty() else ENDLESS)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        for verdict in verdicts:
            if not quiet:
                bar.console.print(Text(_line(verdict)))
            bar.advance(task)
            yield verdict


def _line(verdict: Verdict) -> str:
    why = f"  ({verdict.why})" if verdict.why else ""
    return f"{_MARKS[verdict.state.value]} {verdict.check.sentence}{why}"
