"""Polls: what the bot adds to fetching the pages and checking them.

Each round has a process and a database of its own; the simulators answer from another process.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.children import ask, child
from bench.figures import Figure, at_most
from bench.scale import Scale

UNCHANGED_TIMES = 2.0
INGEST_TIMES = 4.0


def bench(scale: Scale) -> Iterator[Figure]:
    for provider in ("reten", "close"):
        with child("world", {provider: scale.tasks}) as world:
            spec = {"world": world.told, "provider": provider}
            found = [ask("poll", spec) for _ in range(min(scale.rounds, 3))]
        yield from _told(provider, scale.tasks, found)


def _told(provider: str, tasks: int, found: list[dict[str, float]]) -> Iterator[Figure]:
    def middle(what: str) -> float:
        return median(one[what] for one in found)

    def times(what: str, limit: float, title: str) -> Figure:
        return at_most(f"{provider}: {title}", middle(what), middle("floor"), limit, "ms")

    yield times("ingest", INGEST_TIMES, f"first ingest of {tasks:,}, CPU")
    yield times("unchanged", UNCHANGED_TIMES, f"poll of {tasks:,} unchanged, CPU")
    writes, calls = max(one["writes"] for one in found), max(one["calls"] for one in found)
    quiet = f"{writes:.0f} writes, {calls:.0f} calls"
    name = f"{provider}: poll of {tasks:,} unchanged, writes and calls"
    yield Figure(name, quiet, target="none", met=not writes and not calls)
    yield Figure(f"{provider}: the same, on the clock", f"{middle('seconds'):.1f} s")
