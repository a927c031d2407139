"""A PostgreSQL for the benches, which waits for the disk as one does that people rely on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.databases.server import CARELESS, Server

_DURABLE = {
    "autovacuum": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}


@contextmanager
def postgres() -> Iterator[Server]:
    """A server of its own while the block runs."""
    server = Server.make({**CARELESS, **_DURABLE})
    try:
        server.start()
        yield server
    finally:
        server.remove()
