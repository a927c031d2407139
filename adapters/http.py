"""One HTTP client for every provider: time-outs, retries, pace, rate limits, errors by name.

Reads are repeated a little, writes never: whether a failed write may have landed is told by
`Unavailable.ambiguous`. Texts of errors hold no query, no body, no key; a refusal carries the
provider's own message, cleared of the key should it echo one.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import Annotated
from urllib.parse import urlsplit

import httpx2
import stamina
from pydantic import AfterValidator, SecretStr

from adapters.contract import Clock, RateLimited, Unavailable
from adapters.limits import Limits
from adapters.pace import Pace
from adapters.refusals import Passing, refusal

Transport = httpx2.AsyncBaseTransport
Params = Mapping[str, str | int | Sequence[str]]
"""A query; a list is sent as the same name over and over."""

PER_SECOND = 20.0
"""Requests that we allow ourselves where an adapter says nothing else."""
CONNECT_TIMEOUT = 5.0
"""Seconds for a connection to come about."""

_NEVER_LEFT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_PASSING = (httpx2.NetworkError, httpx2.ProtocolError, httpx2.ConnectTimeout)


def _checked_base_url(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ValueError("must be an address such as https://api.example.com")
    if parts.username or parts.password or parts.port == 0:
        raise ValueError("must not hold a user name, a password, or port 0")
    return value.strip().rstrip("/")


def _checked_key(value: SecretStr) -> SecretStr:
    key = value.get_secret_value().strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("must be one word of printable ASCII characters")
    return SecretStr(key)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we believe, read once for all connections: it takes a twentieth of a second."""
    return httpx2.create_ssl_context()


BaseUrl = Annotated[str, AfterValidator(_checked_base_url)]
"""An http(s) address without a trailing slash."""
ApiKey = Annotated[SecretStr, AfterValidator(_checked_key)]
"""A key that fits into a header, freed of stray spaces."""


class Client:
    """One account's connection pool at one provider. Any method may raise a `ProviderError`.

    `name` stands in the texts of errors. `timeout`: seconds for a whole request, `per_second`:
    our own ceiling of requests. `transport` and `sleep` are the seams for tests.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        clock: Clock,
        *,
        headers: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
        timeout: float = 20.0,
        per_second: float = PER_SECOND,
        transport: Transport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        # At INFO httpx2 writes every address with its query, and so people's and customers' ids.
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        self.name = name
        self._clock = clock
        self._timeout = timeout
        self._secrets = [*(headers or {}).values(), *(basic or ())]
        self._pace = Pace(per_second)
        self._limits = Limits(name, clock, sleep)
        self._http = httpx2.AsyncClient(
            base_url=base_url,
            headers={"accept": "application/json", "user-agent": "taskbell", **(headers or {})},
            auth=basic,
            timeout=httpx2.Timeout(timeout, connect=min(CONNECT_TIMEOUT, timeout)),
            follow_redirects=False,
            transport=transport,
            verify=_trusted(),
        )

    async def get(self, path: str, params: Params | None = None) -> bytes:
        """The body of a 2xx answer; tried up to three times while the trouble looks passing."""
        return await self._read("GET", path, params=params)

    async def search(self, path: str, body: Mapping[str, object]) -> bytes:
        """Ask by a POST that changes nothing; tried as `get` is."""
        return await self._read("POST", path, body=body)

    async def post(self, path: str, body: Mapping[str, object]) -> bytes:
        """Write once; the body of a 2xx answer."""
        return await self._send("POST", path, body=body)

    async def put(self, path: str, body: Mapping[str, object]) -> bytes:
        """Write once; the body of a 2xx answer."""
        return await self._send("PUT", path, body=body)

    async def patch(self, path: str, body: Mapping[str, object]) -> bytes:
        """Write once; the body of a 2xx answer."""
        return await self._send("PATCH", path, body=body)

    async def delete(self, path: str) -> bytes:
        """Remove once; the body of a 2xx answer."""
        return await self._send("DELETE", path)

    async def close(self) -> None:
        """Give back the connections."""
        await self._http.aclose()

    async def _read(
        self,
        method: str,
        path: str,
        params: Params | None = None,
        body: Mapping[str, object] | None = None,
    ) -> bytes:
        async for attempt in stamina.retry_context(
            on=Passing, attempts=3, timeout=None, wait_initial=0.2, wait_max=2.0, wait_jitter=0.3
        ):
            with attempt:
                return await self._send(method, path, params, body, write=False)
        raise AssertionError("stamina always returns or raises")

    async def _send(
        self,
        method: str,
        path: str,
        params: Params | None = None,
        body: Mapping[str, object] | None = None,
        *,
        write: bool = True,
    ) -> bytes:
        # Close limits by "endpoint group", which it explains as path and class of method.
        group = f"{method} {path.partition('/')[0]}"
        await self._limits.take(group)
        await self._pace.take()
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._http.request(method, path, params=params, json=body)
        except (httpx2.HTTPError, TimeoutError) as error:
            failure = self._failure(error, write=write)
        else:
            self._limits.told(group, response.headers)
            return self._body(response, group, write=write)
        # Raised out here: the library's error holds the request with its key.
        raise failure

    def _failure(self, error: Exception, *, write: bool) -> Unavailable:
        kind = Passing if isinstance(error, _PASSING) else Unavailable
        if isinstance(error, httpx2.ConnectTimeout):
            text = f"{self.name} can't be reached (time-out after {CONNECT_TIMEOUT:g} s)."
        elif isinstance(error, (TimeoutError, httpx2.TimeoutException)):
            text = f"{self.name} is not answering (time-out after {self._timeout:g} s)."
        elif isinstance(error, httpx2.ConnectError):
            text = f"{self.name} can't be reached."
        else:
            text = f"The connection to {self.name} broke."
        return kind(text, ambiguous=write and not isinstance(error, _NEVER_LEFT))

    def _body(self, response: httpx2.Response, group: str, *, write: bool) -> bytes:
        if not response.is_success:
            error = refusal(
                self.name,
                response.status_code,
                response.headers,
                response.content,
                now=self._clock.now(),
                write=write,
                secrets=self._secrets,
            )
            if isinstance(error, RateLimited):
                self._limits.refused(group, error.retry_after)
            raise error
        if write and "html" in response.headers.get("content-type", ""):
            # A web page that says 200 is a proxy or a login form; the write is anyone's guess.
            raise Unavailable(f"{self.name} answered with a web page.", ambiguous=True)
        return response.content
