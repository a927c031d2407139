"""A child: the CPU time of one connection's polls, beside that of fetching and checking alone, and
the requests of a poll that finds nothing new.

Only this process's CPU is counted, that of all its threads; waiting for the adapter's pace costs
none.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Collection
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from adapters import registry
from adapters.contract import Provider, TaskState
from bench.bot_process import get_json
from bench.children import read_spec, tell
from bench.floor import Floor, Noting
from bot.app import Taskbell, open_taskbell
from bot.connections import ConnectionSettings
from bot.domain.clock import SystemClock
from bot.linking import add_link
from bot.settings import Settings
from bot.store.people import Link

REPEATS = 2
"""How often a quiet poll is measured, floor and figure in turn; the medians count."""

Measured = dict[str, float]


class Watch:
    """What happens in a stretch of work: CPU, time, requests, writes by others, calls of Slack."""

    def __init__(self, provider: str, database: Path, control: str) -> None:
        self._provider = provider
        self._control = control
        self._beside = sqlite3.connect(database)

    async def of(self, work: Awaitable[object]) -> Measured:
        gc.collect()
        asked, version = self._asked(), self._version()
        clock, cpu = time.perf_counter(), time.process_time()
        await work
        measured = {
            "cpu": (time.process_time() - cpu) * 1000,
            "seconds": time.perf_counter() - clock,
            "writes": self._version() - version,
        }
        now = self._asked()
        assert now["violations"] == 0
        return {
            **measured,
            "calls": now["slack"] - asked["slack"],
            "requests": now[self._provider] - asked[self._provider],
        }

    def close(self) -> None:
        self._beside.close()

    def open_tasks(self) -> int:
        (count,) = self._beside.execute("SELECT COUNT(*) FROM task WHERE standing = 'open'")
        return int(count[0])

    def _version(self) -> int:
        """Moves when another connection has changed the database."""
        (version,) = self._beside.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _asked(self) -> dict[str, int]:
        found: dict[str, int] = get_json(f"{self._control}/asked")
        return found


async def measure(world: dict[str, Any], provider: str, folder: Path) -> Measured:
    spec, account = registry.find(provider), world[provider]
    options = spec.options.model_validate(account["options"])
    settings = Settings(
        slack_bot_token=world["token"],
        slack_signing_secret=world["secret"],
        slack_api_url=world["slack"],
        database_url=f"sqlite:///{folder}/taskbell.db",
        # The bench is about tasks, not about looking up addresses in Slack.
        link_by_email="off",
        connections=(ConnectionSettings(name=provider, provider=provider, options=options),),
    )
    transport = Noting()
    alone = spec.build(options, SystemClock(), transport)
    async with open_taskbell(settings, SystemClock(), owner=True) as bot:
        await _link(bot, provider, account["operators"], world["user"])
        tasks = await read_alone(alone, account["operators"])
        floor = Floor(provider, transport.noted)  # by now the models are built
        with closing(Watch(provider, folder / "taskbell.db", world["control"])) as watch:
            found = await _rounds(bot, watch, floor, alone, account["operators"])
            assert watch.open_tasks() == tasks
    await floor.close()
    await alone.close()
    return found


async def read_alone(provider: Provider, people: Collection[str]) -> int:
    """The adapter without the bot: from bytes to tasks; how many are open."""
    return sum(
        [
            task.state is TaskState.OPEN
            async for page in provider.tasks(people)
            for task in page.tasks
        ]
    )


async def _rounds(
    bot: Taskbell, watch: Watch, floor: Floor, alone: Provider, people: Collection[str]
) -> Measured:
    """A pass is a whole poll and everything that it makes due."""
    floors, unchanged = [await watch.of(floor.read())], []
    adapter = await watch.of(read_alone(alone, people))
    ingest = await watch.of(bot.sync())
    for _ in range(REPEATS):
        floors.append(await watch.of(floor.read()))
        unchanged.append(await watch.of(bot.sync()))
    idle = await watch.of(bot.tick_all())
    return {
        "floor": median(one["cpu"] for one in floors),
        "alone": adapter["cpu"],
        "ingest": ingest["cpu"],
        "unchanged": median(one["cpu"] for one in unchanged),
        "seconds": median(one["seconds"] for one in unchanged),
        "writes": sum(one["writes"] for one in (*unchanged, idle)),
        "calls": sum(one["calls"] for one in (*unchanged, idle)),
        "requests": idle["requests"],
    }


async def _link(bot: Taskbell, connection: str, operators: list[str], user: str) -> None:
    ground = bot.ground
    now = ground.clock.now()
    for operator in operators:
        link = Link(connection, operator, user, "admin", "bench", now)
        await ground.db.write(partial(add_link, ground=ground, link=link))


async def main() -> None:
    spec = read_spec()
    with tempfile.TemporaryDirectory() as folder:
        tell(await measure(spec["world"], spec["provider"], Path(folder)))


if __name__ == "__main__":
    asyncio.run(main())
