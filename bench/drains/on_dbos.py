"""A child: deliveries as workflows of DBOS, on PostgreSQL, each with one step."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from dbos import DBOS, DBOSClient

from bench.drains.work import AT_ONCE, Drain, jobs, main, post, slack_at

QUEUE = "deliveries"
POLL_SECONDS = 0.005
"""How often its queue looks for work: a second, if it is not told otherwise."""

LOOK_SECONDS = 0.05
VERSION = "bench"


class _Slack:
    """The client, connected in the loop that uses it first: DBOS runs workflows in its own."""

    def __init__(self, sink: str) -> None:
        self._sink = sink
        self._stack = AsyncExitStack()
        self._entering = asyncio.Lock()
        self._client: Any = None

    async def post(self, job: dict[str, Any]) -> tuple[str, str]:
        async with self._entering:
            if self._client is None:
                self._client, _ = await self._stack.enter_async_context(slack_at(self._sink))
        return await post(self._client, job)


class OnDbos(Drain):
    async def fill(self) -> None:
        await asyncio.to_thread(self._fill)

    def _fill(self) -> None:
        self._launch([])
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_SECONDS)
        DBOS.destroy()
        client = DBOSClient(system_database_url=self.database)
        options: Any = {"queue_name": QUEUE, "workflow_name": "deliver", "app_version": VERSION}
        for job in jobs(self.count):
            client.enqueue(options | {"workflow_id": job["key"]}, job)
        client.destroy()

    async def drain(self) -> None:
        await asyncio.to_thread(self._launch, [QUEUE])
        self.begin()
        while await asyncio.to_thread(self._undone):  # noqa: ASYNC110 - only the database knows
            await asyncio.sleep(LOOK_SECONDS)

    async def recorded(self) -> int:
        return await asyncio.to_thread(self._recorded)

    def _recorded(self) -> int:
        client = DBOSClient(system_database_url=self.database)
        found = client.list_workflows(status="SUCCESS", load_input=False, load_output=False)
        client.destroy()
        return len(found)

    def _launch(self, queues: list[str]) -> None:
        DBOS(
            config={
                "name": "bench",
                "system_database_url": self.database,
                "application_version": VERSION,
                "executor_id": "bench",
                "log_level": "CRITICAL",
            }
        )
        slack = _Slack(self.sink)

        async def step(job: dict[str, Any]) -> tuple[str, str]:
            return await slack.post(job)

        posted = DBOS.step(name="post")(step)

        async def deliver(job: dict[str, Any]) -> tuple[str, str]:
            found: tuple[str, str] = await posted(job)
            return found

        DBOS.workflow(name="deliver")(deliver)
        DBOS.listen_queues(queues)
        DBOS.launch()

    @staticmethod
    def _undone() -> bool:
        undone = ["PENDING", "ENQUEUED"]
        return bool(DBOS.list_workflows(status=undone, limit=1, load_input=False))


if __name__ == "__main__":
    main(OnDbos)
