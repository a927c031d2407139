"""What the database must hold once a storm is over and the processes have stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sandbox.slack.model import Person
from tests.databases.kinds import AnyDatabase, SqliteFile
from tests.torture.storm import Clicked

CLOCKS = 20
"""Milliseconds by which a process may be wrong about the clock of the database's server."""

Rows = Callable[[str], list[tuple[Any, ...]]]


def faults_in(
    database: AnyDatabase, people: Sequence[Person], clicks: Sequence[Clicked]
) -> list[str]:
    """A sentence for everything that is not as it should be."""
    found = [*_clicks(database.rows, people, clicks), *_messages(database.rows)]
    if isinstance(database, SqliteFile):
        found += _damage(database.rows)
    return found


def _clicks(rows: Rows, people: Sequence[Person], clicks: Sequence[Clicked]) -> Iterator[str]:
    """Acked clicks of which nothing is known, or about which nothing was done."""
    stored: dict[tuple[str, str], list[tuple[int, int | None]]] = {}
    for user, ts, received_at, handled_at in rows(
        "SELECT slack_user, message_ts, received_at, handled_at FROM intent"
    ):
        stored.setdefault((user, ts), []).append((received_at, handled_at))
    for click in clicks:
        known = stored.get((people[click.person].id, click.ts), [])
        began, ended = click.began * 1000 - CLOCKS, click.ended * 1000 + CLOCKS
        mine = [handled for received, handled in known if began <= received <= ended]
        if click.acked and not mine:
            yield f"{click.item}: a click on {click.label} was acked, and never stored"
        if mine and None in mine:
            yield f"{click.item}: a click on {click.label} was stored, and nothing done about it"


def _messages(rows: Rows) -> Iterator[str]:
    """Messages that do not show what they should, or about which something is left to do."""
    for key, state, due_at in rows(
        "SELECT key, state, due_at FROM message WHERE kind <> 'whisper' AND state <> 'refused'"
        " AND (state <> 'sent' OR due_at IS NOT NULL OR COALESCE(shown, '') <> wanted)"
    ):
        rest = "rests" if due_at is None else "is still due"
        yield f"the message {key} is {state} and {rest}, but does not show what it should"
    for name, count in rows(
        "SELECT connection, COUNT(*) FROM submission WHERE finished_at IS NULL GROUP BY connection"
    ):
        yield f"{name}: {count} answers are still on their way"


def _damage(rows: Rows) -> Iterator[str]:
    """What is wrong with a SQLite file."""
    ((told,),) = rows("PRAGMA integrity_check")
    if told != "ok":
        yield f"the database is damaged: {told}"
    for row in rows("PRAGMA foreign_key_check"):
        yield f"a row of {row[0]} refers to nothing"
