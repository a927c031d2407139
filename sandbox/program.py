"""The app under test as a program of its own, which the sandbox starts, kills and starts again."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

READY_SECONDS = 30.0
"""How long a program may take until it can be spoken to."""
STOP_SECONDS = 15.0
"""How long a program that was asked to stop may take; then it is killed."""
LOOK_SECONDS = 10.0
"""How long a program may take to look at a clock that was moved."""

_ANSWER = re.compile(r"looked(?: (\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+(?:Z|[+-]\d\d:\d\d)))?")
_TRY_AGAIN = 0.02
_LAST_WORDS = 2_000


class ProgramState(StrEnum):
    """How a program is."""

    RUNNING = "running"
    STARTING = "starting"
    STOPPED = "stopped"


class ProgramFailed(Exception):
    """A program could not be started; the words say what it said last."""


class Program(Protocol):
    """What can be killed, stopped and started. Asked for what is so already, it does nothing."""

    @property
    def state(self) -> ProgramState: ...

    @property
    def last_words(self) -> str:
        """What it wrote before it ended unasked; empty while it runs, or if it was asked."""
        ...

    async def start(self) -> None:
        """Start it, and wait until it can be spoken to; raises ProgramFailed."""
        ...

    async def kill(self) -> None:
        """End it at once (SIGKILL), whatever it is doing."""
        ...

    async def stop(self) -> None:
        """Ask it to stop (SIGTERM), and wait until it has."""
        ...

    async def look(self, *, everywhere: bool = False) -> datetime | None:
        """Tell it that the clock was moved, or that there may be something new `everywhere`, and
        wait until it has done what is due. Returns when it will have more to do; None if it does
        not tell."""
        ...


class ChildProcess:
    """A program that takes connections on a port of this machine once it is ready.

    Its standard input is a line from the sandbox: it ends when the sandbox does, however that ends,
    so that a program which watches it leaves no orphan. `look` writes a line there, `clock` or
    `everywhere`, which the program may answer on its standard output by `looked` and the moment
    when it will have more to do, if there is one (`looked 2026-04-09T08:30:00.0+02:00`). Whatever
    else it writes goes to this process's standard error."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Callable[[], Mapping[str, str]],
        *,
        port: int,
        changed: Callable[[], None],
    ) -> None:
        """`environment`: all variables for the next start; `changed` is called when the state
        has changed."""
        self._command = command
        self._environment = environment
        self._port = port
        self._changed = changed
        self._process: Process | None = None
        self._following: asyncio.Task[None] | None = None
        self._launching = False
        self._ready = False
        self._asked = False
        self._written = ""
        self._looked: asyncio.Future[datetime | None] | None = None
        self.last_words = ""

    @property
    def state(self) -> ProgramState:
        if self._process is None:
            return ProgramState.STARTING if self._launching else ProgramState.STOPPED
        return ProgramState.RUNNING if self._ready else ProgramState.STARTING

    async def start(self) -> None:
        if self.state is not ProgramState.STOPPED:
            return
        self._ready, self._asked, self._written, self.last_words = False, False, "", ""
        self._launching = True  # whoever presses twice must not start it twice
        try:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=dict(self._environment()),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                start_new_session=True,  # Ctrl-C is for the sandbox, which then asks it to stop
            )
        except OSError as error:
            raise ProgramFailed(f"{self._command[0]}: {error.strerror}") from None
        finally:
            self._launching = False
        self._following = asyncio.create_task(self._follow(process))
        self._changed()
        await self._until_ready(process)

    async def kill(self) -> None:
        await self._end(lambda process: process.kill())

    async def stop(self) -> None:
        await self._end(lambda process: process.terminate())

    async def look(self, *, everywhere: bool = False) -> datetime | None:
        process = self._process
        if process is None or process.stdin is None or not self._ready:
            return None
        looked = self._looked
        if looked is None:
            looked = self._looked = asyncio.get_running_loop().create_future()
            process.stdin.write(b"everywhere\n" if everywhere else b"clock\n")
        done, _ = await asyncio.wait([looked], timeout=LOOK_SECONDS)
        return looked.result() if done else None

    async def _until_ready(self, process: Process) -> None:
        try:
            async with asyncio.timeout(READY_SECONDS):
                while self._process is process and not await self._answers():  # noqa: ASYNC110
                    await asyncio.sleep(_TRY_AGAIN)
        except TimeoutError:
            await self.kill()
            raise ProgramFailed(f"It takes no connections on port {self._port}.") from None
        if self._process is process:
            self._ready = True
            self._changed()
        elif not self._asked:
            raise ProgramFailed(self.last_words)

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return True

    async def _end(self, ask: Callable[[Process], None]) -> None:
        process, following = self._process, self._following
        if process is None or following is None:
            return
        self._asked = True
        with contextlib.suppress(ProcessLookupError):
            ask(process)
        _, late = await asyncio.wait([following], timeout=STOP_SECONDS)
        if late:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await following

    async def _follow(self, process: Process) -> None:
        """Pass on what it writes, and notice its end."""
        assert process.stdin is not None  # noqa: S101 - these were asked for
        assert process.stdout is not None  # noqa: S101
        assert process.stderr is not None  # noqa: S101
        passing_on = [self._pass_on(process.stdout), self._pass_on(process.stderr)]
        writing = [asyncio.create_task(one) for one in passing_on]
        status = await process.wait()
        _, open_still = await asyncio.wait(writing, timeout=1)
        for one in open_still:  # a child of its own holds the line
            one.cancel()
        if not self._asked:
            self.last_words = f"It ended with status {status}. {self._written.strip()}".strip()
        process.stdin.close()
        self._process = None
        self._has_looked(None)
        self._changed()

    async def _pass_on(self, stream: StreamReader) -> None:
        while raw := await stream.readline():
            line = raw.decode(errors="replace")
            if (answer := _ANSWER.fullmatch(line.strip())) is not None:
                self._has_looked(datetime.fromisoformat(answer[1]) if answer[1] else None)
                continue
            self._written = (self._written + line)[-_LAST_WORDS:]
            sys.stderr.write(line)
            sys.stderr.flush()

    def _has_looked(self, due: datetime | None) -> None:
        looked, self._looked = self._looked, None
        if looked is not None and not looked.done():
            looked.set_result(due)
