"""The simulators at a standing clock, and clients that speak to them as an adapter would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.providers.close import CloseSim
from sandbox.providers.reten import RetenSim

SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(SUNDAY_NOON)


@pytest.fixture
def reten(clock: MovableClock) -> RetenSim:
    return RetenSim(clock)


@pytest.fixture
def close(clock: MovableClock) -> CloseSim:
    return CloseSim(clock)


@pytest.fixture
async def reten_client(reten: RetenSim) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(reten.app),
        base_url="http://reten/api/integration",
        headers={"x-api-key": reten.key},
    ) as client:
        yield client


@pytest.fixture
async def close_client(close: CloseSim) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(close.app),
        base_url="http://close/api/v1",
        auth=(close.key, ""),
    ) as client:
        yield client
