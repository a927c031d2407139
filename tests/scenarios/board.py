"""An adapter as another package may bring it: a whiteboard whose pushes have no ids."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import datetime

from pydantic import BaseModel

from adapters import contract as c
from adapters.http import Transport
from adapters.registry import AdapterSpec

ME = c.Operator("op-1", name="Ben")
PROOF = "the board's own"


class BoardOptions(BaseModel):
    """`push`: how the board calls."""

    push: c.Push


class Board(c.Provider):
    """Lists what has changed; all that is on it are too many to be listed often."""

    def __init__(
        self, options: BoardOptions, clock: c.Clock, transport: Transport | None = None
    ) -> None:
        self.capabilities = c.Capabilities(incremental=True, push=options.push)
        self._clock = clock
        self._changed: dict[str, datetime] = {}
        self.pinned: dict[str, c.Task] = {}
        self.looked_up: list[str] = []
        self.calls = ""
        """The address that it was asked to call."""
        for number in range(5):
            self.pin(f"old-{number}", f"Old task {number}")

    def pin(self, task_id: str, title: str) -> None:
        self.pinned[task_id] = c.Task(task_id, title, operators=(ME,))
        self._changed[task_id] = self._clock.now()

    async def check(self) -> c.Account:
        return c.Account("Board")

    async def tasks(
        self, people: Collection[str], since: datetime | None = None
    ) -> AsyncIterator[c.Page]:
        for task_id, task in list(self.pinned.items()):
            if since is None or self._changed[task_id] >= since:
                yield c.Page([task])

    async def lookup(self, task: c.Task) -> c.Task | None:
        self.looked_up.append(task.id)
        return self.pinned.get(task.id)

    async def offer(self) -> c.Offer:
        return c.Offer((c.Outcome("done", "Done"),))

    async def submit(
        self, task: c.Task, change: c.Change, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        raise c.Unsupported("Nobody answers here.")

    async def subscribe(self, url: str, held: c.Subscription | None) -> c.Subscription:
        self.calls = url
        return held or c.Subscription("the-call", PROOF)

    def read_push(self, push: c.PushRequest, held: c.Subscription) -> c.Pushed:
        if push.headers.get("x-proof") != held.secret:
            raise c.Unauthorized("This is not the board's.")
        return c.Pushed(tasks=tuple(push.body.decode().split()))

    async def close(self) -> None:
        """Nothing is open."""


SPEC = AdapterSpec("board", "Board", BoardOptions, Board)
