"""The gate before Bolt: what is forged, stale, oversized or broken never gets through it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.request_body import MAX_BYTES
from bot.slack.gate import MAX_AGE_SECONDS, Gate
from sandbox.clock import MovableClock
from sandbox.slack.dispatch import sign

SECRET = "the-signing-secret"
NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
EVENT = json.dumps({"type": "event_callback"}).encode()


class Behind:
    """What lies behind the gate, and the bodies that reached it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        assert not message["more_body"]
        self.bodies.append(message["body"])
        await PlainTextResponse("welcome")(scope, receive, send)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
async def http(behind: Behind, clock: MovableClock) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=Gate(behind, SECRET, clock))
    async with httpx2.AsyncClient(transport=transport, base_url="http://bot.test") as client:
        yield client


def headers(
    body: bytes, at: datetime = NOW, secret: str = SECRET, kind: str = JSON
) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {
        "content-type": kind,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": sign(secret, stamp, body.decode()),
    }


async def status(http: httpx2.AsyncClient, body: bytes, **changes: str | bytes | None) -> int:
    """The answer to a well-signed request with changed (or, None, missing) headers."""
    sent: dict[str, str | bytes] = {**headers(body)}
    for name, value in changes.items():
        if value is None:
            del sent[name.replace("_", "-")]
        else:
            sent[name.replace("_", "-")] = value
    raw = [(k, v if isinstance(v, bytes) else v.encode()) for k, v in sent.items()]
    return (await http.post("/", content=body, headers=raw)).status_code  # type: ignore[arg-type]


async def test_a_fresh_signed_request_passes_unchanged(
    http: httpx2.AsyncClient, behind: Behind
) -> None:
    assert await status(http, EVENT) == 200
    assert behind.bodies == [EVENT]


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "v0=",
        "v0=" + "0" * 64,
        "v1=" + sign(SECRET, str(int(NOW.timestamp())), EVENT.decode())[3:],
        sign("another secret", str(int(NOW.timestamp())), EVENT.decode()),
        sign(SECRET, str(int(NOW.timestamp())), EVENT.decode()).upper(),
        sign(SECRET, str(int(NOW.timestamp())), EVENT.decode() + " "),
        "v0=ñandú".encode(),
        b"v0=\xff\xfe\xfd",
        "v0=" + "f" * 5000,
    ],
)
async def test_a_forged_signature_is_refused(
    http: httpx2.AsyncClient, behind: Behind, signature: str | bytes | None
) -> None:
    assert await status(http, EVENT, x_slack_signature=signature) == 401
    assert behind.bodies == []


@pytest.mark.parametrize(
    "stamp",
    [
        None, "", "now", "-1", "+1776240000", "1e9", "1776240000.0", " ", "0x69", "nan",
        "9" * 12, "9" * 400, "²", "١٢٣".encode(), b"\xff",
    ],
)  # fmt: skip
async def test_a_time_stamp_that_is_none_is_refused(
    http: httpx2.AsyncClient, behind: Behind, stamp: str | bytes | None
) -> None:
    """Even where it is signed with the right secret."""
    body = EVENT.decode()
    signature = None if stamp is None else (
        sign(SECRET, stamp, body) if isinstance(stamp, str) else sign(SECRET, "?", body)
    )  # fmt: skip
    said = await status(
        http, EVENT, x_slack_request_timestamp=(
            stamp.encode() if isinstance(stamp, str) else stamp
        ), x_slack_signature=signature,
    )  # fmt: skip
    assert said == 401
    assert behind.bodies == []


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, 200),
        (MAX_AGE_SECONDS - 1, 200),
        (MAX_AGE_SECONDS + 1, 401),
        (-MAX_AGE_SECONDS + 1, 200),
        (-MAX_AGE_SECONDS - 1, 401),
        (86_400, 401),
    ],
)
async def test_a_request_is_good_for_five_minutes_by_our_clock(
    http: httpx2.AsyncClient, behind: Behind, clock: MovableClock, age: int, expected: int
) -> None:
    clock.set(NOW + timedelta(seconds=age))
    assert await status(http, EVENT) == expected
    assert len(behind.bodies) == (expected == 200)


async def test_a_recorded_request_cannot_be_given_a_new_time(http: httpx2.AsyncClient) -> None:
    later = str(int(NOW.timestamp()) + 60)
    assert await status(http, EVENT, x_slack_request_timestamp=later) == 401


async def test_what_is_larger_than_any_payload_is_refused_before_it_is_read(
    http: httpx2.AsyncClient, behind: Behind
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b"x" * 65_536

    answer = await http.post("/", content=endless(), headers=headers(b"x"))
    assert answer.status_code == 413
    exact = b'{"a":"' + b"x" * (MAX_BYTES - 8) + b'"}'
    assert len(exact) == MAX_BYTES
    assert await status(http, exact) == 200
    assert await status(http, exact + b" ") == 413
    assert len(behind.bodies) == 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, b""),
        (JSON, b"{"),
        (JSON, b"[]"),
        (JSON, b'"text"'),
        (JSON, b"null"),
        (JSON, b"[" * 100_000),
        (FORM, b""),
        (FORM, b"payload="),
        (FORM, b"payload=%7B"),
        (FORM, b"payload=%5B%5D"),
        (FORM, b"payload=" + b"%5B" * 100_000),
        (FORM, b"nothing=here"),
        (FORM, b"&".join(b"a=1" for _ in range(500)) + b"&command=x"),
        ("", b"{}"),
    ],
)
async def test_what_is_signed_but_no_payload_is_400(
    http: httpx2.AsyncClient, behind: Behind, kind: str, body: bytes
) -> None:
    answer = await http.post("/", content=body, headers=headers(body, kind=kind))
    assert answer.status_code == 400
    assert behind.bodies == []


async def test_bytes_that_are_no_text_are_400(http: httpx2.AsyncClient, behind: Behind) -> None:
    body, stamp = b'{"a": "\xff"}', str(int(NOW.timestamp()))
    signed = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    sent = headers(b"") | {"x-slack-signature": f"v0={signed.hexdigest()}"}
    assert (await http.post("/", content=body, headers=sent)).status_code == 400
    assert behind.bodies == []


@pytest.mark.parametrize(
    "fields",
    [{"payload": "{}"}, {"command": "/tasks", "text": ""}, {"ssl_check": "1", "token": "x"}],
)
async def test_every_form_of_slack_passes(
    http: httpx2.AsyncClient, behind: Behind, fields: dict[str, str]
) -> None:
    body = urlencode(fields).encode()
    answer = await http.post("/", content=body, headers=headers(body, kind=FORM))
    assert answer.status_code == 200
    assert behind.bodies == [fields["payload"].encode() if "payload" in fields else body]


@pytest.mark.parametrize("text", ["a=b", "50%3D", "1+1 & 2", "é\r\n\t", "=0A=\n", "x" * 2000])
async def test_a_payload_reaches_bolt_as_it_was_written(
    http: httpx2.AsyncClient, behind: Behind, text: str
) -> None:
    payload = json.dumps({text: [text]}, ensure_ascii=False)
    body = urlencode({"payload": payload}).encode()
    answer = await http.post("/", content=body, headers=headers(body, kind=FORM))
    assert answer.status_code == 200
    assert behind.bodies == [payload.encode()]
