"""A child: answers `chat.postMessage` at once and keeps what was posted, so that it can be told
what came twice or never. Of the rest of Slack, what it takes to find a message again."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import parse_qs

from bench.children import read_spec, tell, until_released


class Sink:
    """What was posted, by channel. `hold`: seconds until a post is answered, long after it
    stands."""

    def __init__(self, hold: float) -> None:
        self.hold = hold
        self._posts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._keys = Counter[str]()
        self._numbers = itertools.count(1)

    def answer(self, path: str, body: bytes) -> dict[str, Any]:
        match path.rpartition("/")[2]:
            case "chat.postMessage":
                return self._post(json.loads(body))
            case "chat.update":
                return {"ok": True}
            case "conversations.open":
                return {"ok": True, "channel": {"id": _direct(parse_qs(body.decode())["users"][0])}}
            case "conversations.history":
                channel = parse_qs(body.decode())["channel"][0]
                return {"ok": True, "messages": self._posts[channel][::-1], "has_more": False}
            case "posted":
                return {"posts": self._keys.total(), "distinct": len(self._keys)}
        return {"ok": False, "error": "unknown_method"}

    def _post(self, message: dict[str, Any]) -> dict[str, Any]:
        channel = _direct(message["channel"])
        ts = f"1790000000.{next(self._numbers):06}"
        self._posts[channel].append({"ts": ts, "metadata": message["metadata"]})
        self._keys[message["metadata"]["event_payload"]["key"]] += 1
        return {"ok": True, "channel": channel, "ts": ts}


def _direct(user: str) -> str:
    """The direct conversation with somebody."""
    return user.replace("U", "D", 1)


class _Connection(asyncio.Protocol):
    """Requests one after another; each has a length or no body."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._transport: asyncio.Transport | None = None
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while True:
            head, end, rest = self._came.partition(b"\r\n\r\n")
            length = _length(head)
            if not end or len(rest) < length:
                return
            self._came = rest[length:]
            self._take(head.split(b" ", 2)[1].decode(), rest[:length])

    def _take(self, path: str, body: bytes) -> None:
        text = json.dumps(self._sink.answer(path, body)).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(text)}"
        answer = head.encode() + b"\r\n\r\n" + text
        if self._sink.hold and path.endswith("chat.postMessage"):
            asyncio.get_running_loop().call_later(self._sink.hold, self._send, answer)
        else:
            self._send(answer)

    def _send(self, answer: bytes) -> None:
        assert self._transport is not None
        self._transport.write(answer)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def main() -> None:
    sink = Sink(float(read_spec()["hold"]))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(sink), "127.0.0.1", 0)
    tell({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"})
    await until_released()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
