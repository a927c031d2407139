"""The simulators at a standing clock, and clients that speak to them as an adapter would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.reten import RetenSim
from sandbox.providers.vambe import VambeSim

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


@pytest.fixture
def vambe(clock: MovableClock) -> VambeSim:
    return VambeSim(clock)


@pytest.fixture
def maria(vambe: VambeSim) -> str:
    return str(vambe.add_member("Maria Rodriguez", "maria.rodriguez@company.com")["id"])


@pytest.fixture
async def vambe_client(vambe: VambeSim) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(vambe.app),
        base_url="http://vambe/api/public",
        headers={"x-api-key": vambe.key},
    ) as client:
        yield client


@pytest.fixture
def pland(clock: MovableClock) -> PlandSim:
    return PlandSim(clock)


@pytest.fixture
async def pland_client(pland: PlandSim) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(pland.app),
        base_url="http://pland/v2",
        headers={"x-API-Key": pland.key},
    ) as client:
        yield client
