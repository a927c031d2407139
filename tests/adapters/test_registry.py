"""Adapters by name, ours and other packages'."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import registry
from adapters.reten import Reten
from sandbox.clock import MovableClock

MODULE = """
from adapters.close import Close, CloseOptions
from adapters.registry import AdapterSpec

ACME = AdapterSpec("acme", "Acme", CloseOptions, Close, 120)
NONE = object()
"""
POINTS = """[taskbell.adapters]
acme = acme_adapter:ACME
odd = acme_adapter:NONE
absent = acme_adapter:MISSING
gone = no_such_module:ACME
torn = torn_adapter:ACME
reten = acme_adapter:ACME
"""


@pytest.fixture
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package with adapters of its own, one of them under a built-in name."""
    (tmp_path / "acme_adapter.py").write_text(MODULE)
    (tmp_path / "torn_adapter.py").write_text("raise ZeroDivisionError('torn')")
    about = tmp_path / "acme_adapter-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-adapter\nVersion: 1\n")
    (about / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))


async def test_the_built_in_ones_are_built_from_checked_options(clock: MovableClock) -> None:
    for name, title, seconds in (
        ("reten", "Reten", 60),
        ("close", "Close", 60),
        ("vambe", "Vambe", 120),
    ):
        spec = registry.find(name)
        assert (spec.name, spec.title, spec.poll_interval) == (name, title, seconds)
        provider = spec.build(spec.options.model_validate({"api_key": "k"}), clock)
        await provider.close()


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(registry.UnknownAdapter, match=r"“hubspot”; known are close, .*vambe"):
        registry.find("hubspot")


@pytest.mark.usefixtures("_package")
def test_a_package_adds_adapters_but_takes_no_name() -> None:
    assert registry.find("acme").poll_interval == 120
    assert registry.find("reten").build is Reten
    names = registry.names()
    assert {"absent", "acme", "close", "gone", "odd", "reten"} <= set(names)
    assert names == sorted(set(names))


@pytest.mark.usefixtures("_package")
@pytest.mark.parametrize(
    ("name", "words"),
    [("odd", "not an AdapterSpec"), ("absent", "MISSING"), ("gone", "no_such"), ("torn", "torn")],
)
def test_a_broken_package_is_named(name: str, words: str) -> None:
    with pytest.raises(registry.UnknownAdapter, match=words):
        registry.find(name)
