"""Views that live: App Homes, and lists in views of their own. A row says what somebody looks at,
and what Slack is known to show of it, so that any process may draw it anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.lists import Look
from bot.domain.model import Whisper
from bot.store import codec
from bot.store.database import Row, Tx, from_ms, to_ms
from bot.store.list_views import look_in, look_params

LIFETIME = timedelta(minutes=30)
"""How long a view follows its tasks after it was opened or used."""

REST = timedelta(seconds=1)
"""How long to gather changes of tasks before a view is drawn for them."""


class Kind(StrEnum):
    """What kind of view it is."""

    HOME = "home"
    MODAL = "modal"


def home_of(slack_user: str) -> str:
    """The id of somebody's App Home: they have one."""
    return f"home:{slack_user}"


@dataclass(frozen=True, slots=True)
class Screen:
    """A view as one person has it open. `id`: Slack's of a modal, else `home_of`; `watched`: keys
    of tasks answered in it, which keep their rows although they are done; `said`: what is to be
    told in it. `asked`: the person waits for it, so that it is drawn even where nothing changed
    since `shown`, a fingerprint. `wishes` grows with each wish to see it drawn."""

    id: str
    kind: Kind
    slack_user: str
    look: Look
    watched: tuple[str, ...]
    said: Whisper | None
    shown: str | None
    asked: bool
    wishes: int


_USE = """
INSERT INTO screen (id, kind, slack_user, filter, page, words, whose, watched, redraw_at,
                    expires_at)
VALUES (:id, :kind, :user, :filter, :page, :words, :whose, :watched, :now, :expires)
ON CONFLICT (id) DO UPDATE
SET filter = excluded.filter, page = excluded.page, words = excluded.words, whose = excluded.whose,
    watched = excluded.watched, said = NULL, asked = 1, wishes = screen.wishes + 1,
    redraw_at = CASE WHEN screen.drawing = 1 THEN screen.redraw_at ELSE excluded.redraw_at END,
    expires_at = excluded.expires_at
"""


def use(
    tx: Tx,
    screen_id: str,
    kind: Kind,
    slack_user: str,
    look: Look,
    watched: Iterable[str],
    now: datetime,
) -> None:
    """Somebody has opened a view, or acted in it: draw it as `look` says, and let it live on."""
    tx.run(
        _USE,
        {
            "id": screen_id,
            "kind": kind.value,
            "user": slack_user,
            **look_params(look),
            "watched": json.dumps(tuple(watched)),
            "now": to_ms(now),
            "expires": to_ms(now + LIFETIME),
        },
    )


def say(tx: Tx, screen_id: str, whisper: Whisper) -> bool:
    """Tell somebody a private sentence in the view that they look at; False when there is none."""
    changed = tx.run(
        "UPDATE screen SET said = :said WHERE id = :id",
        {"id": screen_id, "said": codec.dump_whisper(whisper)},
    )
    return changed > 0


def find(tx: Tx, screen_id: str) -> Screen | None:
    row = tx.row("SELECT * FROM screen WHERE id = :id", {"id": screen_id})
    return None if row is None else _screen(row)


_REDRAW = """
UPDATE screen SET wishes = wishes + 1, redraw_at = COALESCE(redraw_at, :at)
WHERE expires_at > :now AND (showing LIKE :key OR watched LIKE :key OR slack_user IN (
    SELECT link.slack_user FROM assignment
    JOIN link ON link.connection = assignment.connection
      AND link.operator_id = assignment.operator_id
    WHERE assignment.connection = :connection AND assignment.task_id = :task))
"""


def redraw_those_showing(
    tx: Tx, connection: str, task_id: str, task_key: str, now: datetime
) -> None:
    """A task may have changed: look again at the views that show it, and at those of whoever has
    it."""
    tx.run(
        _REDRAW,
        {
            "connection": connection,
            "task": task_id,
            "key": f'%"{task_key}"%',
            "now": to_ms(now),
            "at": to_ms(now + REST),
        },
    )


def redraw_of(tx: Tx, slack_users: Iterable[str], now: datetime) -> None:
    """Something but their tasks has changed for these people: look again at their views."""
    tx.run_many(
        "UPDATE screen SET wishes = wishes + 1, redraw_at = COALESCE(redraw_at, :at)"
        " WHERE slack_user = :user AND expires_at > :now",
        [{"user": user, "now": to_ms(now), "at": to_ms(now + REST)} for user in slack_users],
    )


_TAKE = """
UPDATE screen SET drawing = 1, redraw_at = :lease
WHERE id = (
    SELECT id FROM screen WHERE kind = :kind AND redraw_at <= :now AND expires_at > :now
    ORDER BY redraw_at LIMIT 1 {skip_locked})
  AND redraw_at <= :now
RETURNING *
"""


def take(tx: Tx, kind: Kind, now: datetime, lease: timedelta) -> Screen | None:
    """Claim a view that must be drawn; others leave it alone until it is, or `lease` is over."""
    row = tx.row(_TAKE, {"kind": kind.value, "now": to_ms(now), "lease": to_ms(now + lease)})
    return None if row is None else _screen(row)


_DRAWN = """
UPDATE screen
SET shown = :shown, showing = :showing, drawing = 0,
    asked = CASE WHEN wishes = :wishes THEN 0 ELSE asked END,
    redraw_at = CASE WHEN wishes = :wishes THEN NULL ELSE :now END
WHERE id = :id
"""


def drawn(tx: Tx, screen: Screen, shown: str, showing: Iterable[str], now: datetime) -> None:
    """Slack shows the view so; where somebody has wished for more meanwhile, it is next again."""
    tx.run(
        _DRAWN,
        {
            "id": screen.id,
            "shown": shown,
            "showing": json.dumps(tuple(showing)),
            "wishes": screen.wishes,
            "now": to_ms(now),
        },
    )


def put_off(tx: Tx, screen: Screen, until: datetime) -> None:
    """It could not be drawn: try again then."""
    tx.run(
        "UPDATE screen SET drawing = 0, redraw_at = :until WHERE id = :id",
        {"id": screen.id, "until": to_ms(until)},
    )


def close(tx: Tx, screen_id: str) -> None:
    """The view is there no more."""
    tx.run("DELETE FROM screen WHERE id = :id", {"id": screen_id})


def next_due(tx: Tx, now: datetime) -> Mapping[Kind, datetime]:
    """When the next view of each kind is to be drawn."""
    rows = tx.rows(
        "SELECT kind, MIN(redraw_at) AS at FROM screen"
        " WHERE redraw_at IS NOT NULL AND expires_at > :now GROUP BY kind",
        {"now": to_ms(now)},
    )
    return {Kind(row["kind"]): from_ms(row["at"]) for row in rows}


def forget(tx: Tx, now: datetime) -> None:
    tx.run("DELETE FROM screen WHERE expires_at < :now", {"now": to_ms(now)})


def _screen(row: Row) -> Screen:
    return Screen(
        id=row["id"],
        kind=Kind(row["kind"]),
        slack_user=row["slack_user"],
        look=look_in(row),
        watched=tuple(json.loads(row["watched"])),
        said=codec.load_whisper(row["said"]) if row["said"] else None,
        shown=row["shown"],
        asked=bool(row["asked"]),
        wishes=row["wishes"],
    )
