"""The demo: the real bot, in HTTP mode, against the sandbox, seen in a web page."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from adapters import registry
from bot.app import Taskbell, open_taskbell
from bot.linking import add_link
from bot.run import hearing, stop_on_signals
from bot.settings import Settings, load
from bot.store.database import Tx
from bot.store.people import Link
from sandbox.world import World

_RULES = {
    "HOST": "127.0.0.1",
    "TASKBELL_POLL_INTERVAL": "2",
    "TASKBELL_QUIET_HOURS": "off",
    "RETEN_RESULT_STATUS": "SALE_COMPLETED=EFFECTIVE,NOT_INTERESTED=NOT_EFFECTIVE,"
    "NO_CONTACT=NOT_EFFECTIVE,RESCHEDULE=NOT_EFFECTIVE",
}


async def demo(port: int) -> None:
    """Serve the page on `port` of this machine until the process is asked to stop."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    world = World()
    world.seed()
    with TemporaryDirectory(prefix="taskbell-demo-") as folder:
        async with world.served(port) as addresses:
            settings = _settings(world, Path(folder))
            world.slack.deliver_to(f"http://127.0.0.1:{settings.port}/slack/events")
            async with open_taskbell(settings, world.clock, owner=True) as taskbell:
                await _begin(taskbell, world)
                async with taskbell.working(), hearing(taskbell, settings):
                    click.echo(f"Taskbell's demo is at {addresses.page_url} (stop with Ctrl-C)")
                    await stop.wait()


def _settings(world: World, folder: Path) -> Settings:
    environment = {
        **world.environment(),
        **_RULES,
        "PORT": str(_free_port()),
        "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "TASKBELL_ADMINS": world.cast.carla.id,
    }
    return load(environment, folder, registry)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _begin(taskbell: Taskbell, world: World) -> None:
    """Link people, do the first poll, and let some tasks arrive after it as news."""
    await taskbell.health.ask_slack()
    ground = taskbell.ground

    def link(tx: Tx) -> None:
        for slack_user, connection, operator in world.links():
            made = Link(connection, operator, slack_user, "admin", "demo", ground.clock.now())
            add_link(tx, ground, made)

    await ground.db.write(link)
    await taskbell.sync()
    world.bring_news()
