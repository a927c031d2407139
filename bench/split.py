"""Split: how long a click takes to reach the provider, with two webs and two workers.

All are real processes over one PostgreSQL that waits for the disk. Clicks come at a steady rate,
whether the ones before are answered or not, to both webs in turn; the simulated provider notes
when each result arrives, so that its own time is left out.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.bot_process import TASKBELL, free_port, get_json, is_healthy, settings, until
from bench.children import child, end
from bench.durable import postgres
from bench.envelopes import Clicks
from bench.figures import Figure, bounded, percentile
from bench.scale import Scale

WEBS = WORKERS = 2
RATE = 10
"""Clicks a second. The adapter allows itself twenty requests a second."""

POLL_SECONDS = "5"
"""Polls go on meanwhile, twelve times as often as they do unless somebody sets it."""

TARGET_MS = 500.0
_OK = b"HTTP/1.1 200"


@dataclass(frozen=True, slots=True)
class Sent:
    """A click: when it was due to be sent, as a POSIX time, and how long its ack took, and beside
    it an answer of the provider's process; in seconds."""

    at: float
    ack: float
    floor: float


def bench(scale: Scale) -> Iterator[Figure]:
    count = scale.clicks // 6
    with (
        postgres() as server,
        child("world", {"reten": 2 * count}) as world,
        tempfile.TemporaryDirectory() as folder,
    ):
        server.run("CREATE DATABASE bench")
        told = world.told
        env = {"DATABASE_URL": server.url("bench"), "TASKBELL_UNDO_SECONDS": "0"}
        with _running(told, Path(folder), env) as ports:
            clicks, tasks = _prepare(told, ports)
            sent = asyncio.run(_drive(clicks, ports, told["control"], count))
            until(lambda: len(get_json(f"{told['control']}/written")) >= count)
        written = get_json(f"{told['control']}/written")
        violations = get_json(f"{told['control']}/asked")["violations"]
    assert set(written) == set(tasks[:count])
    assert violations == 0
    took = [written[task] - one.at for task, one in zip(tasks, sent, strict=False)]
    yield from _told(took, sent)


def _told(took: list[float], sent: list[Sent]) -> Iterator[Figure]:
    name = f"{len(sent)} clicks, {RATE} a second, {WEBS} webs, {WORKERS} workers"
    floor = [one.ack + one.floor for one in sent]
    for share in (0.5, 0.99):
        reached, least = (1000 * percentile(values, share) for values in (took, floor))
        figure = bounded(f"{name}: at the provider, p{100 * share:g}", reached, TARGET_MS, "ms")
        yield Figure(
            figure.name,
            figure.figure,
            f"{least:,.1f} ms",
            f"{reached / least:.2f}",
            figure.target if share > 0.5 else "",
            figure.met if share > 0.5 else None,
        )


@contextlib.contextmanager
def _running(world: Mapping[str, Any], folder: Path, env: dict[str, str]) -> Iterator[list[int]]:
    """Webs and workers while the block runs; gives the ports of the webs, once all is polled."""
    _link(world, folder, env)
    ports = [free_port() for _ in range(WEBS)]
    words = [("web", port) for port in ports] + [("worker", 0)] * WORKERS
    with contextlib.ExitStack() as stack:
        started = [
            stack.enter_context(_process(word, folder, settings(world, port) | env))
            for word, port in words
        ]
        for web, port in zip(started, ports, strict=False):
            until(lambda web=web, port=port: is_healthy(web, port))  # type: ignore[misc]
        yield ports


@contextlib.contextmanager
def _process(word: str, folder: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "bot.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [TASKBELL, word],
            cwd=folder,
            env=env | {"TASKBELL_POLL_INTERVAL": POLL_SECONDS},
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.terminate()
            end(process)


def _link(world: Mapping[str, Any], folder: Path, env: dict[str, str]) -> None:
    command = [
        *(TASKBELL, "links", "add", "--slack", world["user"]),
        *("--connection", "reten", "--operator", "OP-042"),
    ]
    subprocess.run(  # noqa: S603 - our own program
        command, cwd=folder, env=settings(world, 0) | env, check=True, stdout=subprocess.DEVNULL
    )


def _prepare(world: Mapping[str, Any], ports: Sequence[int]) -> tuple[Clicks, list[str]]:
    """Let all be ingested, and a new task become a card, to see what a click on one sends."""
    control = world["control"]
    until(lambda: _polled(ports[0]))
    mine: list[str] = get_json(f"{control}/tasks")[::2]  # every other one is the person's
    get_json(f"{control}/news")
    until(lambda: get_json(f"{control}/click") is not None)
    return Clicks(get_json(f"{control}/click"), mine, world["secret"]), mine


def _polled(port: int) -> bool:
    found = get_json(f"http://127.0.0.1:{port}/healthz")["connections"]["reten"]
    return found["last_good_poll"] is not None


async def _drive(clicks: Clicks, ports: Sequence[int], control: str, count: int) -> list[Sent]:
    """Send each click at its moment."""
    requests = clicks.take(count, int(time.time()))
    begun = time.time() + 0.5
    turns = zip(requests, itertools.cycle(ports), strict=False)
    sending = (
        _click(begun + number / RATE, request, port, control)
        for number, (request, port) in enumerate(turns)
    )
    return await asyncio.gather(*sending)


async def _click(at: float, request: bytes, port: int, control: str) -> Sent:
    await asyncio.sleep(at - time.time())
    ack = await _asked(port, request)
    there = urlsplit(control)
    assert there.port is not None
    floor = await _asked(there.port, b"GET /asked HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
    return Sent(at, ack, floor)


async def _asked(port: int, request: bytes) -> float:
    """Ask over a connection of its own; seconds until the answer."""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()
    if not head.startswith(_OK):
        raise RuntimeError(head.partition(b"\r\n")[0].decode())
    return time.perf_counter() - begun
