"""Rows to write, and a writer to keep busy."""

from __future__ import annotations

import asyncio
import threading

from bot.store.database import Database, Tx

NAMES = "SELECT name FROM tick ORDER BY name"


def add(tx: Tx, name: str) -> None:
    tx.run("INSERT INTO tick (name, next_at) VALUES (:name, 0)", {"name": name})


async def names(db: Database) -> list[str]:
    return [row["name"] for row in await db.read(lambda tx: tx.rows(NAMES))]


class Held:
    """Keeps the writer busy, so that what is asked for meanwhile shares one batch."""

    def __init__(self, db: Database) -> None:
        self._begun, self._go = threading.Event(), threading.Event()
        self._first = asyncio.ensure_future(db.write(self._wait))

    def _wait(self, tx: Tx) -> None:
        self._begun.set()
        assert self._go.wait(10)

    async def begun(self) -> None:
        assert await asyncio.to_thread(self._begun.wait, 10)

    async def release(self) -> None:
        self._go.set()
        await self._first
