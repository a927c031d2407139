"""Polls: what an adapter, and the bot with it, add to fetching the pages and checking them.

Each round has a process and a database of its own; the simulators answer from another process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from statistics import median

from bench.accounts import MAKE, PEOPLE
from bench.children import ask, child
from bench.figures import Figure, at_most
from bench.scale import Scale

ALONE_TIMES = 3.0
INGEST_TIMES = 3.0
UNCHANGED_TIMES = 2.0


def pages(rows: int, size: int) -> int:
    return max(-(-rows // size), 1)


UNAVOIDABLE: Mapping[str, Callable[[int], int]] = {
    # No call takes two statuses.
    "reten": lambda tasks: pages(tasks - pages(tasks, 20), 100) + pages(pages(tasks, 20), 100),
    # What has changed; what was removed shows in the whole listing alone.
    "close": lambda tasks: 1 + (pages(tasks, 100) if pages(tasks, 100) <= 3 else 0),
    "vambe": lambda _: pages(PEOPLE, 50),
    # An empty page alone tells the end.
    "pland": lambda tasks: pages(tasks, 1000) + 1,
}
"""Requests of a poll that finds nothing new, by the number of open tasks: docs/bench.md."""


def bench(scale: Scale) -> Iterator[Figure]:
    for provider in MAKE:
        with child("world", {provider: scale.tasks}) as world:
            spec = {"world": world.told, "provider": provider}
            found = [ask("poll", spec) for _ in range(min(scale.rounds, 3))]
        yield from _told(provider, scale.tasks, found)


def _told(provider: str, tasks: int, found: list[dict[str, float]]) -> Iterator[Figure]:
    def middle(what: str) -> float:
        return median(one[what] for one in found)

    def times(what: str, limit: float, title: str) -> Figure:
        return at_most(f"{provider}: {title}", middle(what), middle("floor"), limit, "ms")

    yield times("alone", ALONE_TIMES, f"{tasks:,} tasks read by the adapter alone, CPU")
    yield times("ingest", INGEST_TIMES, f"first ingest of {tasks:,}, CPU")
    yield times("unchanged", UNCHANGED_TIMES, f"poll of {tasks:,} unchanged, CPU")
    writes, calls = max(one["writes"] for one in found), max(one["calls"] for one in found)
    quiet = f"{writes:.0f} writes, {calls:.0f} calls"
    name = f"{provider}: poll of {tasks:,} unchanged, writes and calls"
    yield Figure(name, quiet, target="none", met=not writes and not calls)
    asked, least = max(one["requests"] for one in found), UNAVOIDABLE[provider](tasks)
    name = f"{provider}: requests of an idle cycle"
    yield Figure(name, f"{asked:.0f}", target=f"<= {least}", met=asked <= least)
    yield Figure(f"{provider}: a whole poll, on the clock", f"{middle('seconds'):.1f} s")
