"""Who works on a SQLite file: one running bot, and short commands beside it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class CannotLock(Exception):
    """The database cannot be held for this process; the text says why and what to do."""


class AlreadyRunning(CannotLock):
    """Another process runs the bot on this database."""


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold the database for this process while the block runs; the system lets go of it when the
    process ends, however it ends."""
    with _opened(database, "lock") as handle:
        if not _taken(handle, fcntl.LOCK_EX):
            raise AlreadyRunning(
                f"Another taskbell already runs on {database}; stop it first, or use another"
                " DATABASE_URL."
            )
        yield


@contextmanager
def beside(database: Path) -> Iterator[None]:
    """Let others know, while the block runs, that this process posts and submits too."""
    with _opened(database, "beside") as handle:
        _taken(handle, fcntl.LOCK_SH)
        yield


def alone(database: Path) -> bool:
    """Whether nobody posts or submits beside us now: what looks as if it were being sent was left
    so by a process that died."""
    with _opened(database, "beside") as handle:
        return _taken(handle, fcntl.LOCK_EX)


def _opened(database: Path, ending: str) -> IO[str]:
    path = database.with_name(f"{database.name}.{ending}")
    try:
        return path.open("a")
    except OSError as error:
        raise CannotLock(
            f"Cannot write {path} ({error.strerror}): the database's folder must exist and be"
            " writable; check DATABASE_URL."
        ) from None


def _taken(handle: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
