"""A program that the sandbox starts, kills and starts again: a small real one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.program import ChildProcess, ProgramFailed, ProgramState
from tests.process.place import PATIENCE, free_port

WORDS = "ready for trouble"

PROGRAM = """
import os, signal, socket, sys
pid = open(os.environ["NOTES"], "a")
print("ready for trouble", flush=True)
signal.signal(signal.SIGTERM, lambda *_: (print("stopped", file=pid, flush=True), sys.exit(0)))
print(os.getpid(), file=pid, flush=True)
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
for line in sys.stdin:
    print("looked 2031-05-06T08:30:00.5+02:00", flush=True)
print("orphan", file=pid, flush=True)
"""

SANDBOX = """
import asyncio, os, sys
from sandbox.program import ChildProcess
command, port = [sys.executable, "-S", "-c", sys.argv[1]], int(os.environ["PORT"])
async def main():
    child = ChildProcess(command, lambda: os.environ, port=port, changed=lambda: None)
    await child.start()
    await asyncio.sleep(60)
asyncio.run(main())
"""


class Small:
    """The program, and what it notes."""

    def __init__(self, folder: Path, code: str = PROGRAM) -> None:
        self.notes = folder / "notes"
        self.changes: list[ProgramState] = []
        self.environment = {"PORT": str(free_port()), "NOTES": str(self.notes)}
        self.child = ChildProcess(
            [sys.executable, "-S", "-c", code],
            lambda: self.environment,
            port=int(self.environment["PORT"]),
            changed=lambda: self.changes.append(self.child.state),
        )

    def noted(self) -> list[str]:
        return self.notes.read_text().split()

    async def until(self, look: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not look():  # noqa: ASYNC110 - another process does it
                await asyncio.sleep(0.01)


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Small]:
    small = Small(tmp_path)
    await small.child.start()
    yield small
    await small.child.kill()


async def test_a_program_is_killed_stopped_and_started_again(small: Small) -> None:
    await small.child.start()
    assert small.child.state is ProgramState.RUNNING
    await small.child.kill()
    assert small.child.state is ProgramState.STOPPED
    assert small.child.last_words == ""
    await asyncio.gather(small.child.start(), small.child.start())
    await small.child.stop()
    await small.child.stop()
    first, second, *rest = small.noted()
    assert first != second
    assert rest == ["stopped"]
    starting, running, stopped = ProgramState.STARTING, ProgramState.RUNNING, ProgramState.STOPPED
    assert small.changes == [starting, running, stopped] * 2


async def test_a_program_that_dies_by_itself_is_noticed_with_its_last_words(small: Small) -> None:
    os.kill(int(small.noted()[0]), signal.SIGKILL)
    await small.until(lambda: small.child.state is ProgramState.STOPPED)
    assert small.child.last_words == f"It ended with status -9. {WORDS}"


async def test_a_program_that_is_told_of_the_time_says_when_it_has_more_to_do(small: Small) -> None:
    due = datetime(2031, 5, 6, 6, 30, 0, 500_000, tzinfo=UTC)
    assert await asyncio.gather(small.child.look(), small.child.look()) == [due, due]
    assert await small.child.look() == due
    await small.child.kill()
    assert await small.child.look() is None


async def test_a_program_hears_that_the_sandbox_is_gone(tmp_path: Path) -> None:
    """Whatever ended it: the line to its program ends, too."""
    small = Small(tmp_path)
    sandbox = await asyncio.create_subprocess_exec(
        *[sys.executable, "-c", SANDBOX], PROGRAM, env={**os.environ, **small.environment}
    )
    await small.until(lambda: small.notes.exists() and small.noted() != [])
    sandbox.kill()
    await sandbox.wait()
    await small.until(lambda: small.noted()[1:] == ["orphan"])


async def test_a_program_that_cannot_start_says_why(tmp_path: Path) -> None:
    small = Small(tmp_path, "raise SystemExit('no database')")
    with pytest.raises(ProgramFailed, match=r"It ended with status 1. no database"):
        await small.child.start()
    assert small.child.state is ProgramState.STOPPED
