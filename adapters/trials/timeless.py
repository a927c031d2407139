"""An event loop on which waiting takes no time, so that every pause can be waited for."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_Ready = list[tuple[selectors.SelectorKey, int]]


class _Skipping(selectors.DefaultSelector):
    """Where nothing is ready, the time until something is counts as passed."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> _Ready:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            self.skipped += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return super().time() + self._skipping.skipped


class Hanging(Exception):
    """The work does not come to an end."""


def expect_no_loop() -> None:
    """RuntimeError inside a running loop, where none of ours can run."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("the conformance suite brings its own event loop; call it from outside")


def run(work: Coroutine[Any, Any, T], patience: float) -> T:
    """Do the work; Hanging when it would have taken more than `patience` seconds."""

    async def bounded() -> T:
        try:
            async with asyncio.timeout(patience) as limit:
                return await work
        except TimeoutError:
            if limit.expired():
                raise Hanging("it waits for ever") from None
            raise

    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(bounded())
