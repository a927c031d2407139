"""What every simulated provider shares: the request line, the record of it, the key, the faults.

A simulator answers synchronously from its own state; everything around that (reading the body,
recording, trouble on demand) is here. Nothing in a recorded request is a secret: headers are left
out.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.clock import Clock
from sandbox.faults import FaultGate, Faults, LineCut
from sandbox.providers.traffic import Recorded, Traffic

Record = dict[str, Any]


class Breakage(StrEnum):
    """How a page of a listing is broken."""

    HTML = "html"
    """An HTML page with status 200, as a proxy or a maintenance page gives."""
    TRUNCATED = "truncated"
    """JSON that ends in the middle."""
    MISSING_ID = "missing_id"
    """The first item of the page has no id."""
    WRONG_TYPES = "wrong_types"
    """Fields of the first item hold values of other types."""
    UNKNOWN_ENUM = "unknown_enum"
    """The first item has values that no documented list names."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a simulator reads it; header names are in lower case."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    raw: bytes

    @property
    def is_json(self) -> bool:
        """Whether the content type says JSON."""
        kind = self.headers.get("content-type", "").partition(";")[0]
        return kind.strip().lower() == "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a simulator answers."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


def as_json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON answer."""
    return Reply(status, encode(value), headers or {})


def encode(value: Any) -> bytes:
    """JSON bytes as the providers send them: compact, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Refusal(Exception):
    """Raised where a request is refused; carries the answer.

    `blameless` says that a client that keeps to the documents can come here.
    """

    def __init__(self, reply: Reply, blameless: bool = False) -> None:
        super().__init__(reply.status)
        self.reply = reply
        self.blameless = blameless


class ProviderSim(ABC):
    """A simulated provider with one account and one key.

    `app` is the ASGI service, `requests` what reached it, `traffic` the same for people to look
    at, `violations` a sentence for each request outside the documented surface, `faults` the
    trouble it is in.
    `when_key_refused` is told the method and path of each request that the revoked key cost.
    """

    posted_reads: ClassVar[frozenset[str]] = frozenset()
    """Paths that only read, though one posts to them."""

    def __init__(self, clock: Clock, key: str) -> None:
        self.clock = clock
        self.key = key
        self.requests: list[Recorded] = []
        self.traffic = Traffic()
        self.violations: list[str] = []
        self.faults = Faults()
        self.app: ASGIApp = _Recorder(FaultGate(self._serve, self.faults), self)
        self.key_revoked = False
        self.when_key_refused: Callable[[str, str], None] | None = None
        self._broken_pages: dict[int, Breakage] = {}

    def revoke_key(self) -> None:
        """Refuse the key from now on, as after its deletion by an administrator."""
        self.key_revoked = True

    def restore_key(self) -> None:
        """Accept the key again."""
        self.key_revoked = False

    def key_is_good(self, presented: str) -> bool:
        """Whether `presented` opens the account now."""
        return presented == self.key and not self.key_revoked

    def break_page(self, kind: Breakage | str, page: int = 1) -> None:
        """Break the given page (from 1) of every task listing until `mend_pages`."""
        self._broken_pages[page] = Breakage(kind)

    def mend_pages(self) -> None:
        """Serve whole pages again."""
        self._broken_pages.clear()

    def breakage(self, page: int) -> Breakage | None:
        """How the given page is broken at present."""
        return self._broken_pages.get(page)

    def note(self, call: Call, what: str) -> None:
        """Record that a request leaves the documented surface."""
        self.violations.append(f"{call.method} {call.path} {what}.")

    def is_write(self, method: str, path: str) -> bool:
        """Whether such a request changes something."""
        return method != "GET" and path not in self.posted_reads

    @abstractmethod
    def answer(self, call: Call) -> Reply:
        """Do what the request asks and answer it; may raise `Refusal`."""

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = Call(
            scope["method"],
            scope["path"],
            parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True),
            {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            await _read(receive),
        )
        try:
            reply = self.answer(call)
        except Refusal as refusal:
            reply = refusal.reply
        if self.key_revoked and reply.status == HTTPStatus.UNAUTHORIZED and self.when_key_refused:
            self.when_key_refused(call.method, call.path)
        headers = {"content-type": reply.media_type, "content-length": str(len(reply.body))}
        headers |= {name.lower(): value for name, value in reply.headers.items()}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        await send({"type": "http.response.body", "body": reply.body})


class ShownSim(ProviderSim):
    """A simulated provider that the page shows and breaks."""

    title: ClassVar[str]
    """What people call it."""

    @property
    @abstractmethod
    def revision(self) -> int:
        """Another one whenever a task, or what hangs on it, has changed."""

    @abstractmethod
    def too_many(self, retry_after: int) -> Reply:
        """What refuses a request for `retry_after` seconds, because there were too many."""


class _Recorder:
    """Notes each request before any fault touches it, and what went back."""

    def __init__(self, app: ASGIApp, sim: ProviderSim) -> None:
        self._app = app
        self._sim = sim

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        raw = await _read(receive)
        record = Recorded(
            scope["method"],
            scope["path"],
            parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True),
            _readable(raw),
            self._sim.clock.now(),
        )
        self._sim.requests.append(record)
        self._sim.traffic.begin(record)
        status: int | None = None
        answer: list[bytes] = []

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                answer.append(message.get("body", b""))
            await send(message)

        async def replay() -> Message:
            return {"type": "http.request", "body": raw, "more_body": False}

        try:
            await self._app(scope, replay, watch)
            record.status = status
        finally:
            wrote = self._sim.is_write(record.method, record.path)
            self._sim.traffic.end(record, b"".join(answer), wrote=wrote)


def _readable(raw: bytes) -> Any:
    """The body for the record: parsed JSON, else its text, else nothing."""
    if not raw:
        return None
    text = raw.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


async def _read(receive: Receive) -> bytes:
    """The whole body; a request whose client went away in the middle of it is no request."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise LineCut
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
