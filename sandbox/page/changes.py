"""Telling open pages that something has changed, so that they look again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.types import ASGIApp, Receive, Scope, Send

_TOGETHER = 0.02
"""Seconds in which changes that come together are told as one."""
_APART = 0.15
"""Seconds between two tellings: an app that polls changes something all the time."""
_STILL_HERE = 15.0
"""Seconds of quiet after which a line says that the connection lives."""


class Changes:
    """Counts changes and wakes whoever waits for the next one."""

    def __init__(self) -> None:
        self._revision = 0
        self._open = True
        self._next = asyncio.Event()

    def notify(self) -> None:
        """Something that a page shows has changed."""
        self._revision += 1
        self._wake()

    def close(self) -> None:
        """End all streams: the server goes down."""
        self._open = False
        self._wake()

    def reopen(self) -> None:
        """Serve streams again."""
        self._open = True

    async def stream(self) -> AsyncIterator[str]:
        """Server-sent events: one at once, then one after each change."""
        told = -1
        while self._open:
            if told == self._revision:
                yield ": still here\n\n"
            else:
                told = self._revision
                yield f"event: change\ndata: {told}\n\n"
                await asyncio.sleep(_APART)
            await self._after(told)

    async def _after(self, told: int) -> None:
        """Wait for news since `told`, but not for ever."""
        if self._open and told == self._revision:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_STILL_HERE):
                    await self._next.wait()
        await asyncio.sleep(_TOGETHER)

    def _wake(self) -> None:
        self._next.set()
        self._next = asyncio.Event()


class Watched:
    """ASGI middleware: whatever a service answers may have changed what the page shows."""

    def __init__(self, app: ASGIApp, changes: Changes) -> None:
        self._app = app
        self._changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            self._changes.notify()
