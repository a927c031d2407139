"""A child: deliveries as jobs of procrastinate, on PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

from bench.drains.work import AT_ONCE, Drain, jobs, main, post, slack_at
from bot.slack.client import SlackClient

POSTED = "CREATE TABLE posted (key TEXT PRIMARY KEY, channel TEXT NOT NULL, ts TEXT NOT NULL)"
RECORD = "INSERT INTO posted VALUES (%(key)s, %(channel)s, %(ts)s) ON CONFLICT DO NOTHING"
"""It keeps no results: what a job finds is for its task to keep."""

UNDONE = "SELECT COUNT(*) AS n FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
LOOK_SECONDS = 1.0


class OnProcrastinate(Drain):
    def __init__(self, spec: dict[str, Any]) -> None:
        super().__init__(spec)
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)

    async def fill(self) -> None:
        async with self._opened() as (app, deliver):
            await app.schema_manager.apply_schema_async()
            await app.connector.execute_query_async(POSTED)
            await deliver.batch_defer_async(*jobs(self.count))

    async def drain(self) -> None:
        async with slack_at(self.sink) as (slack, _), self._opened(slack) as (app, _):
            self.begin()
            while True:
                await app.run_worker_async(wait=False, concurrency=AT_ONCE)
                if not (await app.connector.execute_query_one_async(UNDONE))["n"]:
                    return
                # Of a worker that died, as its documentation shows it.
                await asyncio.sleep(LOOK_SECONDS)
                await _retry_stalled(app.job_manager)

    async def recorded(self) -> int:
        async with self._opened() as (app, _):
            row = await app.connector.execute_query_one_async("SELECT COUNT(*) AS n FROM posted")
            return int(row["n"])

    @asynccontextmanager
    async def _opened(
        self, slack: SlackClient | None = None
    ) -> AsyncIterator[tuple[App, Task[..., Any, Any]]]:
        app = App(connector=PsycopgConnector(conninfo=self.database, max_size=AT_ONCE + 2))

        async def deliver(**job: Any) -> None:
            assert slack is not None
            channel, ts = await post(slack, job)
            found = {"key": job["key"], "channel": channel, "ts": ts}
            await app.connector.execute_query_async(RECORD, **found)

        async with app.open_async():
            yield app, app.task(name="deliver")(deliver)


async def _retry_stalled(manager: JobManager) -> None:
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


if __name__ == "__main__":
    main(OnProcrastinate)
