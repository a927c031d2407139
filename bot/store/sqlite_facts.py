"""What a SQLite file is like."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from bot.store.facts import DatabaseFacts

BUSY_SECONDS = 2.0
CHECK_SECONDS = 5.0
"""How long the file may be looked through for damage; a larger one is told whole unproven."""


SOUND_LOG = (3, 51, 3)
"""From this version on, two processes may write back the log of one database."""

_NOTE = "before 3.51.3 two processes could break its log: here just one writes it back"


def sqlite_facts(path: Path) -> DatabaseFacts:
    """Look at the file; OSError where its folder can't be looked at."""
    files = [one for one in (path, path.with_name(f"{path.name}-wal")) if one.exists()]
    facts = DatabaseFacts(
        f"SQLite {sqlite3.sqlite_version}",
        exists=path.exists(),
        size=sum(one.stat().st_size for one in files),
        free=shutil.disk_usage(path.parent).free,
        note=None if sqlite3.sqlite_version_info >= SOUND_LOG else _NOTE,
    )
    if not facts.exists:
        writable = os.access(path.parent, os.W_OK)
        return facts if writable else replace(facts, trouble="Its folder can't be written.")
    try:
        with closing(_opened(path)) as db:
            return replace(facts, schema=_schema(db), damage=_damage(db))
    except sqlite3.Error:
        return facts


def _opened(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    db = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    db.execute("PRAGMA query_only = ON")
    return db


def _schema(db: sqlite3.Connection) -> int:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").fetchone():
        return 0
    (version,) = db.execute("SELECT COALESCE(MAX(version), 0) FROM schema_version").fetchone()
    return int(version)


def _damage(db: sqlite3.Connection) -> str | None:
    deadline = time.monotonic() + CHECK_SECONDS
    db.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
    try:
        (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            return None
        raise
    return None if said == "ok" else str(said).replace("\n", " ")
