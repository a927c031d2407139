"""Reading the bodies of requests that anybody may send."""

from __future__ import annotations

from starlette.types import Receive

MAX_BYTES = 1_048_576
"""More than any payload of Slack's, and than any push."""


async def read_body(receive: Receive) -> bytes | None:
    """The whole body; None when it is larger than `MAX_BYTES`."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BYTES:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
