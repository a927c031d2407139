"""A copy of a SQLite file as it is at one moment, while a bot works on it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from bot.store.database import StorageError


def back_up(source: Path, target: Path) -> None:
    """Write a whole copy of `source` to `target`, which is not there before, or is only once the
    copy is complete and proven. Raises StorageError."""
    if target.exists():
        raise StorageError(f"{target} is there already; name a file that is not.")
    part = target.with_name(f"{target.name}.part")
    try:
        _copied(source, part)
        shutil.copymode(source, part)
        _flushed(part)
        part.rename(target)
    except OSError as error:
        raise StorageError(f"Cannot write {target} ({error.strerror}).") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _copied(source: Path, part: Path) -> None:
    address = f"file:{quote(str(source.absolute()))}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True)) as db:
            # Only the bot writes the log back; see the driver.
            db.execute("PRAGMA wal_autocheckpoint = 0")
            part.unlink(missing_ok=True)
            with closing(sqlite3.connect(part, isolation_level=None)) as copy:
                db.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"The backup failed: {_reason(error)}.") from error
    if said != "ok":
        raise StorageError("The backup failed: the database is damaged; restore an older backup.")


def _reason(error: sqlite3.Error) -> str:
    text = str(error)
    if "unable to open" in text:
        return "a file cannot be opened; check DATABASE_URL, and that the folder can be written"
    if "full" in text or "disk I/O" in text:
        return "there is no room for it; free some, or name a file on another disk"
    if "malformed" in text or "not a database" in text:
        return "the database is damaged; restore an older backup"
    return text


def _flushed(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())
