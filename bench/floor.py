"""The floor of a poll: fetching the pages that the adapter reads, and checking their rows.

It keeps to the adapters' pace: whoever sleeps between pages pays for waking up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
from aiolimiter import AsyncLimiter
from pydantic import TypeAdapter

from adapters import close_wire, pland_wire, reten_wire, vambe_wire
from adapters.http import PER_SECOND

PAGES: Mapping[str, tuple[str, Any]] = {
    "reten": ("/activities/tasks", reten_wire.Listing[reten_wire.Activity]),
    "close": ("/task/", close_wire.Listing[close_wire.TaskRow]),
    "vambe": ("/tasks", list[vambe_wire.TaskRow]),
    "pland": ("/tasks/", list[pland_wire.TaskRow]),
}
"""By provider: how the path of its listing of tasks ends, and what the adapter takes a page for."""


class Noting(httpx2.AsyncHTTPTransport):
    """Sends requests as usual, and notes them."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.noted.append(request)
        return await super().handle_async_request(request)


class Floor:
    """Asks again for the pages of tasks among these requests, with a bare client."""

    def __init__(self, provider: str, requests: Sequence[httpx2.Request]) -> None:
        path, kind = PAGES[provider]
        self._pages = [request for request in requests if request.url.path.endswith(path)]
        self._rows = TypeAdapter(kind)
        self._http = httpx2.AsyncClient()
        self._pace = AsyncLimiter(PER_SECOND, 1)

    async def read(self) -> None:
        """Fetch and check every page."""
        for page in self._pages:
            await self._pace.acquire()
            answer = await self._http.get(page.url, headers=page.headers)
            self._rows.validate_json(answer.content)

    async def close(self) -> None:
        """Give back the connections."""
        await self._http.aclose()
