"""`python -m sandbox`: tells where it is and what an app needs, until it is interrupted."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import PIPE

import httpx2


async def test_it_serves_until_interrupted() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "sandbox", stdout=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(15):
        first = (await process.stdout.readline()).decode()
        async with httpx2.AsyncClient(trust_env=False) as client:
            page = await client.get(first.split()[-1])
        process.send_signal(signal.SIGINT)
        rest, _ = await process.communicate()
    assert "Sandbox" in page.text
    assert b"SLACK_API_URL=http://127.0.0.1:" in rest
    assert process.returncode == 0


async def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sandbox", "--port", port), stdout=PIPE, stderr=PIPE
        )
        async with asyncio.timeout(15):
            _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().startswith(f"Port {port} can't be used")
    assert b"Traceback" not in told
