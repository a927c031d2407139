"""Where processes of `taskbell` are forked: a process that has loaded the libraries, and nothing of
ours. To load them takes longer than most of what the tests let a process do.

Each connection to its socket is a process: a line of JSON says which, one comes back with its
number, and one with how it ended. A child leaves this module at once; what `python -m bot` does
comes next, from the imports of ours to the interpreter's end.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
from typing import Any

LIBRARIES = (
    *("aiohttp", "aiolimiter", "apscheduler.schedulers.asyncio", "babel.dates", "click", "dotenv"),
    *("holidays", "html.parser", "httpx2", "prometheus_client", "psycopg", "rich.console"),
    *("pydantic.alias_generators", "pydantic.dataclasses", "pydantic.type_adapter", "rich.table"),
    *("slack_bolt.adapter.socket_mode.async_handler", "slack_bolt.adapter.starlette.async_handler"),
    *("slack_bolt.async_app", "sqlite_utils", "stamina", "starlette.applications", "structlog"),
    *("tomllib", "uvicorn", "uvicorn.lifespan.off", "uvicorn.loops.auto"),
    *("uvicorn.protocols.http.auto", "websockets"),
)


class Nursery:
    """Forks until the input ends."""

    def __init__(self, path: str) -> None:
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(path)
        self._door.listen(64)
        self._wake, waken = os.pipe()
        os.set_blocking(waken, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waken)
        self._alive: dict[int, socket.socket] = {}

    def next_born(self) -> dict[str, Any] | None:
        """In a child: what it shall be. In the process that forks: None, when all is over."""
        while True:
            ready, _, _ = select.select([0, self._wake, self._door], [], [])
            if self._wake in ready:
                os.read(self._wake, 512)
                self._bury()
            if self._door in ready and (order := self._fork()) is not None:
                return order
            if 0 in ready:
                break
        for pid in self._alive:
            os.kill(pid, signal.SIGKILL)
        return None

    def _fork(self) -> dict[str, Any] | None:
        asking, _ = self._door.accept()
        with asking.makefile() as words:
            order: dict[str, Any] = json.loads(words.readline())
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asking.detach()
            self._door.detach()
            return order
        self._alive[pid] = asking
        _tell(asking, pid)
        return None

    def _bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                with self._alive.pop(ended[0]) as asking:
                    _tell(asking, os.waitstatus_to_exitcode(ended[1]))


def _tell(asking: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):  # nobody may care any more
        asking.sendall(b"%d\n" % number)


def _dress(order: dict[str, Any]) -> None:
    """Stand where the new process shall stand, with its streams and its environment."""
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, path in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        handle = os.open(path, os.O_RDWR | os.O_APPEND)
        os.dup2(handle, number)
    os.closerange(3, 256)
    sys.argv = ["bot", *order["words"]]
    sys.path[0] = order["cwd"]


if __name__ == "__main__":
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()
    nursery = Nursery(sys.argv[1])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if (born := nursery.next_born()) is not None:
        _dress(born)
        del nursery, born
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
