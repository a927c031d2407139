"""The one place that knows the adapters by name: the built-in ones, and those of other packages.

A package adds one by an entry point in the group `taskbell.adapters` whose name is the adapter's
and whose object is an `AdapterSpec`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol

from pydantic import BaseModel

from adapters import close, pland, reten, vambe
from adapters.contract import Clock, Provider
from adapters.http import Transport

GROUP = "taskbell.adapters"


class Build(Protocol):
    """Makes a provider; its class itself will do. `transport` is the seam for tests."""

    def __call__(
        self, options: Any, clock: Clock, transport: Transport | None = None, /
    ) -> Provider: ...


@dataclass(frozen=True, slots=True)
class AdapterSpec:
    """How to make a provider. `title` is shown to people; `options` says what it needs and checks
    it; `poll_interval`: seconds between polls unless somebody sets another. `rig`: where the
    conformance suite finds the provider's simulation, as `module:name`."""

    name: str
    title: str
    options: type[BaseModel]
    build: Build
    poll_interval: float = 60.0
    rig: str | None = None


class UnknownAdapter(LookupError):
    """There is no adapter of this name, or its package does not deliver one."""


_BUILT_IN = {
    "reten": AdapterSpec(
        "reten", reten.TITLE, reten.RetenOptions, reten.Reten, rig="sandbox.rigs.reten:RetenRig"
    ),
    "close": AdapterSpec(
        "close", close.TITLE, close.CloseOptions, close.Close, rig="sandbox.rigs.close:CloseRig"
    ),
    "pland": AdapterSpec(
        "pland", pland.TITLE, pland.PlandOptions, pland.Pland, rig="sandbox.rigs.pland:PlandRig"
    ),
    "vambe": AdapterSpec(
        "vambe",
        vambe.TITLE,
        vambe.VambeOptions,
        vambe.Vambe,
        poll_interval=120.0,
        rig="sandbox.rigs.vambe:VambeRig",
    ),
}


def names() -> list[str]:
    """The names of all adapters that are installed."""
    return sorted({*_BUILT_IN, *_others()})


def find(name: str) -> AdapterSpec:
    """The adapter of this name; UnknownAdapter, naming the known ones. Loads no other, so that a
    broken package harms only those who use it. A built-in name can't be taken."""
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    other = _others().get(name)
    if other is None:
        raise UnknownAdapter(f"No adapter is named “{name}”; known are {', '.join(names())}.")
    try:
        spec = other.load()
    except Exception as error:
        raise UnknownAdapter(f"The adapter “{name}” can't be loaded: {error}.") from error
    if not isinstance(spec, AdapterSpec):
        raise UnknownAdapter(f"“{other.value}” of the adapter “{name}” is not an AdapterSpec.")
    return spec


def _others() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
