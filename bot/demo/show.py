"""The sandbox's side of the demo: the page, the simulated services, and the bot's process."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

import bot
from bot.cli_base import CommandFailed
from bot.demo import story, tour
from bot.slack.needs import COMMANDS, EVENTS, SCOPES, SHORTCUTS
from bot.stopping import stop_on_signals
from sandbox.program import ChildProcess, ProgramFailed
from sandbox.shared_clock import SharedClock
from sandbox.slack import Manifest
from sandbox.world import World

_CLOCK = "clock"
_RULES = {
    "HOST": "127.0.0.1",
    "TASKBELL_POLL_INTERVAL": "2",
    "RETEN_RESULT_STATUS": "SALE_COMPLETED=EFFECTIVE,NOT_INTERESTED=NOT_EFFECTIVE,"
    "NO_CONTACT=NOT_EFFECTIVE,RESCHEDULE=NOT_EFFECTIVE",
}
_INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""What Python may need; none of the developer's own settings."""


async def demo(port: int, days: story.Days | None = None) -> None:
    """Serve the page on `port` of this machine until the process is asked to stop, on these days
    or the present ones. Raises OSError for a port that cannot be had, CommandFailed where the bot
    does not start."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    with TemporaryDirectory(prefix="taskbell-demo-") as folder:
        days = days or story.Days.now()
        world = _world(Path(folder), days)
        async with world.served(port) as addresses:
            child = _child(world, Path(folder))
            playing = asyncio.create_task(_begin(world, child, days))
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait([playing, stopping], return_when=asyncio.FIRST_COMPLETED)
                if playing.done():
                    playing.result()
                    click.echo(f"Taskbell's demo is at {addresses.page_url} (stop with Ctrl-C)")
                    await stopping
            finally:
                playing.cancel()
                await child.stop()


def _world(folder: Path, days: story.Days) -> World:
    manifest = {
        "display_information": {"name": "Taskbell"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "Taskbell"},
            "slash_commands": COMMANDS,
            "shortcuts": SHORTCUTS,
        },
        "oauth_config": {"scopes": {"bot": [*SCOPES]}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS},
            "interactivity": {"is_enabled": True, "message_menu_options_url": "http://bot"},
        },
    }
    clock = SharedClock.make(folder / _CLOCK, days.before)
    world = World(clock, manifest=Manifest.from_mapping(manifest))
    world.moments = story.MOMENTS
    world.tour = tour.steps(world.cast)
    world.roles = {world.cast.carla.id: "admin", world.cast.jonas.id: "manager"}
    return world


def _child(world: World, folder: Path) -> ChildProcess:
    port = _free_port()
    world.slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
    settings = {
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        **world.environment(),
        **_RULES,
        "PYTHONPATH": str(Path(bot.__file__).parents[1]),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "TASKBELL_ADMINS": world.cast.carla.id,
        "TASKBELL_MANAGERS": world.cast.jonas.id,
        "TASKBELL_FALLBACK_CHANNEL": world.cast.tasks.id,
    }
    links = [":".join(link) for link in world.links()]
    # -P: what lies in the folder where the demo was started is none of its modules.
    command = [sys.executable, "-P", "-m", "bot.demo.child", str(folder / _CLOCK), *links]
    child = ChildProcess(command, lambda: settings, port=port, changed=world.changes.notify)
    world.program = child
    return child


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _begin(world: World, child: ChildProcess, days: story.Days) -> None:
    world.seed(days.start)
    try:
        await child.start()
    except ProgramFailed as failed:
        raise CommandFailed(str(failed)) from None
    await story.play(world, days)
