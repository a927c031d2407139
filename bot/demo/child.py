"""The bot of the demo: `taskbell run` by the sandbox's clock, for as long as the sandbox lives.

    python -m bot.demo.child CLOCK [SLACK_USER:CONNECTION:OPERATOR ...]

A line on its standard input says that the clock was moved, or that there may be something new
`everywhere`, for which it polls: it does what is due, and answers when it will have more to do. The
settings come from the environment, as ever; CLOCK is the file of the clock.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from adapters import registry
from bot import logs
from bot.app import Taskbell, open_ground
from bot.domain.clock import Clock
from bot.engine.lock import CannotLock
from bot.linking import add_link
from bot.run import CannotServe, running
from bot.settings import Settings, load
from bot.slack.client import SlackUnauthorized
from bot.stopping import stop_on_signals
from bot.store.database import StorageError, Tx
from bot.store.people import Link
from sandbox.shared_clock import SharedClock

POLL_SECONDS = 8.0
"""How long polls may keep the answer waiting: a provider may be down, and the machine slow."""
REST_SECONDS = 1.0
"""How long the work may."""

_LOOK_EVERY = 0.01


def main(arguments: Sequence[str]) -> None:
    """Run until asked to stop; what can be foreseen ends in one line and status 1."""
    path, *links = arguments
    clock = SharedClock(Path(path))
    settings = load(os.environ, Path(path).parent, registry)
    logs.configure(settings.log)
    try:
        asyncio.run(_run(settings, clock, links))
    except (SlackUnauthorized, CannotServe, CannotLock, StorageError) as error:
        sys.exit(str(error))


async def _run(settings: Settings, clock: Clock, links: Sequence[str]) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop)
    path = settings.database_path
    if path is not None and not path.exists():
        await _link(settings, clock, links)
    async with running(settings, clock) as taskbell:
        listening = asyncio.create_task(_listen(taskbell))
        listening.add_done_callback(lambda _: stop.set())  # without the sandbox, nothing is to do
        await stop.wait()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _link(settings: Settings, clock: Clock, links: Sequence[str]) -> None:
    """Link those whom no directory tells, as an admin would have."""
    async with open_ground(settings, clock, owner=False) as ground:

        def link(tx: Tx) -> None:
            for words in links:
                slack_user, connection, operator = words.split(":")
                made = Link(connection, operator, slack_user, "admin", "demo", clock.now())
                add_link(tx, ground, made)

        await ground.db.write(link)


async def _listen(taskbell: Taskbell) -> None:
    """Answer the sandbox, until it is gone."""
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    polls = set[asyncio.Task[None]]()
    try:
        while line := await lines.readline():
            if line == b"everywhere\n":
                polls = polls or {asyncio.create_task(taskbell.tick_all())}
                _, polls = await asyncio.wait(polls, timeout=POLL_SECONDS)
            due = await _rested(taskbell)
            answer = "looked" if due is None else f"looked {due.isoformat(timespec='microseconds')}"
            sys.stdout.write(f"{answer}\n")
            sys.stdout.flush()
    finally:
        for poll in polls:
            poll.cancel()


async def _rested(taskbell: Taskbell) -> datetime | None:
    """Let everything that is due be done; returns when there is more."""
    taskbell.wake()
    due, quiet = await taskbell.next_due(), 0
    deadline = asyncio.get_running_loop().time() + REST_SECONDS
    while quiet < 2 and asyncio.get_running_loop().time() < deadline:
        # Twice: between two looks, what is under way may bring more.
        await asyncio.sleep(_LOOK_EVERY)
        due = await taskbell.next_due()
        quiet = quiet + 1 if due is None or due > taskbell.ground.clock.now() else 0
    return due


if __name__ == "__main__":
    main(sys.argv[1:])
