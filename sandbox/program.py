"""The app under test as a program of its own, which the sandbox starts, kills and starts again."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

READY_SECONDS = 30.0
"""How long a program may take until it can be spoken to."""
STOP_SECONDS = 15.0
"""How long a program that was asked to stop may take; then it is killed."""

_LOOK_AGAIN = 0.02
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


class ChildProcess:
    """A program that takes connections on a port of this machine once it is ready.

    Its standard input is a line to the sandbox: it ends when the sandbox does, however that ends,
    so that a program which watches it leaves no orphan; `nudge` writes a line there. What the
    program writes goes to this process's standard error."""

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
        self._ready = False
        self._asked = False
        self._written = b""
        self.last_words = ""

    @property
    def state(self) -> ProgramState:
        if self._process is None:
            return ProgramState.STOPPED
        return ProgramState.RUNNING if self._ready else ProgramState.STARTING

    async def start(self) -> None:
        if self._process is not None:
            return
        self._ready, self._asked, self._written, self.last_words = False, False, b"", ""
        try:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=dict(self._environment()),
                stdin=PIPE,
                stdout=PIPE,
                stderr=STDOUT,
                start_new_session=True,  # Ctrl-C is for the sandbox, which then asks it to stop
            )
        except OSError as error:
            raise ProgramFailed(f"{self._command[0]}: {error.strerror}") from None
        self._following = asyncio.create_task(self._follow(process))
        self._changed()
        await self._until_ready(process)

    async def kill(self) -> None:
        await self._end(lambda process: process.kill())

    async def stop(self) -> None:
        await self._end(lambda process: process.terminate())

    def nudge(self) -> None:
        """Write a line to the program's standard input, if it runs."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(b"\n")

    async def _until_ready(self, process: Process) -> None:
        try:
            async with asyncio.timeout(READY_SECONDS):
                while self._process is process and not await self._answers():  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_AGAIN)
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
        writing = asyncio.create_task(self._pass_on(process))
        status = await process.wait()
        await asyncio.wait([writing], timeout=1)  # a child of its own may hold the line open
        writing.cancel()
        if not self._asked:
            said = self._written.decode(errors="replace").strip()
            self.last_words = f"It ended with status {status}. {said}".strip()
        if process.stdin is not None:
            process.stdin.close()
        self._process = None
        self._changed()

    async def _pass_on(self, process: Process) -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        while chunk := await process.stdout.read(65_536):
            self._written = (self._written + chunk)[-_LAST_WORDS:]
            sys.stderr.write(chunk.decode(errors="replace"))
            sys.stderr.flush()
