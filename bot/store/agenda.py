"""Whom the bot must look at, and when: one row for each reader that it may speak to by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.store.database import Row, Tx, from_ms, from_ms_or_none, to_ms, to_ms_or_none


@dataclass(frozen=True, slots=True)
class Entry:
    """A reader (a Slack user or a channel). `digest_day`: their local day of the newest digest that
    was told or counts as told; None: they were never looked at. `cards`: how many cards of new
    tasks came at once, the first of them at `cards_at`."""

    reader: str
    digest_day: date | None
    cards: int
    cards_at: datetime | None


def ensure(tx: Tx, reader: str, now: datetime) -> None:
    """Look at somebody whom nobody has looked at yet."""
    tx.run(
        "INSERT INTO agenda (reader, look_at) VALUES (:reader, :now)"
        " ON CONFLICT (reader) DO NOTHING",
        {"reader": reader, "now": to_ms(now)},
    )


def look_at_all(tx: Tx, now: datetime) -> None:
    """The settings may be others: look at everybody."""
    tx.run("UPDATE agenda SET look_at = :now", {"now": to_ms(now)})


_LOOK_NOW = """
INSERT INTO agenda (reader, look_at) VALUES (:reader, :now)
ON CONFLICT (reader) DO UPDATE SET look_at = excluded.look_at
WHERE agenda.look_at IS NULL OR agenda.look_at > excluded.look_at
"""


def look_now(tx: Tx, reader: str, now: datetime) -> None:
    """Something about the reader changed: news, their links, what they prefer."""
    tx.run(_LOOK_NOW, {"reader": reader, "now": to_ms(now)})


def next_look(tx: Tx) -> datetime | None:
    """When the next reader must be looked at."""
    row = tx.row("SELECT MIN(look_at) AS at FROM agenda WHERE look_at IS NOT NULL")
    return None if row is None or row["at"] is None else from_ms(row["at"])


def due(tx: Tx, now: datetime, limit: int) -> list[Entry]:
    """Readers who must be looked at by now, the longest waiting first; until the transaction ends,
    no other process gets them."""
    rows = tx.rows(
        "SELECT * FROM agenda WHERE look_at <= :now ORDER BY look_at LIMIT :limit {skip_locked}",
        {"now": to_ms(now), "limit": limit},
    )
    return [_entry(row) for row in rows]


def looked(tx: Tx, reader: str, look_at: datetime | None) -> None:
    """They were looked at; `look_at`: when they must be again, None: when something changes."""
    tx.run(
        "UPDATE agenda SET look_at = :look WHERE reader = :reader",
        {"reader": reader, "look": to_ms_or_none(look_at)},
    )


def digested(tx: Tx, reader: str, day: date) -> None:
    """The digest of that day of theirs is told, or counts as told."""
    tx.run(
        "UPDATE agenda SET digest_day = :day WHERE reader = :reader",
        {"reader": reader, "day": day.isoformat()},
    )


def carded(tx: Tx, reader: str, cards: int, since: datetime) -> None:
    """So many cards of new tasks have come at once, the first of them at `since`."""
    tx.run(
        "UPDATE agenda SET cards = :cards, cards_at = :since WHERE reader = :reader",
        {"reader": reader, "cards": cards, "since": to_ms(since)},
    )


def _entry(row: Row) -> Entry:
    day = row["digest_day"]
    return Entry(
        row["reader"],
        None if day is None else date.fromisoformat(day),
        row["cards"],
        from_ms_or_none(row["cards_at"]),
    )
