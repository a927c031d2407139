"""What arrives at Slack, before any trouble touches it, and how it was answered."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POST, HISTORY = "/api/chat.postMessage", "/api/conversations.history"
AT_ONCE = 0.05
"""Seconds within which a post stands that nothing delays. One that is slow may come to stand
between a look and the next attempt, for which nobody is to blame."""


@dataclass
class Arrival:
    """A request. `key`: of the message that it posts; `at`: seconds since 1970; `status`: None
    while it is unknown."""

    path: str
    key: str | None = None
    status: int | None = None
    at: float = field(default_factory=time.time)


class Arrivals:
    """ASGI middleware that notes posts and looks into conversations."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.seen: list[Arrival] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in (POST, HISTORY):
            await self._app(scope, receive, send)
            return
        arrival = Arrival(scope["path"])
        self.seen.append(arrival)
        body = b""

        async def heard() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            if arrival.key is None and arrival.path == POST and not message.get("more_body"):
                arrival.key = _key(body)
            return message

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                arrival.status = message["status"]
            await send(message)

        await self._app(scope, heard, answering)

    def blind(self, landed: Mapping[str, Sequence[float]]) -> list[str]:
        """The keys of messages that were posted again though they stood, and nobody had looked.
        `landed`: when messages came to stand, by key."""
        looks = [one.at for one in self.seen if one.path == HISTORY and one.status == 200]
        attempts: dict[str, list[float]] = {}
        for one in self.seen:
            if one.key is not None:
                attempts.setdefault(one.key, []).append(one.at)
        return [
            key
            for key, moments in attempts.items()
            for before, again in pairwise(moments)
            for stood in landed.get(key, ())
            if before <= stood <= min(before + AT_ONCE, again)
            and not any(stood <= look <= again for look in looks)
        ]


def _key(body: bytes) -> str | None:
    try:
        metadata = json.loads(body)["metadata"]
        return str(metadata["event_payload"]["key"])
    except (ValueError, KeyError):
        return None
