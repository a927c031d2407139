"""The nursery, as the tests see it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Forked:
    """A process under way; as one of `asyncio.subprocess`."""

    def __init__(
        self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._reader, self._writer = reader, writer
        self._hearing = asyncio.create_task(self._hear())

    async def wait(self) -> int:
        return await asyncio.shield(self._hearing)

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def _hear(self) -> int:
        self.returncode = int(await self._reader.readline())
        self._writer.close()
        return self.returncode


@dataclass(frozen=True)
class Nursery:
    """Forks processes that have loaded the libraries; see `tests.process.nursery`."""

    path: str

    async def start(
        self, words: tuple[str, ...], cwd: Path, env: Mapping[str, str], out: Path, err: Path
    ) -> Forked:
        """`python -m bot` with these words, this environment alone, and output to these files."""
        reader, writer = await asyncio.open_unix_connection(self.path)
        order = {
            "words": words,
            "cwd": str(cwd),
            "env": dict(env),
            "out": str(out),
            "err": str(err),
        }
        writer.write(f"{json.dumps(order)}\n".encode())
        return Forked(int(await reader.readline()), reader, writer)


@contextmanager
def nursery(env: Mapping[str, str]) -> Iterator[Nursery]:
    """One in this environment while the block runs; whoever still lives then is killed."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/door"
        words = [sys.executable, "-m", "tests.process.nursery", path]
        with subprocess.Popen(  # noqa: S603 - our own words
            words, cwd=ROOT, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield Nursery(path)
            with contextlib.suppress(BrokenPipeError):
                process.communicate()
