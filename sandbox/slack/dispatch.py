"""Brings what people do to the app: signed over HTTP, or through an open socket."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import httpx2
from starlette.types import ASGIApp

from sandbox.clock import Clock
from sandbox.slack.limits import LIMITS
from sandbox.slack.model import Json
from sandbox.slack.socketmode import SocketHub


class Kind(StrEnum):
    """What is delivered; each is wrapped in its own way. The values are those of Socket Mode."""

    INTERACTIVE = "interactive"
    COMMAND = "slash_commands"
    EVENT = "events_api"


@dataclass(frozen=True, slots=True)
class Retry:
    """That an event comes again, for the how-manieth time and why."""

    number: int
    reason: str = "http_timeout"


class Fate(StrEnum):
    """What becomes of an envelope on its way."""

    LOST = "lost"
    """It never reaches the app, and Slack has no answer."""
    TWICE = "twice"
    """It reaches the app twice at once; Slack takes the first one's answer."""
    LATE = "late"
    """It reaches the app once Slack has given up on it."""


@dataclass(frozen=True, slots=True, eq=False)
class Accident:
    """What befalls the next envelope of which `only` approves, once; `struck` is told of it."""

    fate: Fate
    only: Callable[[Kind, Json], bool] = lambda _kind, _payload: True
    struck: Callable[[Json], None] = lambda _payload: None


def is_deed(kind: Kind, payload: Json) -> bool:
    """Whether somebody did this with intent: typing into a menu and looking at a tab are no
    deeds, and events are none of theirs."""
    return kind is not Kind.EVENT and payload.get("type") != "block_suggestion"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one envelope."""

    kind: Kind
    payload: Json
    via: str
    """`http`, `socket`, `lost` when it never left, `late` when it leaves only now, or
    `unsubscribed` when it was an event that the app did not ask for."""
    status: int | None
    """The HTTP status; 200 for an ack over a socket; None when there was no answer."""
    body: str
    took: float
    """Seconds until the answer came, or until Slack gave up."""
    timed_out: bool = False

    @property
    def ok(self) -> bool:
        """Whether the app answered in time and as it must."""
        return self.status == 200

    def json(self) -> Any:
        """The answer as JSON; None when it is empty or something else."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def sign(secret: str, timestamp: str, body: str) -> str:
    """The v0 signature of a request to an app."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Dispatcher:
    """Delivers envelopes and waits for the app's answer, for `answer_within` seconds."""

    def __init__(self, signing_secret: str, clock: Clock, hub: SocketHub) -> None:
        self._target: str | None = None
        self._app: ASGIApp | None = None
        self.answer_within = float(LIMITS["answer.seconds"])
        self.accidents: list[Accident] = []
        """What befalls the next envelopes, the first that fits first."""
        self._late: set[asyncio.Task[Delivery]] = set()
        self._under_way = 0
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._secret = signing_secret
        self._clock = clock
        self._hub = hub
        self._client: httpx2.AsyncClient | None = None

    def aim(self, target: str, app: ASGIApp | None) -> None:
        """Deliver to this request URL from now on, within this process if `app` is given."""
        self._target, self._app = target, app

    @property
    def reachable(self) -> bool:
        """Whether there is an app to deliver to."""
        return self._target is not None or self._hub.connected > 0

    async def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Delivery:
        """Deliver one envelope."""
        # What people do later must not change what was sent.
        payload = json.loads(json.dumps(payload))
        fate = self._fate(kind, payload)
        if fate is Fate.LOST:
            return Delivery(kind, payload, "lost", None, "", 0.0)
        if fate is Fate.TWICE:
            twins = (self._bring(kind, payload, retry) for _ in range(2))
            first, _ = await asyncio.gather(*twins)
            return first
        if fate is Fate.LATE:
            return await self._be_late(kind, payload, retry)
        return await self._bring(kind, payload, retry)

    async def settled(self) -> None:
        """Wait until nothing is on its way: a signature is good for minutes of the clock that it
        was made by, and that may be moved."""
        await self._at_rest.wait()

    async def aclose(self) -> None:
        """Let go of the network, and of what is late."""
        for late in self._late:
            late.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _fate(self, kind: Kind, payload: Json) -> Fate | None:
        for accident in self.accidents:
            if accident.only(kind, payload):
                self.accidents.remove(accident)
                accident.struck(payload)
                return accident.fate
        return None

    async def _be_late(self, kind: Kind, payload: Json, retry: Retry | None) -> Delivery:
        """Give up on it first, then bring it."""
        await asyncio.sleep(self.answer_within)
        late = asyncio.create_task(self._bring(kind, payload, retry))
        self._late.add(late)
        late.add_done_callback(self._late.discard)
        return Delivery(kind, payload, "late", None, "", self.answer_within, timed_out=True)

    async def _bring(self, kind: Kind, payload: Json, retry: Retry | None) -> Delivery:
        # The app works in real time, whatever the workspace's clock says.
        start, via = time.monotonic(), "socket" if self._hub.connected else "http"
        status, body, timed_out = None, "", False
        self._count(1)
        try:
            async with asyncio.timeout(self.answer_within):
                if via == "socket":
                    status, body = 200, await self._by_socket(kind, payload, retry)
                else:
                    status, body = await self._by_http(kind, payload, retry)
        except TimeoutError:
            timed_out = True
        except httpx2.TransportError as broken:
            body = f"{type(broken).__name__}: {broken}"
        finally:
            self._count(-1)
        took = time.monotonic() - start
        return Delivery(kind, payload, via, status, body, took, timed_out)

    def _count(self, more: int) -> None:
        self._under_way += more
        (self._at_rest.clear if self._under_way else self._at_rest.set)()

    async def _by_socket(self, kind: Kind, payload: Json, retry: Retry | None) -> str:
        extra: Json = {}
        if kind is Kind.EVENT:
            extra["retry_attempt"] = retry.number if retry else 0
            extra["retry_reason"] = retry.reason if retry else ""
        answer = await self._hub.deliver(kind, payload, extra)
        return "" if answer is None else json.dumps(answer)

    async def _by_http(self, kind: Kind, payload: Json, retry: Retry | None) -> tuple[int, str]:
        if self._target is None:
            raise RuntimeError("no request URL: call deliver_to(), or connect a socket")
        body, content_type = _wrapped(kind, payload)
        headers = self.signed(body) | {"content-type": content_type}
        if retry is not None:
            headers |= {
                "x-slack-retry-num": str(retry.number),
                "x-slack-retry-reason": retry.reason,
            }
        request = httpx2.Request("POST", self._target, content=body, headers=headers)
        if self._app is None:
            answer = await self._outside().send(request)
        else:
            within = httpx2.ASGITransport(self._app, raise_app_exceptions=False)
            answer = await within.handle_async_request(request)
            await answer.aread()
        return answer.status_code, answer.text

    def _outside(self) -> httpx2.AsyncClient:
        if self._client is None:
            # No connection is kept: the app may be restarted between two envelopes.
            limits = httpx2.Limits(max_keepalive_connections=0)
            self._client = httpx2.AsyncClient(limits=limits, timeout=None, trust_env=False)
        return self._client

    def signed(self, body: str) -> dict[str, str]:
        """The headers by which an app knows that a body comes from Slack."""
        timestamp = str(int(self._clock.now().timestamp()))
        return {
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": sign(self._secret, timestamp, body),
        }


def _wrapped(kind: Kind, payload: Json) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if kind is Kind.EVENT:
        return json.dumps(payload), "application/json"
    if kind is Kind.COMMAND:
        return urlencode(payload), form
    return urlencode({"payload": json.dumps(payload)}), form
