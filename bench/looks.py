"""A child: somebody who looks at their tasks, by the command and in App Home, time and again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from bench.bot_process import get_json
from bench.children import read_spec, tell
from bench.envelopes import FORM, JSON, signed
from bench.figures import percentile

WARM = 3
PAUSE_SECONDS = 0.65
"""Between two looks at App Home: Slack allows about a hundred a minute."""


class Looker:
    """One connection to the app, over which one request goes after the other."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._spec = spec
        self._made = 0

    async def connect(self) -> None:
        # A whole page of a list comes in one line.
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._spec["port"], limit=2**20
        )

    async def command(self) -> bytes:
        """`/tasks all`."""
        fields = self._known() | {"command": "/tasks", "text": "all", "channel_id": "D1"}
        fields |= {"user_id": self._spec["user"], "team_id": "T1"}
        return await self._send(urlencode(fields), FORM)

    async def open_home(self) -> bytes:
        """App Home is opened."""
        self._made += 1
        event = {"type": "app_home_opened", "user": self._spec["user"], "tab": "home"}
        envelope = self._known() | {"type": "event_callback", "team_id": "T1", "event": event}
        envelope |= {"event_id": f"Ev{time.time_ns()}", "event_time": int(time.time())}
        return await self._send(json.dumps(envelope), JSON)

    def _known(self) -> dict[str, Any]:
        return {"token": "bench", "api_app_id": "A1"}

    async def _send(self, body: str, content_type: str) -> bytes:
        """The body of the answer."""
        self._writer.write(signed(body, self._spec["secret"], int(time.time()), content_type))
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-len")]
        return await self._reader.readexactly(int(lengths[0].partition(b":")[2]))


async def commands(looker: Looker, count: int) -> tuple[list[float], bytes]:
    """Seconds of each, and what the last one was answered."""
    took, answer = list[float](), b""
    for _ in range(WARM + count):
        begun = time.perf_counter()
        answer = await looker.command()
        took.append(time.perf_counter() - begun)
    return took[WARM:], answer


async def homes(looker: Looker, count: int) -> tuple[list[float], list[float]]:
    """When each was opened, as a POSIX time, and seconds until that was acked."""
    opened, took = list[float](), list[float]()
    for _ in range(WARM + count):
        opened.append(time.time())
        await looker.open_home()
        took.append(time.time() - opened[-1])
        await asyncio.sleep(PAUSE_SECONDS)
    return opened[WARM:], took[WARM:]


def shown(opened: Sequence[float], control: str) -> list[float]:
    """Seconds from each opening until the home of it was published."""
    published = [at for method, at in get_json(f"{control}/calls") if method == "views.publish"]
    ends = (*opened[1:], time.time())
    found = []
    for begin, end in zip(opened, ends, strict=True):
        found.append(next(at for at in published if begin <= at <= end) - begin)
    return found


def _told(took: Sequence[float]) -> dict[str, float]:
    return {name: percentile(took, share) * 1000 for name, share in (("p50", 0.5), ("p99", 0.99))}


async def main() -> None:
    spec = read_spec()
    looker = Looker(spec)
    await looker.connect()
    took, answer = await commands(looker, spec["looks"])
    opened, acked = await homes(looker, spec["looks"])
    found = {"command": _told(took), "event": _told(acked), "answer": answer.decode()}
    if spec["homes"]:
        found["home"] = _told(shown(opened, spec["control"]))
    tell(found)


if __name__ == "__main__":
    asyncio.run(main())
