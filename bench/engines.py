"""Engines: deliveries drained a second by the bot, beside job queues that do the same work.

Each has so many cards waiting, durably; it claims one, renders it, posts it to a sink that answers
at once, and records durably that and where it stands: sixteen at a time, in one process, on a
database that waits for the disk. The bot does it with its own dispatch, delivery and store. Then
each is killed in the middle, started again, and what it lost or posted twice is counted.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.bot_process import get_json, until
from bench.children import Child, ask, child
from bench.durable import postgres
from bench.figures import Figure
from bench.scale import Scale

PEERS = ("procrastinate", "huey", "dbos")
HELD_SECONDS = 0.05
"""How long the sink keeps an answer where an engine is to be killed: some are always under way."""

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Engine:
    """`name` as people know it; `module` drains with it."""

    name: str
    module: str


SQLITE = (Engine("Taskbell", "on_taskbell"), Engine("huey", "on_huey"))
POSTGRES = (
    Engine("Taskbell", "on_taskbell"),
    Engine("procrastinate", "on_procrastinate"),
    Engine("DBOS", "on_dbos"),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """Deliveries a second of time, and of CPU: the engine's and its server's."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Loss:
    lost: int
    doubled: int
    unrecorded: int

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.doubled} twice, {self.unrecorded} not recorded"


class Place:
    """Where databases are made. `spent`: CPU seconds of their server so far."""

    def __init__(self, new: Callable[[], str], spent: Callable[[], float]) -> None:
        self.new = new
        self.spent = spent

    def rate(self, engine: Engine, count: int) -> Rate:
        """Drain so many once."""
        with child("drains.sink", {"hold": 0}) as sink:
            spec = {"database": self.new(), "sink": sink.told["url"], "count": count}
            _ask(engine, spec, "fill")
            with child(f"drains.{engine.module}", spec | {"do": "drain"}) as draining:
                before = self.spent()
                took = _next_line(draining)
                spent = took["cpu"] + self.spent() - before
            assert _ask(engine, spec, "recorded")["recorded"] == count
            assert get_json(f"{sink.told['url']}/posted") == {"posts": count, "distinct": count}
        return Rate(count / took["seconds"], count / spent)

    def loss(self, engine: Engine, count: int) -> Loss:
        """Kill it in the middle, and let it go on."""
        with child("drains.sink", {"hold": HELD_SECONDS}) as sink:
            url = sink.told["url"]
            spec = {"database": self.new(), "sink": url, "count": count}
            _ask(engine, spec, "fill")
            with child(f"drains.{engine.module}", spec | {"do": "drain"}) as draining:
                until(lambda: get_json(f"{url}/posted")["posts"] >= count // 2, pause=0.001)
                draining.process.kill()
            with child(f"drains.{engine.module}", spec | {"do": "drain"}) as draining:
                _next_line(draining)
            posted = get_json(f"{url}/posted")
            recorded = _ask(engine, spec, "recorded")["recorded"]
        distinct = posted["distinct"]
        return Loss(count - distinct, posted["posts"] - distinct, count - recorded)


def _ask(engine: Engine, spec: dict[str, Any], what: str) -> Any:
    return ask(f"drains.{engine.module}", spec | {"do": what})


def _next_line(draining: Child) -> Any:
    assert draining.process.stdout is not None
    return json.loads(draining.process.stdout.readline())


def bench(scale: Scale) -> Iterator[Figure]:
    missing = [name for name in PEERS if importlib.util.find_spec(name) is None]
    if missing:
        raise SystemExit(
            f"The bench of engines needs {', '.join(missing)}: in a virtual environment of its own,"
            " pip install -e '.[engines]'"
        )
    count, killed = max(scale.tasks // 5, 40), max(scale.tasks // 50, 20)
    for kind, opened, engines in (("SQLite", _files, SQLITE), ("PostgreSQL", _server, POSTGRES)):
        with opened() as place:
            yield from _rates(place, kind, engines, count, scale.rounds)
            for engine in engines:
                loss = place.loss(engine, killed)
                ours = engine is engines[0]
                yield Figure(
                    f"{engine.name}, {kind}: of {killed}, killed with -9",
                    str(loss),
                    target="nothing" if ours else "",
                    met=loss == Loss(0, 0, 0) if ours else None,
                )


def _rates(
    place: Place, kind: str, engines: tuple[Engine, ...], count: int, rounds: int
) -> Iterator[Figure]:
    """The first of these engines beside the others, in turn."""
    found = [[place.rate(engine, count) for engine in engines] for _ in range(rounds)]
    for column, peer in enumerate(engines[1:], start=1):
        name = f"{count:,} deliveries, {kind}, beside {peer.name}"
        pairs = [(one[0], one[column]) for one in found]
        yield _ahead(f"{name}: rate", [(ours.wall, theirs.wall) for ours, theirs in pairs], "s")
        yield _ahead(f"{name}: of CPU", [(ours.cpu, theirs.cpu) for ours, theirs in pairs], "CPU s")


def _ahead(name: str, pairs: list[tuple[float, float]], unit: str) -> Figure:
    ratio = median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (median(one) for one in zip(*pairs, strict=True))
    return Figure(
        name, f"{ours:,.0f} /{unit}", f"{theirs:,.0f} /{unit}", f"{ratio:.2f}", "> 1x", ratio > 1
    )


@contextmanager
def _files() -> Iterator[Place]:
    """SQLite files, each new."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = itertools.count()
        yield Place(lambda: str(Path(folder) / f"{next(numbers)}.db"), lambda: 0.0)


@contextmanager
def _server() -> Iterator[Place]:
    """Databases on a PostgreSQL server."""
    numbers = itertools.count()
    with postgres() as server:

        def new() -> str:
            name = f"bench_{next(numbers)}"
            server.run(f"CREATE DATABASE {name}")
            return server.url(name)

        yield Place(new, lambda: _spent(server.pid))


def _spent(pid: int) -> float:
    """CPU seconds of a process and all that descend from it, those that have ended too."""
    parents: dict[int, int] = {}
    spent: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            number = int(stat.parent.name)
            parents[number] = int(fields[1])
            spent[number] = sum(int(ticks) for ticks in fields[11:15])
    return sum(spent[number] for number in spent if _descends(number, pid, parents)) / TICKS


def _descends(number: int, pid: int, parents: dict[int, int]) -> bool:
    while number not in (pid, 0):
        number = parents.get(number, 0)
    return number == pid
