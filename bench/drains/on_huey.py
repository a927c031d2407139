"""A child: deliveries as tasks of huey, on SQLite, each durable before the next step."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from huey import SqliteHuey
from huey.consumer import Consumer
from huey.signals import SIGNAL_COMPLETE

from bench.drains.work import AT_ONCE, Drain, jobs, main, post, slack_at

LOOK_SECONDS = 0.005
QUICK = {"initial_delay": 0.005, "max_delay": 0.02, "periodic": False}
"""How often idle workers look for work."""


class OnHuey(Drain):
    def __init__(self, spec: dict[str, Any]) -> None:
        super().__init__(spec)
        logging.getLogger("huey").setLevel(logging.CRITICAL)
        self._huey = SqliteHuey("bench", filename=self.database, fsync=True, timeout=30)
        self._done = 0
        self._huey.signal(SIGNAL_COMPLETE)(self._count)

    async def fill(self) -> None:
        deliver = self._huey.task(name="deliver")(_done_elsewhere)
        for job in jobs(self.count):
            deliver(job)

    async def drain(self) -> None:
        loop = asyncio.get_running_loop()
        async with slack_at(self.sink) as (slack, _):
            # Its workers are threads: they lend the client from our loop.
            self._huey.task(name="deliver")(
                lambda job: asyncio.run_coroutine_threadsafe(post(slack, job), loop).result()
            )
            consumer = Consumer(self._huey, workers=AT_ONCE, **QUICK)
            waiting = self._huey.pending_count()
            self.begin()
            consumer.start()
            while self._done < waiting:  # noqa: ASYNC110 - threads count
                await asyncio.sleep(LOOK_SECONDS)
            await asyncio.to_thread(consumer.stop, graceful=True)

    async def recorded(self) -> int:
        return int(self._huey.result_count())

    def _count(self, *_: Any) -> None:
        self._done += 1


def _done_elsewhere(_: dict[str, Any]) -> None:
    raise AssertionError("nothing is done where the queue is filled")


if __name__ == "__main__":
    main(OnHuey)
