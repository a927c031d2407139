"""The database: its version, its room, and whether it can be written."""

from __future__ import annotations

import asyncio

from bot.checks.finding import Finding, State, warning, well, wrong
from bot.settings import Settings
from bot.store.facts import DatabaseFacts
from bot.store.schema import MIGRATIONS
from bot.store.sqlite_facts import sqlite_facts

LITTLE_ROOM = 500 * 1024**2
NO_ROOM = 50 * 1024**2
"""Bytes free on the disk of the database."""


async def database_checks(settings: Settings) -> list[Finding]:
    """What can be told from outside; whether it can be written, opening it tells."""
    try:
        facts = await asyncio.to_thread(_facts, settings)
    except OSError as error:
        said = f"Its folder can't be looked at ({error.strerror})."
        return [wrong("database", said, "Make the folder, or correct DATABASE_URL.")]
    note = f" ({facts.note})" if facts.note else ""
    engine = well("database engine", f"{facts.engine}{note}.")
    return [_schema(facts), *_damage(facts), engine, *_room(facts)]


def _facts(settings: Settings) -> DatabaseFacts:
    if (path := settings.database_path) is not None:
        return sqlite_facts(path)
    from bot.store.postgres_facts import postgres_facts  # an extra

    return postgres_facts(settings.database_url)


def ready(found: list[Finding]) -> bool:
    """Whether the database is there and of our own schema: opening it changes nothing."""
    return any(one.check == "database" and one.state is State.OK for one in found)


def _schema(facts: DatabaseFacts) -> Finding:
    check, newest = "database", len(MIGRATIONS)
    if facts.schema == 0 or (not facts.exists and facts.trouble is None):
        return warning(check, "It is not there yet.", "The first taskbell run or sync makes it.")
    if facts.schema is None:
        said, remedy = split(facts.trouble or "It can't be read, or is no SQLite file.")
        return wrong(check, said, remedy or "Check DATABASE_URL, and the file's permissions.")
    if facts.schema > newest:
        said = f"It is of a newer version (schema {facts.schema}; this one knows {newest})."
        return wrong(check, said, "Update Taskbell, or restore an older backup.")
    size = f"{facts.size / 1024**2:.1f} MiB"
    if facts.schema < newest:
        said = f"It is of an older version (schema {facts.schema} of {newest}), {size}."
        return warning(check, said, "The next start of the bot brings it up to date.")
    return well(check, f"Schema {facts.schema} is up to date, {size}.")


def _damage(facts: DatabaseFacts) -> list[Finding]:
    if facts.damage is None:
        return []
    return [wrong("database file", f"It is damaged: {facts.damage}.", "Restore a backup.")]


def _room(facts: DatabaseFacts) -> list[Finding]:
    if facts.free is None:
        return []
    said = f"{facts.free / 1024**3:.1f} GiB are free."
    if facts.free < NO_ROOM:
        return [wrong("disk", said, "Free some room: soon nothing can be stored any more.")]
    if facts.free < LITTLE_ROOM:
        return [warning("disk", said, "Free some room.")]
    return [well("disk", said)]


def split(told: str) -> tuple[str, str]:
    """What is wrong and what to do about it, of an error's one sentence."""
    said, _, remedy = told.partition("; ")
    return f"{said.rstrip('.')}.", f"{remedy[:1].upper()}{remedy[1:]}"
