"""What the adapters' tests share: a clock, no waiting between retries, simulated providers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import stamina

from sandbox.clock import MovableClock
from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.reten import RetenSim
from sandbox.providers.vambe import VambeSim


@pytest.fixture(autouse=True)
def _retries_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture(autouse=True)
def _no_sniffio(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not installed, and httpx2 would look for it twice with each request."""
    monkeypatch.setitem(sys.modules, "sniffio", None)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 4, 11, 10, tzinfo=UTC))


@pytest.fixture
def reten(clock: MovableClock) -> RetenSim:
    return RetenSim(clock)


@pytest.fixture
def crm(clock: MovableClock) -> CloseSim:
    return CloseSim(clock)


@pytest.fixture
def vambe(clock: MovableClock) -> Iterator[VambeSim]:
    """Whose documented surface no test may leave."""
    sim = VambeSim(clock)
    yield sim
    assert sim.violations == []


@pytest.fixture
def maria(vambe: VambeSim) -> str:
    """The id of a member of Vambe's team."""
    return str(vambe.add_member("Maria Rodriguez", "maria@example.com")["id"])


@pytest.fixture
def pland(clock: MovableClock) -> Iterator[PlandSim]:
    """A company whose documents every test keeps to."""
    sim = PlandSim(clock)
    yield sim
    assert sim.violations == []


@pytest.fixture
def vambe_row(vambe: VambeSim, maria: str) -> dict[str, Any]:
    """An open task of Maria's, in a Vambe of which all statuses can be seen."""
    for status in ("En Progreso", "Completado"):
        vambe.add_task("other", [vambe.key_owner["id"]], status=status)
    return vambe.add_task("Llamar cliente", [maria], datetime(2026, 4, 12, 17, 30, tzinfo=UTC))
