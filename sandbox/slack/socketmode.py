"""Socket Mode: the connections an app has open, and the envelopes that travel on them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.slack.limits import LIMITS


class SocketHub:
    """The open connections; envelopes are spread over them in turn."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._numbers = itertools.count(1)
        self._tickets: set[str] = set()
        self._sockets: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._swallow = 0
        self._changed = asyncio.Condition()

    @property
    def connected(self) -> int:
        """How many connections are open."""
        return len(self._sockets)

    def new_ticket(self) -> str:
        """The right to connect once."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    def swallow_next(self) -> None:
        """Lose the next envelope as a half-open connection does: sent, never received."""
        self._swallow += 1

    async def until(self, count: int) -> None:
        """Wait until exactly this many connections are open."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._sockets) == count)

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from hello to its end."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4001, "unknown ticket")
            return
        self._tickets.remove(ticket)
        await socket.accept()
        if len(self._sockets) >= LIMITS["socket.connections"]:
            await self._goodbye(socket, "too_many_websockets")
            return
        await self._add(socket)
        try:
            await self._listen(socket)
        finally:
            await self._remove(socket)

    async def _add(self, socket: WebSocket) -> None:
        count = len(self._sockets) + 1
        hello = {
            "type": "hello",
            "num_connections": count,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }
        await socket.send_text(json.dumps(hello))
        async with self._changed:
            self._sockets.append(socket)
            self._changed.notify_all()

    async def _remove(self, socket: WebSocket) -> None:
        async with self._changed:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._changed.notify_all()

    async def _listen(self, socket: WebSocket) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                self._acknowledge(await socket.receive_text())

    def _acknowledge(self, text: str) -> None:
        """Take an ack; anything else a client says is passed over, as Slack does."""
        try:
            message = json.loads(text)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        waiting = self._waiting.pop(str(message.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("payload"))

    async def deliver(self, kind: str, payload: Any, extra: dict[str, Any]) -> Any:
        """Send an envelope on the next connection and wait for the payload of its ack. Lost on
        the way, it ends as a time-out at once: nobody gains by waiting."""
        if self._swallow:
            self._swallow -= 1
            raise TimeoutError
        envelope_id = f"envelope-{next(self._numbers)}"
        socket = self._sockets.pop(0)
        self._sockets.append(socket)
        acknowledged = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **extra,
        }
        try:
            await socket.send_text(json.dumps(envelope))
            return await acknowledged
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str) -> None:
        """Tell every client to go (`warning` only announces it), then hang up."""
        for socket in list(self._sockets):
            if reason == "warning":
                await _say_disconnect(socket, reason)
                continue
            await self._remove(socket)
            await self._goodbye(socket, reason)

    async def close(self) -> None:
        """Hang up on everybody without a word, as a server that goes down."""
        for socket in list(self._sockets):
            await self._remove(socket)
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(1001)

    async def _goodbye(self, socket: WebSocket, reason: str) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await _say_disconnect(socket, reason)
            await socket.close(1000)


async def _say_disconnect(socket: WebSocket, reason: str) -> None:
    message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
    await socket.send_text(json.dumps(message))
