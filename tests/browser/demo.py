"""The demo as people start it: `taskbell demo` in processes of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx2

PATIENCE = 60
"""Seconds after which what should have happened is at fault: the machine may be busy."""


_ON_A_DAY = """
import asyncio
from datetime import date
from bot.demo import show, story

asyncio.run(show.demo(0, story.Days(date.fromisoformat("{}"))))
"""


@contextlib.asynccontextmanager
async def demo(folder: Path, day: date | None = None) -> AsyncIterator[str]:
    """The address of a running demo, its tour skipped, on this day or the present one; what it
    printed must not hold a traceback afterwards."""
    command = ["-c", _ON_A_DAY.format(day)] if day else ["-m", "bot", "demo", "--port", "0"]
    complaints = folder / "demo.err"
    with complaints.open("wb") as err:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=err,
            cwd=folder, env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    assert process.stdout is not None
    try:
        address = await asyncio.wait_for(_address(process.stdout), PATIENCE)
        async with httpx2.AsyncClient(trust_env=False) as http:
            (await http.post(f"{address}api/tour/skip", json={})).raise_for_status()
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, complaints.read_text()
    assert "Traceback" not in complaints.read_text(), complaints.read_text()


async def _address(out: asyncio.StreamReader) -> str:
    async for line in out:
        if address := re.search(rb"http://\S+", line):
            return address[0].decode()
    raise AssertionError("the demo ended before it was there")
