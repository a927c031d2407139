"""How fast the bot is there, what it holds, and that a quiet poll of the running bot is quiet."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.bot_process import Bot, get_json, link, running, until
from bench.children import child
from bench.figures import Figure, bounded
from bench.scale import Scale

HEALTHY_SECONDS = 2.0
MEMORY_MB = 150.0


def bench(scale: Scale) -> Iterator[Figure]:
    with child("world", {"reten": scale.tasks}) as world, tempfile.TemporaryDirectory() as folder:
        yield _start(scale, world.told, Path(folder))
        link(world.told, Path(folder))
        # A poll every second: the next begins when the last one has ended.
        with running(world.told, Path(folder), TASKBELL_POLL_INTERVAL="1") as bot:
            yield _memory(scale, bot)
            yield _quiet(scale, bot, world.told["control"])


def _start(scale: Scale, world: dict[str, str], folder: Path) -> Figure:
    """Each time with a database that is new or, from the second on, that knows all tasks."""
    took = []
    for _ in range(scale.starts):
        with running(world, folder) as bot:
            took.append(bot.healthy_after)
    return bounded("taskbell run: healthy after its start", median(took), HEALTHY_SECONDS, "s")


def _memory(scale: Scale, bot: Bot) -> Figure:
    """After the ingest and a second poll."""
    until(lambda: bot.polls_done("reten"))
    first = bot.polls_done("reten")
    until(lambda: bot.polls_done("reten") != first)
    bot.rest()
    with closing(_open(bot)) as db:
        (held,) = db.execute("SELECT COUNT(*) FROM task WHERE standing = 'open'").fetchone()
    assert held == scale.tasks, held
    return bounded(f"taskbell run: memory with {held:,} open tasks", bot.memory(), MEMORY_MB, "MB")


def _quiet(scale: Scale, bot: Bot, control: str) -> Figure:
    """Two whole polls of the running bot, watched from beside it."""
    with closing(_open(bot)) as db:
        before, asked = _written(db, bot), get_json(f"{control}/asked")
        for _ in range(2):
            done = bot.polls_done("reten")
            until(lambda done=done: bot.polls_done("reten") != done)  # type: ignore[misc]
        after, now = _written(db, bot), get_json(f"{control}/asked")
    pages = now["reten"] - asked["reten"]
    assert pages >= scale.tasks // 100, "no whole poll was watched"
    calls = now["slack"] - asked["slack"]
    text = f"{'no' if before == after else 'a'} write, {calls} calls"
    name = f"taskbell run: unchanged polls ({pages} pages) write and say"
    return Figure(name, text, target="nothing", met=before == after and calls == 0)


def _open(bot: Bot) -> sqlite3.Connection:
    return sqlite3.connect(bot.folder / "taskbell.db")


def _written(db: sqlite3.Connection, bot: Bot) -> tuple[int, int, int]:
    """What moves with every write of another connection: SQLite's own counter, and the log."""
    (version,) = db.execute("PRAGMA data_version").fetchone()
    log = (bot.folder / "taskbell.db-wal").stat()
    return version, log.st_size, log.st_mtime_ns
