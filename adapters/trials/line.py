"""The line between an adapter and a simulation, on which anything can go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

PATIENCE = 600.0
"""Seconds that a request hangs before the transport itself gives up on it."""
HTML = b"<!doctype html><html><body>Down for maintenance</body></html>"


@dataclass(slots=True)
class Sent:
    """A request. `status`: the provider's answer to it, None while it has not got there."""

    method: str
    path: str
    query: str
    body: bytes
    is_write: bool
    status: int | None = None

    @property
    def landed(self) -> bool:
        """Whether the provider did what it asks."""
        return self.is_write and self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way back. `cut`: the line breaks in the middle of it."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


Carry = Callable[[], Awaitable[Reply]]
"""Brings the request to the provider."""
Trouble = Callable[[Carry], Awaitable[Reply]]
"""What happens to a request instead."""
Which = Callable[[Sent], bool]


class Endless(Exception):
    """The adapter asks and asks."""


@dataclass(slots=True)
class _Rule:
    which: Which
    trouble: Trouble
    skip: int
    times: int | None

    def takes(self, sent: Sent) -> bool:
        """Whether this request is meant, which counts."""
        if self.times == 0 or not self.which(sent):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Line(httpx2.AsyncBaseTransport):
    """A transport that ends in `app`. `searches`: paths where a POST only asks. `sent`: all
    requests so far, `most`: how many it takes."""

    def __init__(self, app: Any, searches: Collection[str] = (), most: int = 2_000) -> None:
        self._inner = httpx2.ASGITransport(app)
        self._searches = searches
        self._rules: list[_Rule] = []
        self.sent: list[Sent] = []
        self.most = most
        self.closed = 0

    def hit(self, which: Which, trouble: Trouble, *, skip: int = 0, times: int | None = 1) -> None:
        """Bring trouble to `times` such requests (None: to all), after `skip` of them."""
        self._rules.append(_Rule(which, trouble, skip, times))

    def clear(self) -> None:
        """End all trouble."""
        self._rules.clear()

    def landed(self) -> int:
        """How many writes the provider has carried out."""
        return sum(sent.landed for sent in self.sent)

    def writes(self) -> int:
        """How many writes were sent, wherever they ended."""
        return sum(sent.is_write for sent in self.sent)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        body = await request.aread()
        asks = request.method in {"GET", "HEAD"} or url.path in self._searches
        sent = Sent(request.method, url.path, url.query.decode("latin-1"), body, not asks)
        self.sent.append(sent)
        if len(self.sent) > self.most:
            raise Endless(f"it makes more than {self.most} requests")

        async def carry() -> Reply:
            response = await self._inner.handle_async_request(request)
            sent.status = response.status_code
            return Reply(response.status_code, await response.aread(), dict(response.headers))

        rule = next((rule for rule in self._rules if rule.takes(sent)), None)
        reply = await (rule.trouble(carry) if rule else carry())
        # A rewritten body has another length.
        headers = {k: v for k, v in reply.headers.items() if k.lower() != "content-length"}
        if reply.cut:
            return httpx2.Response(reply.status, headers=headers, stream=_Cut(reply.body))
        return httpx2.Response(reply.status, headers=headers, content=reply.body)

    async def aclose(self) -> None:
        self.closed += 1


class _Cut(httpx2.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[: len(self._body) // 2]
        raise httpx2.ReadError("cut")


# Which requests.


def anything(_: Sent) -> bool:
    return True


def is_write(sent: Sent) -> bool:
    return sent.is_write


# What happens to them.


def answers(status: int, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> Trouble:
    """Another answer; the provider never hears of the request."""

    async def trouble(_: Carry) -> Reply:
        return Reply(status, body, {"content-type": "application/json", **(headers or {})})

    return trouble


def web_page(_status: int = 200) -> Trouble:
    """A page for people, as proxies and maintenance give it, and nothing done."""
    return answers(_status, HTML, {"content-type": "text/html; charset=utf-8"})


async def unreachable(_: Carry) -> Reply:
    """No connection: the request never leaves."""
    raise httpx2.ConnectError("no route")


async def silence(_: Carry) -> Reply:
    """No answer; the provider never hears of the request."""
    await asyncio.sleep(PATIENCE)
    raise httpx2.ReadTimeout("too late")


async def silence_after(carry: Carry) -> Reply:
    """The provider does it and the answer never comes."""
    await carry()
    return await silence(carry)


async def cut_before(_: Carry) -> Reply:
    """The line breaks; the provider never hears of the request."""
    raise httpx2.ReadError("broken")


async def cut_after(carry: Carry) -> Reply:
    """The provider does it and the line breaks in the middle of the answer."""
    reply = await carry()
    return Reply(reply.status, reply.body, reply.headers, cut=True)


async def truncated(carry: Carry) -> Reply:
    """The provider does it; half of the answer comes, as if that were all."""
    reply = await carry()
    return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)


def rewritten(edit: Callable[[Any], Any]) -> Trouble:
    """The answer's JSON as `edit` returns it."""

    async def trouble(carry: Carry) -> Reply:
        reply = await carry()
        if not 200 <= reply.status < 300:
            return reply
        body = json.dumps(edit(json.loads(reply.body))).encode()
        return Reply(reply.status, body, reply.headers)

    return trouble


def meanwhile(act: Callable[[], object]) -> Trouble:
    """Something happens at the provider just before the request gets there."""

    async def trouble(carry: Carry) -> Reply:
        act()
        return await carry()

    return trouble
