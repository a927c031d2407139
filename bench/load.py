"""A child: the load generator. Several connections, each sending its next click when the last one
is answered; the requests are built and signed before the watch is started."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any

from bench.children import read_spec, tell
from bench.envelopes import Clicks
from bench.figures import percentile

WARM = 64
_OK = b"HTTP/1.1 200"


class _Connection(asyncio.Protocol):
    """One kept-alive connection: sends, waits for the whole answer, sends again."""

    def __init__(self, waiting: deque[bytes], took: list[float]) -> None:
        self._waiting = waiting
        self._took = took
        self._transport: asyncio.Transport | None = None
        self._sent = 0.0
        self._answer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._took.append(time.perf_counter() - self._sent)
        if not head.startswith(_OK):
            self._fail(head.split(b"\r\n")[0].decode())
            return
        self._answer = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"connection lost: {exc}")

    def _send(self) -> None:
        assert self._transport is not None
        if not self._waiting:
            if not self.done.done():
                self.done.set_result(None)
            self._transport.close()
            return
        request = self._waiting.popleft()
        self._sent = time.perf_counter()
        self._transport.write(request)

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(why))


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def drive(port: int, requests: list[bytes], connections: int) -> tuple[float, list[float]]:
    """Send all requests; seconds in all, and of each."""
    waiting, took = deque(requests), list[float]()
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    made = [
        await loop.create_connection(lambda: _Connection(waiting, took), "127.0.0.1", port)
        for _ in range(min(connections, len(requests)))
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    return time.perf_counter() - begun, took


async def main() -> None:
    spec: dict[str, Any] = read_spec()
    clicks = Clicks(spec["seen"], spec["tasks"], spec["secret"])
    clicks.skip(int(spec["skip"]))
    count, connections = int(spec["count"]), int(spec["connections"])
    warm, requests = clicks.take(WARM, int(time.time())), clicks.take(count, int(time.time()))
    await drive(spec["port"], warm, connections)
    begun = time.process_time()
    seconds, took = await drive(spec["port"], requests, connections)
    tell(
        {
            "rate": len(took) / seconds,
            "p50": percentile(took, 0.5) * 1000,
            "p99": percentile(took, 0.99) * 1000,
            "worst": max(took) * 1000,
            "seconds": seconds,
            "own_cpu": (time.process_time() - begun) / seconds,
            "sent": WARM + count,
        }
    )


if __name__ == "__main__":
    asyncio.run(main())
