"""`python -m sandbox`: a Slack workspace on this machine, with people and a page, for any app to
be tried against."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from sandbox import seeds
from sandbox.clock import SystemClock
from sandbox.gallery import hang
from sandbox.slack import Manifest, ManifestError
from sandbox.slack.events import EVENTS
from sandbox.slack.methods import METHODS
from sandbox.slack.refused import REFUSED
from sandbox.town import Town
from sandbox.world import World

_REQUEST_URL = "http://127.0.0.1:3000/slack/events"


def main() -> None:
    """Serve until asked to stop."""
    arguments = _parser().parse_args()
    if arguments.methods:
        sys.stdout.writelines(f"{line}\n" for line in _methods())
        return
    try:
        manifest = None if arguments.manifest is None else _read(arguments.manifest)
    except ManifestError as wrong:
        sys.stderr.write(f"{arguments.manifest}: {wrong}\n")
        sys.exit(2)
    try:
        asyncio.run(_serve(arguments, manifest))
    except OSError as busy:
        sys.exit(f"Port {arguments.port} can't be used: {busy.strerror}. Choose another.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=_port, default=0, help="of the page (any free one)")
    parser.add_argument(
        "--deliver-to",
        default=_REQUEST_URL,
        metavar="URL",
        help=f"where the app takes Slack's requests, unless it uses Socket Mode ({_REQUEST_URL})",
    )
    parser.add_argument(
        "--manifest",
        type=Path,
        metavar="FILE",
        help="the app's manifest, JSON or YAML; without it, all that people do reaches the app",
    )
    parser.add_argument(
        "--providers",
        action="store_true",
        help="with the simulated providers of tasks that Taskbell works with",
    )
    parser.add_argument(
        "--gallery",
        action="store_true",
        help="with one of every block and element that the page can draw, in #gallery",
    )
    parser.add_argument(
        "--methods",
        action="store_true",
        help="tell which of Slack's methods are served, and which not and why",
    )
    return parser


def _port(text: str) -> int:
    """A number that can be one of a port."""
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return int(text)


def _read(file: Path) -> Manifest:
    """The manifest in a file. Raises ManifestError with one sentence, whatever is wrong."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else "it is no UTF-8"
        raise ManifestError(f"The manifest can't be read: {why}.") from None
    return Manifest.from_mapping(_json(text) if file.suffix == ".json" else _yaml(text))


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise ManifestError(f"The manifest is no JSON: {wrong}.") from None


def _yaml(text: str) -> object:
    try:
        import yaml
    except ImportError:
        raise ManifestError(
            "A manifest in YAML needs PyYAML (pip install pyyaml); Slack gives it as JSON, too."
        ) from None
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else "?"
        raise ManifestError(f"The manifest is no YAML: line {line}: {wrong.problem}.") from None
    except yaml.YAMLError:
        raise ManifestError("The manifest is no YAML: it has characters of control.") from None


async def _serve(arguments: argparse.Namespace, manifest: Manifest | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):  # in the background of a shell, too
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    opened = _with_providers if arguments.providers else _alone
    async with opened(arguments.port, manifest) as (town, origin, more):
        town.slack.deliver_to(arguments.deliver_to)
        if arguments.gallery:
            hang(town.slack, origin)
        lines = [f"The sandbox is at {origin}/", "", "Start the app with:"]
        lines += [f"  {name}={value}" for name, value in town.environment().items()]
        lines += [
            "and, for Socket Mode, with:",
            f"  SLACK_APP_TOKEN={town.slack.workspace.app_token}",
            f"Without Socket Mode it is sent Slack's requests at {arguments.deliver_to}",
            *more,
            *_unheard(town.slack.workspace.manifest),
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await stop.wait()


Opened = tuple[Town, str, list[str]]


@contextlib.asynccontextmanager
async def _alone(port: int, manifest: Manifest | None) -> AsyncIterator[Opened]:
    """An app of its own checks signatures at the machine's time, so they are made at that."""
    town = Town(signing_clock=SystemClock(), manifest=manifest)
    seeds.people(town.slack.workspace, channel="general")
    async with town.opened(port) as origin:
        yield town, origin, []


@contextlib.asynccontextmanager
async def _with_providers(port: int, manifest: Manifest | None) -> AsyncIterator[Opened]:
    world = World(signing_clock=SystemClock(), manifest=manifest)
    world.seed()
    async with world.served(port) as addresses:
        links = [f"Link {user} to {who} at {where}" for user, where, who in world.links()]
        yield world, addresses.page_url.rstrip("/"), links


def _unheard(manifest: Manifest) -> Iterator[str]:
    """What an app waits for in vain."""
    never = sorted(manifest.events - EVENTS.keys())
    if never:
        yield f"Of the events in the manifest, this sandbox never sends: {', '.join(never)}"


def _methods() -> Iterator[str]:
    yield f"Served ({len(METHODS)}):"
    for name, method in sorted(METHODS.items()):
        yield f"  {name:<28} {(method.handle.__doc__ or '').partition('.')[0]}"
    yield ""
    yield f"Not served ({len(REFUSED)}):"
    for name, why in REFUSED.items():
        yield f"  {name:<28} {why}"


if __name__ == "__main__":
    main()
