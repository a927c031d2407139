"""A child: the CPU time of one connection's polls, beside that of fetching and checking alone.

Only this process's CPU is counted, that of all its threads; waiting for the adapter's pace costs
none. The floor uses the adapter's own HTTP client and wire model on the very same pages.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from pydantic import TypeAdapter

from adapters import close, close_wire, reten, reten_wire
from adapters.close import CloseOptions
from adapters.http import Client
from adapters.reten import RetenOptions
from bench.bot_process import get_json
from bench.children import read_spec, tell
from bot.app import Taskbell, open_taskbell
from bot.connections import ConnectionSettings
from bot.domain.clock import SystemClock
from bot.linking import add_link
from bot.settings import Settings
from bot.store.people import Link

UNHURRIED = 1e6
"""Requests a second: the floor need not wait, which makes it lower if anything."""

REPEATS = 3
"""How often the floor and the unchanged poll are measured, in turn; the medians count."""

Floor = Callable[[], Awaitable[int]]


def reten_floor(options: RetenOptions) -> tuple[Client, Floor]:
    """The pages of the open tasks of a tenant."""
    listing = TypeAdapter(reten_wire.Listing[reten_wire.Activity])
    headers = {"x-api-key": options.api_key.get_secret_value()}
    base = f"{options.base_url}/api/integration"
    client = Client("Reten", base, SystemClock(), headers=headers, per_second=UNHURRIED)

    async def fetch() -> int:
        rows = 0
        for status in reten.OPEN_STATUSES:
            page, last = 1, 1
            while page <= last:
                params: dict[str, str | int] = {"status": status, "per_page": 100, "page": page}
                found = listing.validate_json(await client.get("activities/tasks", params))
                rows += len(found.data)
                last = (found.meta and found.meta.total_pages) or 0
                page += 1
        return rows

    return client, fetch


def close_floor(options: CloseOptions) -> tuple[Client, Floor]:
    """The pages of the open tasks of an organization."""
    listing = TypeAdapter(close_wire.Listing[close_wire.TaskRow])
    basic = (options.api_key.get_secret_value(), "")
    client = Client(close.TITLE, options.base_url, SystemClock(), basic=basic, per_second=UNHURRIED)

    async def fetch() -> int:
        rows, more = 0, True
        while more:
            params: dict[str, str | int] = {
                "_type__in": ",".join(options.types),
                "_order_by": "date_created",
                "is_complete": "false",
                "_limit": 100,
                "_skip": rows,
            }
            found = listing.validate_json(await client.get("task/", params))
            rows, more = rows + len(found.data), found.has_more
        return rows

    return client, fetch


class Watch:
    """What happens in a stretch of work: CPU, time, writes by others, calls of Slack."""

    def __init__(self, database: Path, control: str) -> None:
        self._control = control
        self._beside = sqlite3.connect(database)

    async def of(self, work: Awaitable[object]) -> dict[str, float]:
        gc.collect()
        calls, version = self._calls(), self._version()
        clock, cpu = time.perf_counter(), time.process_time()
        await work
        return {
            "cpu": (time.process_time() - cpu) * 1000,
            "seconds": time.perf_counter() - clock,
            "writes": self._version() - version,
            "calls": self._calls() - calls,
        }

    def close(self) -> None:
        self._beside.close()

    def _version(self) -> int:
        """Moves when another connection has changed the database."""
        (version,) = self._beside.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _calls(self) -> int:
        return int(get_json(f"{self._control}/asked")["slack"])


async def measure(world: dict[str, Any], provider: str, folder: Path) -> dict[str, float]:
    where = {"api_key": world[provider]["key"], "base_url": world[provider]["url"]}
    options: RetenOptions | CloseOptions
    if provider == "reten":
        options = RetenOptions.model_validate(where)
        client, floor = reten_floor(options)
    else:
        options = CloseOptions.model_validate(where)
        client, floor = close_floor(options)
    settings = Settings(
        slack_bot_token=world["token"],
        slack_signing_secret=world["secret"],
        slack_api_url=world["slack"],
        database_url=f"sqlite:///{folder}/taskbell.db",
        connections=(ConnectionSettings(name=provider, provider=provider, options=options),),
    )
    async with open_taskbell(settings, SystemClock(), owner=True) as bot:
        if provider == "reten":
            await _link(bot, world["user"])
        with closing(Watch(settings.database_path, world["control"])) as watch:
            found = await _rounds(bot, watch, floor)
    await client.close()
    return found


async def _rounds(bot: Taskbell, watch: Watch, floor: Floor) -> dict[str, float]:
    """A pass is a whole poll and everything that it makes due."""
    await floor()  # the models are built, the connection is open
    floors = [await watch.of(floor())]
    ingest = await watch.of(bot.sync())
    unchanged = []
    for _ in range(REPEATS):
        floors.append(await watch.of(floor()))
        unchanged.append(await watch.of(bot.sync()))
    return {
        "floor": median(one["cpu"] for one in floors),
        "ingest": ingest["cpu"],
        "unchanged": median(one["cpu"] for one in unchanged),
        "seconds": median(one["seconds"] for one in unchanged),
        "writes": sum(one["writes"] for one in unchanged),
        "calls": sum(one["calls"] for one in unchanged),
    }


async def _link(bot: Taskbell, user: str) -> None:
    ground = bot.ground
    link = Link("reten", "OP-042", user, "admin", "bench", ground.clock.now())
    await ground.db.write(lambda tx: add_link(tx, ground, link))


async def main() -> None:
    spec = read_spec()
    with tempfile.TemporaryDirectory() as folder:
        tell(await measure(spec["world"], spec["provider"], Path(folder)))


if __name__ == "__main__":
    asyncio.run(main())
