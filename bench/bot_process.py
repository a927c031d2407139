"""The bot itself: `taskbell run` in a process of its own, as people run it."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.children import end, plain_environment

TASKBELL = Path(sys.executable).with_name("taskbell")
PATIENCE_SECONDS = 90.0
RESULT_STATUS = (
    "SALE_COMPLETED=EFFECTIVE,NOT_INTERESTED=NOT_EFFECTIVE,"
    "RESCHEDULE=PENDING,NO_CONTACT=NOT_EFFECTIVE"
)

_DUE = """
SELECT (SELECT COUNT(*) FROM intent WHERE handled_at IS NULL)
     + (SELECT COUNT(*) FROM task WHERE look_at = 0)
     + (SELECT COUNT(*) FROM message WHERE due_at IS NOT NULL AND kind <> 'whisper')
"""
"""Private sentences, of which a second click on a task brings one, take minutes at Slack's pace."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot. `healthy_after`: seconds from its start to its first good /healthz."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    healthy_after: float

    def memory(self) -> float:
        """Resident memory in MB (10⁶ bytes)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = get_json(f"http://127.0.0.1:{self.port}/healthz")
        return found

    def rest(self) -> None:
        """Wait until the bot has done all that clicks, links and listings made due."""
        with closing(sqlite3.connect(self.folder / "taskbell.db")) as db:
            until(lambda: db.execute(_DUE).fetchone()[0] == 0)

    def polls_done(self, connection: str) -> str | None:
        """When the connection's last good poll was."""
        found: str | None = self.health()["connections"][connection]["last_good_poll"]
        return found


@contextlib.contextmanager
def running(world: Mapping[str, Any], folder: Path, **more: str) -> Iterator[Bot]:
    """`taskbell run` on Reten while the block runs. `more`: settings."""
    port = free_port()
    with (folder / "bot.log").open("ab") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own programs
            [TASKBELL, "run"], cwd=folder, env=settings(world, port) | more, stdout=log, stderr=log
        )
        try:
            until(lambda: is_healthy(process, port), pause=0.005)
            yield Bot(process, port, folder, time.perf_counter() - begun)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            end(process)


def link(world: Mapping[str, Any], folder: Path) -> None:
    """Link the person to her operator, as an admin does."""
    command = [
        *(TASKBELL, "links", "add", "--slack", world["user"]),
        *("--connection", "reten", "--operator", "OP-042"),
    ]
    subprocess.run(  # noqa: S603 - our own program
        command, cwd=folder, env=settings(world, 0), check=True, stdout=subprocess.DEVNULL
    )


def settings(world: Mapping[str, Any], port: int) -> dict[str, str]:
    return plain_environment() | {
        "SLACK_BOT_TOKEN": world["token"],
        "SLACK_SIGNING_SECRET": world["secret"],
        "SLACK_API_URL": world["slack"],
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "RETEN_API_KEY": world["reten"]["options"]["api_key"],
        "RETEN_BASE_URL": world["reten"]["options"]["base_url"],
        "RETEN_RESULT_STATUS": RESULT_STATUS,
        "TASKBELL_LOG": "json",
        # By the machine's clock, whatever day and hour it is.
        "TASKBELL_WORKING_DAYS": "mon-sun",
        "TASKBELL_QUIET_HOURS": "off",
    }


def is_healthy(process: subprocess.Popen[bytes], port: int) -> bool:
    if process.poll() is not None:
        raise RuntimeError("taskbell run ended before it was healthy")
    try:
        get_json(f"http://127.0.0.1:{port}/healthz")
    except (OSError, urllib.error.URLError):
        return False
    return True


def until(condition: Callable[[], object], pause: float = 0.05) -> None:
    """Wait for something that must come."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError("the bot did not get there")
        time.sleep(pause)


def get_json(url: str) -> Any:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url, timeout=10) as answer:
        return json.load(answer)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
