"""The process from which those under torture are forked, as the test sees it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Doom:
    """Where a process dies: at the `nth` passage of a crash point, or at the `latest`-th of any."""

    latest: int
    point: str = ""
    nth: int = 0
    slow: bool = False
    """Whether it goes on for a moment with what its other threads do."""


@dataclass
class Life:
    """A process under way. `ended` is set to its exit code, negative for a signal."""

    pid: int
    ended: asyncio.Future[int]

    def kill(self, number: int = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def over(self, within: float) -> bool:
        """Whether it ended by itself within so many seconds."""
        done, _ = await asyncio.wait([self.ended], timeout=within)
        return bool(done)


class Zygote:
    """Forks processes on demand."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._lives: dict[int, Life] = {}
        self._started: asyncio.Queue[Life] = asyncio.Queue()
        self._asking = asyncio.Lock()
        self.report = folder / "points"
        self.out = folder / "out"

    async def start(
        self, words: list[str], env: Mapping[str, str], doom: Doom | None = None
    ) -> Life:
        """`taskbell` with these words and this environment alone."""
        order: dict[str, Any] = {
            "words": words,
            "env": dict(env),
            "folder": str(self._folder),
            "out": str(self.out),
            "report": str(self.report),
            "point": doom.point if doom else "",
            "nth": doom.nth if doom else 0,
            "latest": doom.latest if doom else 0,
            "slow": doom.slow if doom else False,
        }
        assert self._process.stdin is not None
        async with self._asking:
            self._process.stdin.write(f"{json.dumps(order)}\n".encode())
            return await self._started.get()

    async def listen(self) -> None:
        """Hear who has started and who has ended, until the process ends."""
        assert self._process.stdout is not None
        loop = asyncio.get_running_loop()
        async for line in self._process.stdout:
            what, _, rest = line.decode().strip().partition(" ")
            if what == "started":
                life = Life(int(rest), loop.create_future())
                self._lives[life.pid] = life
                self._started.put_nowait(life)
            elif what == "ended":
                pid, code = map(int, rest.split())
                self._lives.pop(pid).ended.set_result(code)

    def kill_all(self) -> None:
        for life in list(self._lives.values()):
            life.kill()


@asynccontextmanager
async def zygote(folder: Path) -> AsyncIterator[Zygote]:
    """A process that forks, while the block runs; whoever still lives then is killed."""
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.torture.victim",
        cwd=root, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    made = Zygote(process, folder)
    listening = asyncio.create_task(made.listen())
    try:
        yield made
    finally:
        made.kill_all()
        process.stdin.close()
        await process.wait()
        await listening
