"""One running bot for each SQLite file."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotLock(Exception):
    """The database cannot be held for this process; the text says why and what to do."""


class AlreadyRunning(CannotLock):
    """Another process runs the bot on this database."""


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold the database for this process while the block runs; the system lets go of it when the
    process ends, however it ends."""
    path = database.with_name(f"{database.name}.lock")
    try:
        handle = path.open("a")
    except OSError as error:
        raise CannotLock(
            f"Cannot write {path} ({error.strerror}): the database's folder must exist and be"
            " writable; check DATABASE_URL."
        ) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Another taskbell already runs on {database}; stop it first, or use another"
                " DATABASE_URL."
            ) from None
        yield
