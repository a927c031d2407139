"""The simulated Close against the vendor's own client: what that understands, ours will."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from closeio_api import API, APIError, ValidationError

from sandbox.faults import Fault, Trouble
from sandbox.providers.close import CloseSim
from sandbox.serve import serving


@contextmanager
def vendor(base_url: str, key: str) -> Iterator[Any]:
    """The vendor's client; its session is closed, which it has no way to do by itself."""
    api = API(f"{base_url}/api/v1/", key, tz_offset=-8, max_retries=3)
    with closing(api.session):
        yield api


@pytest.fixture
async def api(close: CloseSim) -> AsyncIterator[Any]:
    async with serving(close.app) as base_url:
        with vendor(base_url, close.key) as client:
            yield client


async def test_listing_with_paging(close: CloseSim, api: Any) -> None:
    made = [close.add_task(f"Task {number}")["id"] for number in range(7)]

    def walk() -> list[str]:
        found: list[str] = []
        while True:
            query = {"_skip": len(found), "_limit": 3, "is_complete": False}
            page = api.get("task", params=query | {"_order_by": "date_created"})
            found += [task["id"] for task in page["data"]]
            if not page["has_more"]:
                return found

    assert await asyncio.to_thread(walk) == made
    assert len(close.requests) == 3
    assert close.violations == []


async def test_get_complete_create_delete(close: CloseSim, api: Any) -> None:
    lead = close.add_lead("Acme")
    task = close.add_task("Call", None, lead, "2026-11-22")["id"]

    def work() -> tuple[Any, Any, Any, Any]:
        body = {"_type": "lead", "lead_id": lead["id"], "text": "New", "date": "2026-11-23"}
        got = api.get(f"task/{task}")
        done = api.put(f"task/{task}", {"is_complete": True})
        return got, done, api.post("task", body), api.delete(f"task/{task}")

    got, done, created, deleted = await asyncio.to_thread(work)
    assert (got["text"], got["view"]) == ("Call", "inbox")
    assert (done["is_complete"], done["object_type"]) == (True, "taskcompleted")
    assert (created["lead_name"], created["view"]) == ("Acme", "future")
    assert deleted == {}
    assert close.violations == []


async def test_errors_as_the_client_reads_them(close: CloseSim, api: Any) -> None:
    with pytest.raises(ValidationError) as invalid:
        await asyncio.to_thread(api.post, "task", {"lead_id": "wibble", "text": "x"})
    assert invalid.value.field_errors == {"lead": "Object does not exist."}
    assert invalid.value.errors == []
    with pytest.raises(APIError) as missing:
        await asyncio.to_thread(api.get, "task/task_gone")
    assert missing.value.response.status_code == 404
    close.revoke_key()
    with pytest.raises(APIError) as refused:
        await asyncio.to_thread(api.get, "me")
    assert refused.value.response.status_code == 401


async def test_it_waits_as_told_when_limited(
    close: CloseSim, api: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The client keeps the whole seconds of the reset only, so 0.6 means: at once."""
    caplog.set_level(logging.DEBUG)
    limited = {"RateLimit": "limit=100, remaining=0, reset=0.6"}
    close.faults.add(Fault(Trouble.STATUS, "/me/", status=429, headers=limited))
    me = await asyncio.to_thread(api.get, "me")
    assert me["id"] == close.key_owner["id"]
    assert [request.status for request in close.requests] == [429, 200]
    assert "Request was rate limited, sleeping 0 seconds" in caplog.text


async def test_an_enforced_limit_exhausts_its_patience(close: CloseSim, api: Any) -> None:
    close.rate_limit.enforce(1, 0.5)
    await asyncio.to_thread(api.get, "me")
    with pytest.raises(APIError) as limited:
        await asyncio.to_thread(api.get, "me")
    assert limited.value.response.status_code == 429
    assert [request.status for request in close.requests] == [200, 429, 429, 429]
