"""Proposed links: somebody asks to be an operator, or an address suggests that they are.

    new → open → linked | refused | overtaken

`new`: whether the address tells it is still to be found out. `open`: it is for the admins.
`overtaken`: the operator was linked to somebody else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Row, Tx, from_ms, from_ms_or_none, to_ms

NEW, OPEN = "new", "open"
LINKED, REFUSED, OVERTAKEN = "linked", "refused", "overtaken"


@dataclass(frozen=True, slots=True)
class Proposal:
    """That `slack_user` be linked to an operator. `provenance`: email or self; `channel`: where
    they asked for it; `decided_by`: who or what decided."""

    id: str
    connection: str
    operator_id: str
    slack_user: str
    provenance: str
    state: str
    created_at: datetime
    channel: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


_ADD = """
INSERT INTO proposal (id, connection, operator_id, slack_user, provenance, channel, state,
                      created_at, decided_by, decided_at)
VALUES (:id, :connection, :operator, :user, :provenance, :channel, :state, :now, :by, :decided)
ON CONFLICT (connection, operator_id, slack_user) WHERE decided_at IS NULL
DO UPDATE SET provenance = excluded.provenance, channel = excluded.channel
WHERE excluded.provenance = 'self' AND proposal.provenance = 'email'
"""


def add(
    tx: Tx,
    connection: str,
    operator_id: str,
    slack_user: str,
    provenance: str,
    state: str,
    now: datetime,
    channel: str | None = None,
) -> bool:
    """Propose a link; False where the same is proposed already. Who asks for what their address
    suggests has asked."""
    return _add(tx, connection, operator_id, slack_user, provenance, state, now, channel, None)


def refuse_address(tx: Tx, connection: str, operator_id: str, slack_user: str, by: str,
                   now: datetime) -> None:  # fmt: skip
    """Remember that an address is not enough to make this link: it was undone."""
    _add(tx, connection, operator_id, slack_user, "email", REFUSED, now, None, by)


def _add(
    tx: Tx,
    connection: str,
    operator_id: str,
    slack_user: str,
    provenance: str,
    state: str,
    now: datetime,
    channel: str | None,
    by: str | None,
) -> bool:
    params = {
        "id": secrets.token_hex(8),
        "connection": connection,
        "operator": operator_id,
        "user": slack_user,
        "provenance": provenance,
        "channel": channel,
        "state": state,
        "now": to_ms(now),
        "by": by,
        "decided": None if by is None else to_ms(now),
    }
    return tx.run(_ADD, params) > 0


def find(tx: Tx, proposal_id: str) -> Proposal | None:
    row = tx.row("SELECT * FROM proposal WHERE id = :id", {"id": proposal_id})
    return None if row is None else _proposal(row)


def waiting(tx: Tx) -> list[Proposal]:
    """Those about which nobody has decided, oldest first."""
    return _proposals(
        tx.rows("SELECT * FROM proposal WHERE decided_at IS NULL ORDER BY created_at, id")
    )


def waiting_for(tx: Tx, connection: str, operator_id: str) -> list[Proposal]:
    """The same for one operator."""
    return _proposals(
        tx.rows(
            "SELECT * FROM proposal WHERE decided_at IS NULL AND connection = :connection"
            " AND operator_id = :operator ORDER BY created_at, id",
            {"connection": connection, "operator": operator_id},
        )
    )


def waiting_of(tx: Tx, slack_user: str) -> list[Proposal]:
    """What somebody has asked for, and nobody has decided about."""
    return [one for one in waiting(tx) if one.slack_user == slack_user and one.provenance == "self"]


def refused_by(tx: Tx, connection: str, operator_id: str, slack_user: str) -> set[str]:
    """Who has refused this very link, or undone it."""
    rows = tx.rows(
        "SELECT decided_by FROM proposal WHERE decided_at IS NOT NULL AND connection = :connection"
        " AND operator_id = :operator AND slack_user = :user AND state = 'refused'",
        {"connection": connection, "operator": operator_id, "user": slack_user},
    )
    return {row["decided_by"] for row in rows}


def open_it(tx: Tx, proposal_id: str) -> bool:
    """The address tells nothing: it is for the admins. False when somebody was faster."""
    params = {"id": proposal_id}
    return tx.run("UPDATE proposal SET state = 'open' WHERE id = :id AND state = 'new'", params) > 0


def decide(tx: Tx, proposal_id: str, state: str, by: str, now: datetime) -> bool:
    """Store what was decided; False when it was decided before."""
    changed = tx.run(
        "UPDATE proposal SET state = :state, decided_by = :by, decided_at = :now"
        " WHERE id = :id AND decided_at IS NULL",
        {"id": proposal_id, "state": state, "by": by, "now": to_ms(now)},
    )
    return changed > 0


def ask(tx: Tx, proposal_id: str, reader: str, message: str) -> bool:
    """Remember which message asks that reader; False when they are asked already."""
    added = tx.run(
        "INSERT INTO proposal_ask (message, proposal, reader) VALUES (:message, :proposal, :reader)"
        " ON CONFLICT DO NOTHING",
        {"message": message, "proposal": proposal_id, "reader": reader},
    )
    return added > 0


def asked(tx: Tx, proposal_id: str) -> list[str]:
    """The keys of the messages that ask about it."""
    rows = tx.rows(
        "SELECT message FROM proposal_ask WHERE proposal = :id ORDER BY reader", {"id": proposal_id}
    )
    return [row["message"] for row in rows]


def not_asked(tx: Tx, readers: Iterable[str]) -> list[tuple[Proposal, str]]:
    """The open ones, with each of these readers whom no message asks about it."""
    found = [one for one in waiting(tx) if one.state == OPEN]
    if not found:
        return []
    present = {
        (row["proposal"], row["reader"])
        for row in tx.rows(
            "SELECT proposal, reader FROM proposal_ask WHERE proposal IN"
            " (SELECT id FROM proposal WHERE decided_at IS NULL)"
        )
    }
    return [(one, who) for one in found for who in readers if (one.id, who) not in present]


def _proposals(rows: Iterable[Row]) -> list[Proposal]:
    return [_proposal(row) for row in rows]


def _proposal(row: Row) -> Proposal:
    return Proposal(
        id=row["id"],
        connection=row["connection"],
        operator_id=row["operator_id"],
        slack_user=row["slack_user"],
        provenance=row["provenance"],
        state=row["state"],
        created_at=from_ms(row["created_at"]),
        channel=row["channel"],
        decided_by=row["decided_by"],
        decided_at=from_ms_or_none(row["decided_at"]),
    )
