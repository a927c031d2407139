"""Trouble on demand: an ASGI layer before a simulated service that breaks chosen requests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Trouble(StrEnum):
    """What happens to a request."""

    STATUS = "status"
    """Answer `status`, `headers` and `body` without doing anything."""
    DROP = "drop"
    """Cut the line before anything is done."""
    DROP_AFTER = "drop_after"
    """Do it, then cut the line: the client cannot know."""
    SLOW = "slow"
    """Wait `seconds`, or until the faults are cleared, then go on as usual."""
    HANG = "hang"
    """Answer nothing until the faults are cleared or the client goes away."""
    TRUNCATE = "truncate"
    """Do it and answer only the first half of the body, as if that were all."""
    TWICE = "twice"
    """Do it twice and answer once, as a proxy that repeats a request would."""


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the requests whose path contains `path` (and have `method`, if
    given, and of which `only` approves), `times` times; None means until cleared."""

    trouble: Trouble
    path: str = ""
    method: str | None = None
    times: int | None = 1
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    only: Callable[[str, str], bool] = lambda _method, _path: True

    def hits(self, method: str, path: str) -> bool:
        """Whether this fault applies to such a request now."""
        wanted = self.method is None or self.method == method
        return wanted and self.path in path and self.times != 0 and self.only(method, path)


class Faults:
    """The faults in force at one service: the first that matches strikes. What gets through meets
    the layers behind, one after the other, each with faults of its own."""

    def __init__(self, struck: Callable[[str, str], None] | None = None) -> None:
        """`struck` is told the method and path of each request that a fault strikes."""
        self._active: list[Fault] = []
        self._layers: list[Faults] = []
        self._cleared = asyncio.Event()
        self._struck = struck

    def layer(self, struck: Callable[[str, str], None]) -> Faults:
        """One more layer, behind all others."""
        self._layers.append(Faults(struck))
        return self._layers[-1]

    @property
    def layers(self) -> Sequence[Faults]:
        """These faults, and those that requests meet behind them."""
        return [self, *self._layers]

    @property
    def active(self) -> bool:
        """Whether a request may still be struck by these, the layers apart."""
        return any(fault.times != 0 for fault in self._active)

    def add(self, fault: Fault) -> Fault:
        self._active.append(fault)
        return fault

    def clear(self) -> None:
        """End all trouble, behind too; requests that wait go on as if nothing had been."""
        self._active.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()
        for layer in self._layers:
            layer.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for such a request, one use of it spent."""
        for fault in self._active:
            if fault.hits(method, path):
                if fault.times is not None:
                    fault.times -= 1
                if self._struck is not None:
                    self._struck(method, path)
                return fault
        return None

    async def until_cleared(self) -> None:
        await self._cleared.wait()


class LineCut(Exception):
    """Raised to make the server close the connection in the middle of an answer."""


class FaultGate:
    """ASGI middleware that applies `faults` and what is behind them to HTTP requests, and passes
    all else through."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http":
            for layer in reversed(self._faults.layers):
                app = _Layer(app, layer)
        await app(scope, receive, send)


class _Layer:
    """Applies one layer of faults to HTTP requests."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._faults.take(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
            return
        await self._apply(fault, scope, receive, send)

    async def _apply(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.trouble:
            case Trouble.STATUS:
                await _answer(send, fault.status, fault.headers, fault.body)
            case Trouble.DROP:
                await _cut(send)
            case Trouble.DROP_AFTER:
                await _collect(self._app, scope, receive)
                await _cut(send)
            case Trouble.SLOW:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(fault.seconds):
                        await self._faults.until_cleared()
                await self._app(scope, receive, send)
            case Trouble.HANG:
                await self._faults.until_cleared()
                await self._app(scope, receive, send)
            case Trouble.TRUNCATE:
                status, body = await _collect(self._app, scope, receive)
                kind = {"content-type": "application/json"}
                await _answer(send, status, kind, body[: len(body) // 2])
            case Trouble.TWICE:
                request = await _whole_request(receive)
                await _collect(self._app, scope, _replay(request))
                await self._app(scope, _replay(request), send)


async def _answer(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    raw = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _cut(send: Send) -> None:
    """Promise more bytes than are sent, then fail: the client sees a broken connection."""
    headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    raise LineCut


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, bytes]:
    status, chunks = 500, list[bytes]()

    async def capture(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app(scope, receive, capture)
    return status, b"".join(chunks)


async def _whole_request(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise LineCut
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
