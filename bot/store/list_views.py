"""Task lists that stand in somebody's conversation and can still be redrawn for a while."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.lists import Filter, Look
from bot.store.database import Row, Tx, from_ms, to_ms

LIFETIME = timedelta(minutes=30)
USES = 5
"""How long and how often a response_url can be used (Slack's documentation)."""


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as one person sees it: the page that `look` says. `watched`: keys of tasks answered
    in it, which keep their rows although they are done. `below`: it is to be shown below the
    message of that `message_ts`, which is no list."""

    slack_user: str
    message_ts: str
    look: Look
    watched: tuple[str, ...]
    response_url: str
    expires_at: datetime
    below: bool = False


_SAVE = """
INSERT INTO list_view (slack_user, message_ts, filter, page, words, whose, watched, response_url,
                       uses, expires_at, redraw_at, below)
VALUES (:user, :ts, :filter, :page, :words, :whose, :watched, :url, 0, :expires, :now, :below)
ON CONFLICT (slack_user, message_ts) DO UPDATE
SET filter = excluded.filter, page = excluded.page, words = excluded.words, whose = excluded.whose,
    watched = excluded.watched, response_url = excluded.response_url, uses = 0,
    expires_at = excluded.expires_at, redraw_at = excluded.redraw_at, below = excluded.below
"""


def save(tx: Tx, view: ListView, now: datetime) -> None:
    """Want the list drawn as `view` says, through its newest response_url."""
    tx.run(
        _SAVE,
        {
            "user": view.slack_user,
            "ts": view.message_ts,
            **look_params(view.look),
            "watched": json.dumps(view.watched),
            "url": view.response_url,
            "expires": to_ms(view.expires_at),
            "now": to_ms(now),
            "below": view.below,
        },
    )


def find(tx: Tx, slack_user: str, message_ts: str) -> ListView | None:
    row = tx.row(
        "SELECT * FROM list_view WHERE slack_user = :user AND message_ts = :ts",
        {"user": slack_user, "ts": message_ts},
    )
    return None if row is None else _view(row)


def redraw_those_watching(tx: Tx, task_key: str, now: datetime) -> None:
    """A task has changed: redraw the lists in which it was answered."""
    tx.run(
        "UPDATE list_view SET redraw_at = :now WHERE watched LIKE :key AND expires_at > :now"
        " AND uses < :uses",
        {"key": f'%"{task_key}"%', "now": to_ms(now), "uses": USES},
    )


_TAKE = """
UPDATE list_view SET redraw_at = NULL, uses = uses + 1
WHERE (slack_user, message_ts) = (
    SELECT slack_user, message_ts FROM list_view
    WHERE redraw_at <= :now ORDER BY redraw_at LIMIT 1 {skip_locked})
  AND redraw_at <= :now
RETURNING *
"""


def take(tx: Tx, now: datetime) -> ListView | None:
    """Claim a list that must be redrawn. Never twice: a lost redraw only leaves an older list."""
    row = tx.row(_TAKE, {"now": to_ms(now)})
    return None if row is None else _view(row)


def next_due(tx: Tx) -> datetime | None:
    row = tx.row("SELECT MIN(redraw_at) AS at FROM list_view WHERE redraw_at IS NOT NULL")
    return None if row is None or row["at"] is None else from_ms(row["at"])


def forget(tx: Tx, now: datetime) -> None:
    tx.run("DELETE FROM list_view WHERE expires_at < :now", {"now": to_ms(now)})


def look_params(look: Look) -> dict[str, object]:
    """The columns that hold a look."""
    return {
        "filter": look.chosen.value,
        "page": look.page,
        "words": look.words,
        "whose": look.whose,
    }


def look_in(row: Row) -> Look:
    """The look that a row holds."""
    return Look(Filter(row["filter"]), row["page"], row["words"], row["whose"])


def _view(row: Row) -> ListView:
    return ListView(
        row["slack_user"],
        row["message_ts"],
        look_in(row),
        tuple(json.loads(row["watched"])),
        row["response_url"],
        from_ms(row["expires_at"]),
        bool(row["below"]),
    )
