"""The program under torture: `taskbell`, forked from a process that has imported everything.

Reads orders from its standard input, one JSON object a line, and says on its standard output whom
it has started and who has ended, and how. A child is the real program, but that it waits less
(`HASTE`), so that hours pass in a minute, and that it dies where it is told.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import sys
import traceback
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, cast

HASTE: dict[str, dict[str, object]] = {
    "bot.domain.pace": {
        "FIRST_WAIT": timedelta(seconds=0.1),
        "LONGEST_WAIT": timedelta(seconds=0.8),
    },
    # A card for each task: what boards show hangs on how many come at once.
    "bot.domain.agenda": {"MANY": 1_000_000},
    "bot.delivery": {"SETTLE_WAIT": timedelta(seconds=0.15), "ATTEMPT_SECONDS": 3.0},
    "bot.dispatch": {"LEASE": timedelta(seconds=4), "SHORT_REST": timedelta(seconds=0.1)},
    "bot.submission": {
        "ATTEMPT_SECONDS": 3.0,
        "LEASE": timedelta(seconds=4),
        "SHORT_REST": timedelta(seconds=0.1),
    },
    "bot.breaker": {
        "LONGEST_REST": timedelta(seconds=0.5),
        "PROBE_LEASE": timedelta(seconds=4),
    },
    "bot.watch": {
        "LEASE": timedelta(seconds=2),
        "RENEW_EVERY": timedelta(seconds=0.6),
        "MARGIN": timedelta(seconds=0.2),
    },
    "bot.recounting": {
        "LEASE": timedelta(seconds=4),
        "PAUSE": timedelta(seconds=0.1),
        "LOOK_AGAIN": timedelta(seconds=0.2),
    },
    "bot.store.recounts": {"WAIT": timedelta(seconds=1)},
    "bot.engine.loop": {"RETRY_SECONDS": 0.2, "LONGEST_REST_SECONDS": 0.5},
}
"""Waits of the program, by module, and what they are here."""

LOADED = ("bot.cli", "bot.run", "bot.app", "bot.slack.bolt", "bot.store.postgres", "uvicorn")
LOADED += (
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.lifespan.off",
    "websockets",
)
LOADED += ("adapters.reten", "adapters.close", "adapters.vambe", "adapters.pland")


def main() -> None:
    """Start what is ordered until the input ends."""
    # Before anybody has looked at them.
    _raise_budgets()
    _hasten()
    for name in LOADED:
        importlib.import_module(name)
    from tests.torture import points

    gc.freeze()
    wake, waken = os.pipe()
    os.set_blocking(waken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waken)
    orders = open(0, "rb", buffering=0)  # noqa: SIM115 - select must see all there is
    _say("ready")
    while True:
        ready, _, _ = select.select([0, wake], [], [])
        if wake in ready:
            os.read(wake, 512)
            _bury()
        if 0 in ready:
            line = orders.readline()
            if not line:
                return
            _start(json.loads(line), points)


def _raise_budgets() -> None:
    from bot.domain import pace

    quick = {
        name: replace(budget, per_minute=budget.per_minute * 60, channel_pause=timedelta())
        for name, budget in pace.BUDGETS.items()
    }
    cast(Any, pace).BUDGETS = quick


def _hasten() -> None:
    for name, values in HASTE.items():
        module = importlib.import_module(name)
        for key, value in values.items():
            if not hasattr(module, key):
                raise AttributeError(f"{name} has no {key}")
            setattr(module, key, value)


def _start(order: dict[str, Any], points: ModuleType) -> None:
    pid = os.fork()
    if pid:
        _say("started", pid)
        return
    status = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _dress(order)
        where = (order["point"], order["nth"], order["latest"])
        points.install(points.Points(Path(order["report"]), *where, slow=order["slow"]))
        status = _run(order["words"])
    except BaseException:  # noqa: BLE001 - a fork must never return into its parent's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _dress(order: dict[str, Any]) -> None:
    """Stand where the new process shall stand, with its streams and its environment."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, path in ((0, os.devnull), (1, order["out"]), (2, order["out"])):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(handle, number)
        os.close(handle)


def _run(words: list[str]) -> int:
    from bot.cli import main as taskbell

    sys.argv = ["taskbell", *words]
    try:
        taskbell()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


def _bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _say("ended", pid, os.waitstatus_to_exitcode(status))


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
