"""What arrives at Slack, before any trouble touches it, and how it was answered."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POST, HISTORY = "/api/chat.postMessage", "/api/conversations.history"
NOT_DONE = 429
"""The one answer after which a post surely does not stand."""


@dataclass
class Arrival:
    """A request. `key`: of the message that it posts; `status`: None while it is unknown, and
    where the line was cut."""

    path: str
    key: str | None = None
    status: int | None = None


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

    def blind(self) -> list[str]:
        """The keys of messages that were posted again though nobody had looked whether they
        stand."""
        found = []
        unclear: dict[str, bool] = defaultdict(bool)
        for arrival in self.seen:
            if arrival.path == HISTORY:
                if arrival.status == 200:
                    unclear.clear()
            elif arrival.key is not None:
                if unclear[arrival.key]:
                    found.append(arrival.key)
                unclear[arrival.key] = arrival.status != NOT_DONE
        return found


def _key(body: bytes) -> str | None:
    try:
        metadata = json.loads(body)["metadata"]
        return str(metadata["event_payload"]["key"])
    except (ValueError, KeyError):
        return None
