"""The long form: `python -m tests.torture --kills 1000 --seed 1`."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases.server import Server
from tests.torture.torment import report, torment


@contextmanager
def server_of(kind: str) -> Iterator[str]:
    """The address of an empty database while the block runs; none for SQLite."""
    if kind == "sqlite":
        yield ""
        return
    server = Server.make()
    try:
        server.start()
        yield server.url("postgres")
    finally:
        server.remove()


def main() -> int:
    """Torture the bot, print the figures; 1 when anything did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--folder", type=Path, help="a new folder, to keep the database and the log"
    )
    chosen = parser.parse_args()
    if chosen.folder and chosen.folder.exists() and any(chosen.folder.iterdir()):
        parser.error(f"{chosen.folder} is not empty")
    with tempfile.TemporaryDirectory() as spare:
        folder = chosen.folder or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        with server_of(chosen.database) as address:
            figures = asyncio.run(torment(folder.resolve(), chosen.seed, chosen.kills, address))
    sys.stdout.write(report(figures))
    return bool(figures.violations)


if __name__ == "__main__":
    sys.exit(main())
