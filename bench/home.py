"""Home: how fast somebody with 500 open tasks sees them, in App Home and by `/tasks`, beside an app
whose listeners are empty; and that a poll which finds nothing new shows nobody anything anew."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.bot_process import Bot, get_json, link, running, until
from bench.children import ask, child
from bench.figures import Figure
from bench.scale import Scale

TASKS = 500
P99_MS = 150.0
POLLS = 3


def bench(scale: Scale) -> Iterator[Figure]:
    # Half of the tasks are the person's.
    with (
        child("world", {"reten": 2 * TASKS}) as world,
        tempfile.TemporaryDirectory() as folder,
    ):
        link(world.told, Path(folder))
        with running(world.told, Path(folder), TASKBELL_POLL_INTERVAL="3600") as bot:
            until(lambda: bot.polls_done("reten"))
            bot.rest()
            yield from _looks(scale, world.told, bot)
        with running(world.told, Path(folder), TASKBELL_POLL_INTERVAL="1") as bot:
            yield _quiet(world.told, bot)


def _looks(scale: Scale, world: Mapping[str, Any], bot: Bot) -> Iterator[Figure]:
    with child("bare", {"secret": world["secret"]}) as bare:
        floor = ask("looks", _spec(world, bare.told["port"], scale.looks, homes=False))
        found = ask("looks", _spec(world, bot.port, scale.looks, homes=True))
    assert f" of {TASKS // 10} " in found["answer"], "not all tasks are listed"
    yield _p99(f"/tasks all, {TASKS} tasks: answered", found["command"], floor["command"])
    yield _p99(f"App Home, {TASKS} tasks: opened to shown", found["home"], floor["event"])


def _spec(world: Mapping[str, Any], port: int, looks: int, *, homes: bool) -> dict[str, Any]:
    wanted = ("secret", "user", "control")
    return {"port": port, "looks": looks, "homes": homes, **{key: world[key] for key in wanted}}


def _p99(name: str, took: Mapping[str, float], floor: Mapping[str, float]) -> Figure:
    p99 = took["p99"]
    return Figure(
        f"{name}: p99",
        f"{p99:,.1f} ms",
        f"{floor['p99']:,.1f} ms",
        f"{p99 / floor['p99']:.2f}",
        f"<= {P99_MS:g} ms",
        p99 <= P99_MS,
    )


def _quiet(world: Mapping[str, Any], bot: Bot) -> Figure:
    """Polls that find nothing new while somebody has App Home open."""
    until(lambda: bot.polls_done("reten"))
    ask("looks", _spec(world, bot.port, 1, homes=True))
    bot.rest()
    before = len(get_json(f"{world['control']}/calls"))
    for _ in range(POLLS):
        done = bot.polls_done("reten")
        until(lambda done=done: bot.polls_done("reten") != done)  # type: ignore[misc]
    calls = get_json(f"{world['control']}/calls")[before:]
    # Whose token it is, is asked about once a minute.
    shown = [method for method, _ in calls if method != "auth.test"]
    name = f"{POLLS} polls that find nothing new, App Home open: calls"
    return Figure(name, str(len(shown)), target="none", met=not shown)
