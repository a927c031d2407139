"""The client: pace, pauses, retries, time-outs, and what each refusal is called."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest
from hypothesis import example, given, strategies as st
from pydantic import BaseModel, ValidationError
from structlog.testing import capture_logs

from adapters import contract as c
from adapters.http import ApiKey, BaseUrl, Client
from adapters.refusals import LONGEST_RETRY_AFTER, budget, refusal, retry_after
from sandbox.clock import MovableClock
from sandbox.faults import Fault, FaultGate, Faults, Trouble
from sandbox.serve import serving

KEY = "sk_very_secret"
NOW = datetime(2026, 4, 11, 10, tzinfo=UTC)
Handler = Callable[[httpx2.Request], httpx2.Response]


def client(handler: Handler, clock: MovableClock, naps: list[float] | None = None) -> Client:
    async def nap(seconds: float) -> None:
        assert naps is not None, "no wait was expected"
        naps.append(seconds)
        clock.advance(timedelta(seconds=seconds))

    return Client(
        "Acme",
        "https://acme.test/v1",
        clock,
        headers={"x-api-key": KEY},
        transport=httpx2.MockTransport(handler),
        sleep=nap,
    )


def always(status: int, **kwargs: object) -> Handler:
    return lambda _: httpx2.Response(status, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, c.Malformed),
        (400, c.Rejected),
        (401, c.Unauthorized),
        (402, c.Rejected),
        (403, c.Unauthorized),
        (404, c.NotFound),
        (405, c.Rejected),
        (408, c.Unavailable),
        (409, c.Conflict),
        (410, c.NotFound),
        (415, c.Rejected),
        (422, c.Rejected),
        (429, c.RateLimited),
        (500, c.Unavailable),
        (503, c.Unavailable),
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "put"])
async def test_a_status_is_named_by_what_to_do_next(
    clock: MovableClock, status: int, kind: type[Exception], method: str
) -> None:
    acme = client(
        always(status, text="Forbidden", headers={"location": "https://evil.test"}), clock
    )
    with pytest.raises(kind) as caught:
        await (acme.get("x") if method == "get" else getattr(acme, method)("x", {}))
    assert KEY not in str(caught.value)
    if isinstance(caught.value, c.Unavailable):
        assert caught.value.ambiguous is (method != "get")


async def test_a_redirect_is_not_followed(clock: MovableClock) -> None:
    hosts = list[str]()

    def handler(request: httpx2.Request) -> httpx2.Response:
        hosts.append(request.url.host)
        return httpx2.Response(307, headers={"location": "https://evil.test/"})

    with pytest.raises(c.Malformed):
        await client(handler, clock).get("x")
    assert hosts == ["acme.test"]


@pytest.mark.parametrize(
    ("body", "message", "fields"),
    [
        (
            {"statusCode": 400, "message": ["a is bad", "b too"], "error": "x"},
            "a is bad; b too",
            {},
        ),
        ({"errors": [], "field-errors": {"lead": "Gone."}}, "lead: Gone.", {"lead": "Gone."}),
        ({"errors": ["Source lead does not exist."]}, "Source lead does not exist.", {}),
        ({"message": "An error", "errors": [{"message": "No title"}, {}]}, "No title", {}),
        ({"message": "There was an error", "errors": []}, "There was an error", {}),
        ({"error": {"message": "slow\ndown"}}, "slow down", {}),
        ({"error": f"the key {KEY} is odd"}, "the key … is odd", {}),
        ({"field-errors": {"date": {"day": ["no"]}}}, "date: no", {"date": "no"}),
        (["odd"], "status 400", {}),
        ({"message": 5}, "status 400", {}),
    ],
)
async def test_a_refusal_says_what_the_provider_said(
    clock: MovableClock, body: object, message: str, fields: dict[str, str]
) -> None:
    with pytest.raises(c.Rejected) as caught:
        await client(always(400, json=body), clock).post("x", {})
    assert str(caught.value) == f"Acme refused it: {message}"
    assert caught.value.fields == fields


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit": "limit=100, remaining=0, reset=0.6", "retry-after": "9"}, 1),
        ({"RateLimit": "limit=100, remaining=50, reset=5"}, 5),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "1.2"}, 2),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=12), usegmt=True)}, 12),
        ({"Retry-After": format_datetime(NOW - timedelta(hours=1), usegmt=True)}, 0),
        ({"RateLimit-Reset": "4"}, 4),
        ({"Retry-After": "soon"}, 2),
        ({"Retry-After": "nan"}, 2),
        ({"Retry-After": "9" * 400}, 60),
        ({}, 2),
    ],
)
def test_how_long_a_429_asks_to_wait(headers: dict[str, str], seconds: int) -> None:
    told = retry_after(httpx2.Headers(headers), NOW)
    assert seconds <= told <= min(seconds + 0.25, LONGEST_RETRY_AFTER)


@example({"retry-after": "0\x1f"})
@given(st.dictionaries(st.sampled_from(["ratelimit", "retry-after", "ratelimit-reset"]), st.text()))
def test_no_header_breaks_the_waiting(headers: dict[str, str]) -> None:
    assert 0 <= retry_after(headers, NOW) <= LONGEST_RETRY_AFTER
    assert budget(headers) is None or headers


@given(st.binary(), st.integers(300, 599))
def test_no_body_breaks_a_refusal(raw: bytes, status: int) -> None:
    error = refusal("Acme", status, {}, raw, now=NOW, write=True, secrets=[KEY])
    assert isinstance(error, c.ProviderError)


@pytest.mark.parametrize("echoed", ["12345678:abcdef123456", "abcdef123456", "12345678"])
def test_neither_a_key_nor_its_half_is_echoed(echoed: str) -> None:
    raw = f'{{"message": "key {echoed} may not", "errors": []}}'.encode()
    secrets = ["12345678:abcdef123456", "", "a:b"]
    error = refusal("Acme", 400, {}, raw, now=NOW, write=True, secrets=secrets)
    assert str(error) == "Acme refused it: key … may not"


def test_a_deep_body_breaks_no_refusal() -> None:
    raw = b"[" * 100_000
    assert "status 400" in str(refusal("A", 400, {}, raw, now=NOW, write=True, secrets=[]))


async def test_a_spent_limit_pauses_its_own_group_only(clock: MovableClock) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        spent = {"RateLimit": "limit=100, remaining=0, reset=2.5"}
        return httpx2.Response(200, headers=spent if request.url.path == "/v1/task/" else {})

    naps = list[float]()
    acme = client(handler, clock, naps)
    await acme.get("task/")
    await acme.get("user/")
    await acme.put("task/1/", {})
    assert naps == []
    await acme.get("task/")
    assert naps == [3]


async def test_a_long_pause_is_left_to_the_caller(clock: MovableClock) -> None:
    answers = [httpx2.Response(429, headers={"Retry-After": "30"}), httpx2.Response(200)]
    acme = client(lambda _: answers.pop(0), clock)
    with pytest.raises(c.RateLimited) as first:
        await acme.get("task/")
    with pytest.raises(c.RateLimited) as second:
        await acme.get("task/")
    assert second.value.retry_after == pytest.approx(first.value.retry_after)
    assert len(answers) == 1
    clock.advance(timedelta(seconds=first.value.retry_after))
    await acme.get("task/")


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_read_tries_three_times_and_a_write_once(clock: MovableClock, status: int) -> None:
    answers = [httpx2.Response(status), httpx2.Response(status), httpx2.Response(200, text="ok")]
    acme = client(lambda _: answers.pop(0), clock)
    assert await acme.get("x") == b"ok"
    answers = [httpx2.Response(status), httpx2.Response(200, text="found")]
    assert await acme.search("x", {}) == b"found"
    answers = [httpx2.Response(status), httpx2.Response(200)]
    with pytest.raises(c.Unavailable) as caught:
        await acme.post("x", {})
    assert caught.value.ambiguous
    assert len(answers) == 1


async def test_a_search_changes_nothing(clock: MovableClock) -> None:
    acme = client(lambda _: httpx2.Response(500), clock)
    with pytest.raises(c.Unavailable) as caught:
        await acme.search("x", {})
    assert not caught.value.ambiguous


@pytest.mark.parametrize(
    ("error", "ambiguous", "words"),
    [
        (httpx2.ConnectError, False, "can't be reached."),
        (httpx2.ConnectTimeout, False, "can't be reached (time-out after 5 s)."),
        (httpx2.PoolTimeout, False, "is not answering (time-out after 20 s)."),
        (httpx2.ReadTimeout, True, "is not answering (time-out after 20 s)."),
        (httpx2.ReadError, True, "broke."),
        (httpx2.RemoteProtocolError, True, "broke."),
        (httpx2.DecodingError, True, "broke."),
    ],
)
async def test_a_failed_write_tells_whether_it_may_have_landed(
    clock: MovableClock, error: type[Exception], ambiguous: bool, words: str
) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise error(f"{KEY} {request.url}")

    acme = client(handler, clock)
    with pytest.raises(c.Unavailable) as write:
        await acme.post("x", {})
    with pytest.raises(c.Unavailable) as read:
        await acme.get("x", {"person": "42"})
    assert (write.value.ambiguous, read.value.ambiguous) == (ambiguous, False)
    assert str(write.value).endswith(words)
    for caught in (write.value, read.value):
        assert caught.__cause__ is None
        assert KEY not in repr(caught.__context__)


async def test_the_whole_request_has_a_time_out(clock: MovableClock) -> None:
    async def drip(request: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    transport = httpx2.MockTransport(drip)
    acme = Client("Acme", "https://acme.test", clock, timeout=0.01, transport=transport)
    with pytest.raises(c.Unavailable, match=r"not answering \(time-out after 0\.01 s\)"):
        await acme.get("x")


async def test_a_web_page_does_not_confirm_a_write(clock: MovableClock) -> None:
    acme = client(always(200, html="<h1>Log in</h1>"), clock)
    with pytest.raises(c.Unavailable) as caught:
        await acme.post("x", {})
    assert caught.value.ambiguous


async def test_cut_lines_and_cancelled_calls_leave_the_pool_healthy(clock: MovableClock) -> None:
    async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    faults = Faults()
    async with serving(FaultGate(app, faults)) as url:
        acme = Client("Acme", url, clock, per_second=10_000)
        faults.add(Fault(Trouble.DROP, times=2))
        assert await acme.get("x") == b"ok"
        faults.add(Fault(Trouble.DROP_AFTER))
        with pytest.raises(c.Unavailable) as caught:
            await acme.post("x", {})
        assert caught.value.ambiguous
        faults.add(Fault(Trouble.HANG, times=None))
        for _ in range(3):
            calls = [asyncio.create_task(acme.get("x")) for _ in range(50)]
            await asyncio.sleep(0.02)
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
        faults.clear()
        assert await asyncio.gather(*(acme.get("x") for _ in range(100))) == [b"ok"] * 100
        await acme.close()


async def test_no_address_and_no_key_is_logged(
    clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [httpx2.Response(503), httpx2.Response(200)]
    acme = client(lambda _: answers.pop(0), clock)
    with caplog.at_level(logging.INFO), capture_logs() as logs:
        await acme.get("x", {"external_commerce_id": "COM-001"})
    assert len(logs) == 1
    for told in (caplog.text, str(logs)):
        assert "COM-001" not in told
        assert KEY not in told


async def test_a_refused_port_is_not_ambiguous(clock: MovableClock, unused_tcp_port: int) -> None:
    acme = Client("Acme", f"http://127.0.0.1:{unused_tcp_port}", clock)
    with pytest.raises(c.Unavailable, match="can't be reached") as caught:
        await acme.post("x", {})
    assert not caught.value.ambiguous
    await acme.close()


class Options(BaseModel):
    api_key: ApiKey = ApiKey.__origin__("k")  # type: ignore[attr-defined]
    base_url: BaseUrl = "https://acme.test"


@pytest.mark.parametrize("key", ["", "  ", "ключ", "two words", "line\nbreak"])
def test_a_key_that_fits_no_header_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        Options(api_key=key)


@pytest.mark.parametrize(
    "url",
    ["", "acme.test", "ftp://acme.test", "https://", "https://u:p@acme.test", "https://a/?b=c"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Options(base_url=url)


def test_stray_spaces_and_slashes_are_dropped() -> None:
    options = Options(api_key=" k ", base_url=" https://acme.test/v1// ")
    assert options.api_key.get_secret_value() == "k"
    assert options.base_url == "https://acme.test/v1"
    assert json.loads(options.model_dump_json())["api_key"] == "**********"
