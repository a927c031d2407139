"""Messages on their way to Slack, and what is known to stand there.

    pending → sending → sent | refused | retry | unknown → pending | sent

`due_at` is when something must be done: post (pending, retry), find out (unknown, or sending past
its deadline), redraw (sent). A message with no `due_at` rests; one whose `due_at` is its
`busy_until` is being dealt with.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.model import Card, CardView, Reason, Whisper
from bot.domain.planner import NewCard
from bot.store import codec
from bot.store.database import Row, Tx, from_ms, from_ms_or_none, to_ms


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed message. `state`: sending (post it), unknown (find out whether it stands), sent
    (redraw it). `sending_at`: since when it may stand in Slack. `wanted`: a view, notice or
    whisper as JSON, by `kind`."""

    key: str
    kind: str
    reader: str
    connection: str | None
    task_id: str | None
    wanted: str
    channel: str | None
    ts: str | None
    state: str
    attempt: int
    sending_at: datetime | None
    reason: str | None
    busy_until: datetime
    """The end of the claim, which names it: what comes of it is stored only while nobody else has
    claimed the message."""


_ADD = """
INSERT INTO message (key, kind, reader, connection, task_id, reason, moment, live, wanted, channel,
                     state, due_at, created_at)
VALUES (:key, :kind, :reader, :connection, :task_id, :reason, :moment, :live, :wanted, :channel,
        'pending', :due_at, :now)
ON CONFLICT (key) DO NOTHING
"""


def _add(tx: Tx, kind: str, reader: str, wanted: str, now: datetime, **more: object) -> None:
    params: dict[str, object] = dict.fromkeys(
        ("connection", "task_id", "reason", "moment", "channel")
    )
    params |= {
        "key": secrets.token_hex(12),
        "kind": kind,
        "reader": reader,
        "live": 0,
        "wanted": wanted,
        "now": to_ms(now),
        "due_at": to_ms(now),
    }
    tx.run(_ADD, params | more)


def add_card(tx: Tx, connection: str, task_id: str, card: NewCard, now: datetime) -> None:
    """Want a new card; the reader's live one for the task steps back, and is no longer posted if
    it never was."""
    tx.run(
        "UPDATE message SET live = 0 WHERE connection = :connection AND task_id = :id"
        " AND reader = :reader AND live = 1",
        {"connection": connection, "id": task_id, "reader": card.reader},
    )
    tx.run(
        "UPDATE message SET state = 'refused', error = 'a newer card took its place',"
        " due_at = NULL WHERE kind = 'card' AND live = 0 AND state IN ('pending', 'retry')"
        " AND connection = :connection AND task_id = :id AND reader = :reader",
        {"connection": connection, "id": task_id, "reader": card.reader},
    )
    _add(
        tx,
        "card",
        card.reader,
        codec.dump_view(card.view),
        now,
        connection=connection,
        task_id=task_id,
        reason=card.reason.value,
        moment=card.moment,
        live=1,
    )


def add_notice(
    tx: Tx,
    reader: str,
    notice: Whisper,
    now: datetime,
    not_before: datetime | None = None,
    key: str | None = None,
) -> None:
    """Want a message that stays: a summary, a word to the admins. `not_before`: when the reader may
    be told. `key`: by which it is found, to be written otherwise."""
    more = {"key": key} if key else {}
    due_at = to_ms(now if not_before is None else not_before)
    _add(tx, "notice", reader, codec.dump_whisper(notice), now, due_at=due_at, **more)


def add_whisper(
    tx: Tx,
    reader: str,
    channel: str | None,
    whisper: Whisper,
    now: datetime,
    key: str | None = None,
) -> None:
    """Want a private sentence where the person clicked. `key`: the same for the same click, which
    is answered once."""
    more = {"key": key} if key else {}
    _add(tx, "whisper", reader, codec.dump_whisper(whisper), now, channel=channel, **more)


_SET_VIEW = """
UPDATE message
SET wanted = :wanted,
    due_at = CASE WHEN state <> 'sent' OR (due_at = busy_until AND due_at > :now) THEN due_at
                  WHEN shown = :wanted THEN NULL
                  WHEN due_at <= :now THEN due_at
                  ELSE :now END
WHERE key = :key
"""


def set_view(tx: Tx, key: str, view: CardView, now: datetime) -> None:
    """Want a card to look otherwise: a posted one is redrawn, one on its way is posted so. While
    it waits for its turn, or is being redrawn, one more change costs no more calls."""
    set_wanted(tx, key, codec.dump_view(view), now)


def set_wanted(tx: Tx, key: str, wanted: str, now: datetime) -> None:
    """The same for any message that can be redrawn."""
    tx.run(_SET_VIEW, {"key": key, "wanted": wanted, "now": to_ms(now)})


def set_notice(tx: Tx, key: str, now: datetime, changed: Mapping[str, str]) -> None:
    """Want a notice to say otherwise what has `changed` among its params."""
    row = tx.row("SELECT wanted FROM message WHERE key = :key", {"key": key})
    if row is not None:
        notice = codec.load_whisper(row["wanted"])
        anew = Whisper(notice.code, {**notice.params, **changed})
        set_wanted(tx, key, codec.dump_whisper(anew), now)


_CLICKED = "UPDATE message SET clicked_at = :now WHERE live = 1 AND reader IN (:user, :channel)"
_CARD = " AND kind = 'card' AND connection = :connection AND task_id = :id"
_BOARDS = """
 AND key IN (SELECT board FROM board_task WHERE connection = :connection AND task_id = :id)
"""


def clicked(
    tx: Tx, connection: str, task_id: str, user: str, channel: str | None, now: datetime
) -> None:
    """Somebody clicked, and looks at their card of the task, at a board that lists it, or at those
    in the channel."""
    params = {"connection": connection, "id": task_id, "user": user, "channel": channel}
    tx.run(_CLICKED + _CARD, params | {"now": to_ms(now)})
    tx.run(_CLICKED + _BOARDS, params | {"now": to_ms(now)})


def clicked_at(tx: Tx, connection: str, task_id: str) -> datetime | None:
    """When somebody last clicked on a card of the task."""
    row = tx.row(
        "SELECT MAX(clicked_at) AS at FROM message WHERE kind = 'card'"
        " AND connection = :connection AND task_id = :id",
        {"connection": connection, "id": task_id},
    )
    return None if row is None else from_ms_or_none(row["at"])


def redraw_all_of(tx: Tx, reader: str, now: datetime) -> None:
    """How a reader's cards are written has changed (their zone): redraw the live ones."""
    tx.run(
        "UPDATE message SET due_at = :now, shown = NULL"
        " WHERE reader = :reader AND live = 1 AND state = 'sent'",
        {"reader": reader, "now": to_ms(now)},
    )


def cards_of(tx: Tx, connection: str, task_id: str) -> list[Card]:
    """Every card of a task that was not refused, oldest first."""
    rows = tx.rows(
        "SELECT * FROM message WHERE kind = 'card' AND connection = :connection"
        " AND task_id = :id AND state <> 'refused' ORDER BY created_at",
        {"connection": connection, "id": task_id},
    )
    return [
        Card(
            key=row["key"],
            reader=row["reader"],
            reason=Reason(row["reason"]),
            moment=row["moment"],
            created_at=from_ms(row["created_at"]),
            view=codec.load_view(row["wanted"]),
            live=bool(row["live"]),
            sent=row["state"] == "sent",
        )
        for row in rows
    ]


_CLAIM = """
UPDATE message
SET state = CASE state WHEN 'pending' THEN 'sending' WHEN 'retry' THEN 'sending'
                       WHEN 'sending' THEN 'unknown' ELSE state END,
    sending_at = CASE WHEN state IN ('pending', 'retry') THEN :now ELSE sending_at END,
    attempt = attempt + 1, due_at = :deadline, busy_until = :deadline, holder = :holder
WHERE key = :key AND due_at <= :now
RETURNING *
"""


def claim(tx: Tx, keys: Iterable[str], now: datetime, lease: timedelta) -> list[Message]:
    """Take those of these messages about which something must be done."""
    params = {"now": to_ms(now), "deadline": to_ms(now + lease), "holder": tx.holder}
    rows = (tx.row(_CLAIM, params | {"key": key}) for key in keys)
    return [_message(row) for row in rows if row is not None]


def end_leases(tx: Tx, now: datetime, holder: str) -> None:
    """The holder is at it no more: find out at once about what was being posted, and redraw what
    was being redrawn."""
    tx.run(
        "UPDATE message SET due_at = :now WHERE due_at > :now AND COALESCE(holder, '') = :holder"
        " AND (state = 'sending' OR due_at = busy_until)",
        {"now": to_ms(now), "holder": holder},
    )


def _claim_of(message: Message) -> dict[str, object]:
    """The key of a claimed message, and which claim it is."""
    return {"key": message.key, "claim": to_ms(message.busy_until)}


def sent(tx: Tx, message: Message, channel: str, ts: str | None, now: datetime) -> bool:
    """It stands in Slack as `message.wanted`; if more is wanted by now, it is redrawn. False when
    somebody else has claimed it meanwhile, and may have posted it too."""
    changed = tx.run(
        "UPDATE message SET state = 'sent', channel = :channel, ts = :ts, shown = :shown,"
        " attempt = 0, error = NULL, due_at = CASE WHEN wanted = :shown THEN NULL ELSE :now END"
        " WHERE key = :key AND busy_until = :claim",
        {
            **_claim_of(message),
            "channel": channel,
            "ts": ts,
            "shown": message.wanted,
            "now": to_ms(now),
        },
    )
    return changed > 0


def found(tx: Tx, message: Message, channel: str, ts: str, now: datetime) -> None:
    """It stands in Slack after all, we cannot say how it looks: redraw it."""
    tx.run(
        "UPDATE message SET state = 'sent', channel = :channel, ts = :ts, attempt = 0,"
        " error = NULL, due_at = :now WHERE key = :key AND busy_until = :claim",
        {**_claim_of(message), "channel": channel, "ts": ts, "now": to_ms(now)},
    )


def keep_first(
    tx: Tx, key: str, channel: str, standing: Sequence[str], now: datetime
) -> Sequence[str]:
    """Take the first of the posts that stand with this key for the message's; returns those that
    must go. Nothing is decided of a message of which somebody is finding out, or of a stranger's;
    one that was given up must not stand at all."""
    row = tx.row("SELECT state, ts FROM message WHERE key = :key", {"key": key})
    if row is None or row["state"] in ("sending", "unknown"):
        return ()
    if row["state"] == "refused":
        return standing
    known = row["ts"] if row["state"] == "sent" else None
    first = min((ts for ts in (*standing, known) if ts is not None), key=float)
    if first != known:
        tx.run(
            "UPDATE message SET state = 'sent', channel = :channel, ts = :ts, shown = NULL,"
            " attempt = 0, error = NULL, busy_until = NULL, due_at = :now WHERE key = :key",
            {"key": key, "channel": channel, "ts": first, "now": to_ms(now)},
        )
    return [ts for ts in standing if ts != first]


def shown(tx: Tx, message: Message, now: datetime) -> bool:
    """A redraw is done, or was not needed. False when somebody else has claimed it meanwhile."""
    changed = tx.run(
        "UPDATE message SET shown = :shown, attempt = 0, error = NULL,"
        " redraws = redraws + CASE WHEN shown = :shown THEN 0 ELSE 1 END,"
        " due_at = CASE WHEN wanted = :shown THEN NULL ELSE :now END"
        " WHERE key = :key AND busy_until = :claim AND state = 'sent'",
        {**_claim_of(message), "shown": message.wanted, "now": to_ms(now)},
    )
    return changed > 0


def shown_late(tx: Tx, message: Message, until: datetime) -> None:
    """A redraw ended after somebody else had claimed it: nobody knows whose came last. Whatever is
    under way counts no more, and it is drawn anew at `until`."""
    tx.run(
        "UPDATE message SET shown = NULL, busy_until = NULL, due_at = :until"
        " WHERE key = :key AND state = 'sent' AND ts = :ts",
        {"key": message.key, "ts": message.ts, "until": to_ms(until)},
    )


def put_off(tx: Tx, message: Message, state: str, until: datetime, error: str) -> bool:
    """Try again at `until`: as `retry` (surely not posted), `unknown` (perhaps), or `sent` (a
    redraw that did not go through). False when somebody else has claimed it meanwhile."""
    changed = tx.run(
        "UPDATE message SET state = :state, due_at = :until, error = :error"
        " WHERE key = :key AND busy_until = :claim",
        {**_claim_of(message), "state": state, "until": to_ms(until), "error": error},
    )
    return changed > 0


def give_up(tx: Tx, message: Message, error: str) -> None:
    """Slack refuses it for good: say why, and leave it."""
    tx.run(
        "UPDATE message SET state = 'refused', error = :error, due_at = NULL, live = 0"
        " WHERE key = :key AND busy_until = :claim",
        {**_claim_of(message), "error": error},
    )


def post_anew(tx: Tx, message: Message, now: datetime) -> None:
    """The posted message is gone from Slack: post it again, if it is still somebody's card."""
    tx.run(
        "UPDATE message SET state = 'pending', channel = NULL, ts = NULL, shown = NULL,"
        " due_at = :now WHERE key = :key AND busy_until = :claim",
        {**_claim_of(message), "now": to_ms(now)},
    )


def is_live(tx: Tx, message: Message) -> bool:
    row = tx.row("SELECT live FROM message WHERE key = :key", {"key": message.key})
    return row is not None and bool(row["live"])


def _message(row: Row) -> Message:
    return Message(
        key=row["key"],
        kind=row["kind"],
        reader=row["reader"],
        connection=row["connection"],
        task_id=row["task_id"],
        wanted=row["wanted"],
        channel=row["channel"],
        ts=row["ts"],
        state=row["state"],
        attempt=row["attempt"],
        sending_at=from_ms_or_none(row["sending_at"]),
        reason=row["reason"],
        busy_until=from_ms(row["busy_until"]),
    )
