"""People: operators at the providers, Slack users, and the links between them."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.contract import Operator
from bot.domain.choices import Away
from bot.domain.model import Person
from bot.store.database import Row, Tx, from_ms, from_ms_or_none, to_ms, to_ms_or_none


@dataclass(frozen=True, slots=True)
class Link:
    """A Slack user is an operator. `provenance`: email, self, admin or import; `actor`: who or
    what made the link."""

    connection: str
    operator_id: str
    slack_user: str
    provenance: str
    actor: str
    created_at: datetime


_LEARN = """
INSERT INTO operator (connection, id, name, email, kind, active, person)
VALUES (:connection, :id, :name, :email, :kind, :active, :person)
ON CONFLICT (connection, id) DO UPDATE
SET name = COALESCE(excluded.name, operator.name), kind = COALESCE(excluded.kind, operator.kind)
"""

_LEARN_FROM_DIRECTORY = f"{_LEARN}, email = excluded.email, active = excluded.active"


def learn_operators(
    tx: Tx, connection: str, operators: Iterable[Operator], *, directory: bool = False
) -> None:
    """Remember operators as listings show them; a `directory` also knows who is active, and
    under which address."""
    tx.run_many(
        _LEARN_FROM_DIRECTORY if directory else _LEARN,
        (
            {
                "connection": connection,
                "id": o.id,
                "name": o.name,
                "email": o.email,
                "kind": o.kind,
                "active": o.active,
                "person": o.person,
            }
            for o in operators
        ),
    )


def operator(tx: Tx, connection: str, operator_id: str) -> Operator | None:
    row = tx.row(
        "SELECT * FROM operator WHERE connection = :connection AND id = :id",
        {"connection": connection, "id": operator_id},
    )
    return None if row is None else _operator(row)


def operators(tx: Tx, connection: str) -> list[Operator]:
    rows = tx.rows(
        "SELECT * FROM operator WHERE connection = :connection ORDER BY name, id",
        {"connection": connection},
    )
    return [_operator(row) for row in rows]


def names(tx: Tx, connection: str, operator_ids: Iterable[str]) -> dict[str, str]:
    """The name of each of these operators that is known by one."""
    found = (operator(tx, connection, operator_id) for operator_id in operator_ids)
    return {one.id: one.name for one in found if one is not None and one.name}


_LINKED = """
SELECT operator_id FROM link WHERE connection = :connection ORDER BY operator_id
"""


def linked_operators(tx: Tx, connection: str) -> list[str]:
    """The operators of a connection that are Slack users."""
    return [row["operator_id"] for row in tx.rows(_LINKED, {"connection": connection})]


def listed(tx: Tx, connection: str) -> set[str]:
    """The operators of whose tasks a complete listing has been read since they are linked."""
    rows = tx.rows(
        "SELECT id FROM operator WHERE connection = :connection AND listed_at IS NOT NULL",
        {"connection": connection},
    )
    return {row["id"] for row in rows}


def set_listed(tx: Tx, connection: str, operator_ids: Iterable[str], at: datetime) -> None:
    """Their tasks are known: what appears from now on is news to them."""
    found = [{"connection": connection, "id": one, "at": to_ms(at)} for one in operator_ids]
    tx.run_many(
        "INSERT INTO operator (connection, id, active, listed_at) VALUES (:connection, :id, 1, :at)"
        " ON CONFLICT (connection, id) DO UPDATE SET listed_at = excluded.listed_at",
        found,
    )


_TO_MATCH = """
SELECT * FROM operator
WHERE connection = :connection AND active = 1 AND email IS NOT NULL AND email <> ''
  AND (matched_at IS NULL OR matched_at < :before)
  AND NOT EXISTS (SELECT 1 FROM link WHERE link.connection = operator.connection
                  AND link.operator_id = operator.id)
ORDER BY id LIMIT :limit
"""


def operators_to_match(tx: Tx, connection: str, before: datetime, limit: int) -> list[Operator]:
    """Unlinked operators with an e-mail address that was not looked up since `before`."""
    params = {"connection": connection, "before": to_ms(before), "limit": limit}
    return [_operator(row) for row in tx.rows(_TO_MATCH, params)]


def strangers(tx: Tx, connection: str) -> bool:
    """Whether a task names an operator whom no directory has shown yet."""
    row = tx.row(
        "SELECT 1 FROM operator WHERE connection = :connection AND email IS NULL"
        " AND matched_at IS NULL LIMIT 1",
        {"connection": connection},
    )
    return row is not None


def no_longer_strangers(tx: Tx, connection: str, now: datetime) -> None:
    """The directory has been read: who has no address there has none."""
    tx.run(
        "UPDATE operator SET matched_at = :now WHERE connection = :connection AND email IS NULL"
        " AND matched_at IS NULL",
        {"connection": connection, "now": to_ms(now)},
    )


def matched(tx: Tx, connection: str, operator_id: str, now: datetime) -> None:
    """The operator's address has been looked up in Slack."""
    tx.run(
        "UPDATE operator SET matched_at = :now WHERE connection = :connection AND id = :id",
        {"connection": connection, "id": operator_id, "now": to_ms(now)},
    )


def add_link(tx: Tx, link: Link) -> Link | None:
    """Make a link; returns the one that stands in its way, if the operator has a Slack user."""
    present = link_of(tx, link.connection, link.operator_id)
    if present is not None:
        return present
    params = {
        "connection": link.connection,
        "operator": link.operator_id,
        "user": link.slack_user,
        "provenance": link.provenance,
        "actor": link.actor,
        "at": to_ms(link.created_at),
    }
    tx.run(
        "INSERT INTO link (connection, operator_id, slack_user, provenance, actor, created_at)"
        " VALUES (:connection, :operator, :user, :provenance, :actor, :at)",
        params,
    )
    see_person(tx, link.slack_user)
    return None


def remove_link(tx: Tx, connection: str, operator_id: str) -> bool:
    """Undo a link; what appears until the next one will not be news."""
    tx.run(
        "UPDATE operator SET listed_at = NULL WHERE connection = :connection AND id = :operator",
        {"connection": connection, "operator": operator_id},
    )
    removed = tx.run(
        "DELETE FROM link WHERE connection = :connection AND operator_id = :operator",
        {"connection": connection, "operator": operator_id},
    )
    return removed > 0


def link_of(tx: Tx, connection: str, operator_id: str) -> Link | None:
    row = tx.row(
        "SELECT * FROM link WHERE connection = :connection AND operator_id = :operator",
        {"connection": connection, "operator": operator_id},
    )
    return None if row is None else _link(row)


def links(tx: Tx) -> list[Link]:
    rows = tx.rows("SELECT * FROM link ORDER BY connection, operator_id")
    return [_link(row) for row in rows]


def links_of_user(tx: Tx, slack_user: str) -> list[Link]:
    rows = tx.rows(
        "SELECT * FROM link WHERE slack_user = :user ORDER BY connection, operator_id",
        {"user": slack_user},
    )
    return [_link(row) for row in rows]


def linked_users(tx: Tx, connection: str, operator_ids: Iterable[str]) -> dict[str, str]:
    """The Slack user of each of these operators that has one."""
    found = (link_of(tx, connection, operator_id) for operator_id in operator_ids)
    return {link.operator_id: link.slack_user for link in found if link is not None}


def operators_of_user(tx: Tx, connection: str, slack_user: str) -> tuple[Operator, ...]:
    """The operators that a person is at a connection."""
    mine = [link for link in links_of_user(tx, slack_user) if link.connection == connection]
    return tuple(
        operator(tx, connection, link.operator_id) or Operator(link.operator_id) for link in mine
    )


def unlinked(tx: Tx) -> list[Row]:
    """Operators with open tasks and no Slack user: connection, operator_id, name, tasks."""
    return tx.rows(
        "SELECT assignment.connection, assignment.operator_id, operator.name, COUNT(*) AS tasks"
        " FROM assignment JOIN task ON task.connection = assignment.connection"
        " AND task.id = assignment.task_id AND task.standing = 'open'"
        " LEFT JOIN operator ON operator.connection = assignment.connection"
        " AND operator.id = assignment.operator_id"
        " WHERE NOT EXISTS (SELECT 1 FROM link WHERE link.connection = assignment.connection"
        " AND link.operator_id = assignment.operator_id)"
        " GROUP BY assignment.connection, assignment.operator_id, operator.name ORDER BY 1, 2"
    )


def see_person(tx: Tx, slack_user: str) -> None:
    """Know of a Slack user; what Slack says of them is fetched later."""
    tx.run("INSERT INTO person (id) VALUES (:id) ON CONFLICT (id) DO NOTHING", {"id": slack_user})


def person(tx: Tx, slack_user: str, timezone: str, locale: str = "en") -> Person:
    """A Slack user as we know them; `timezone` and `locale` stand in where Slack tells none."""
    row = tx.row("SELECT * FROM person WHERE id = :id", {"id": slack_user})
    if row is None:
        return Person(slack_user, timezone, locale=locale)
    zone, spoken = row["timezone"] or timezone, row["locale"] or locale
    return Person(row["id"], zone, row["name"], row["im"], spoken)


def status(tx: Tx, slack_user: str) -> Away | None:
    """Whether somebody's Slack status says that they are away."""
    row = tx.row("SELECT away_until FROM person WHERE id = :id AND away = 1", {"id": slack_user})
    return None if row is None else Away(from_ms_or_none(row["away_until"]))


_TO_REFRESH = """
SELECT id FROM person
WHERE refreshed_at IS NULL OR refreshed_at < :before
   OR (away = 1 AND away_until <= :now AND refreshed_at < away_until)
ORDER BY refreshed_at NULLS FIRST LIMIT :limit
"""


def is_known(tx: Tx, slack_user: str) -> bool:
    """Whether Slack has ever been asked about them."""
    row = tx.row("SELECT refreshed_at FROM person WHERE id = :id", {"id": slack_user})
    return row is not None and row["refreshed_at"] is not None


def people_to_refresh(tx: Tx, before: datetime, now: datetime, limit: int) -> list[str]:
    """Whose profile was never fetched, or not since `before`, or not since their status ended."""
    params = {"before": to_ms(before), "now": to_ms(now), "limit": limit}
    rows = tx.rows(_TO_REFRESH, params)
    return [row["id"] for row in rows]


def forget_profile(tx: Tx, slack_user: str) -> None:
    """What we know of a person's profile is out of date; keep it until it is fetched anew."""
    tx.run("UPDATE person SET refreshed_at = NULL WHERE id = :id", {"id": slack_user})


def refresh_person(
    tx: Tx,
    slack_user: str,
    name: str | None,
    timezone: str | None,
    locale: str | None,
    now: datetime,
) -> None:
    """Store what Slack says of a person; what it doesn't tell stays."""
    tx.run(
        "UPDATE person SET name = COALESCE(:name, name), timezone = COALESCE(:zone, timezone),"
        " locale = COALESCE(:locale, locale), refreshed_at = :now WHERE id = :id",
        {"id": slack_user, "name": name, "zone": timezone, "locale": locale, "now": to_ms(now)},
    )


def set_status(tx: Tx, slack_user: str, away: Away | None) -> None:
    """What their Slack status says now."""
    until = away.until if away else None
    tx.run(
        "UPDATE person SET away = :away, away_until = :until WHERE id = :id",
        {"id": slack_user, "away": away is not None, "until": to_ms_or_none(until)},
    )


def not_told(tx: Tx, slack_user: str, now: datetime) -> None:
    """Slack tells nothing of them: it is asked again when their profile is old."""
    tx.run(
        "UPDATE person SET refreshed_at = :now WHERE id = :id",
        {"id": slack_user, "now": to_ms(now)},
    )


def set_im(tx: Tx, slack_user: str, channel: str) -> None:
    see_person(tx, slack_user)
    tx.run("UPDATE person SET im = :im WHERE id = :id", {"id": slack_user, "im": channel})


def audit(
    tx: Tx,
    now: datetime,
    actor: str,
    action: str,
    connection: str | None = None,
    subject: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Record who did what. `subject`: the task or operator concerned."""
    tx.run(
        "INSERT INTO audit (id, at, actor, action, connection, subject, detail)"
        " VALUES (:id, :at, :actor, :action, :connection, :subject, :detail)",
        {
            # What is written later has a greater id, so that rows of one moment keep their order.
            "id": f"{time.time_ns():016x}{secrets.token_hex(4)}",
            "at": to_ms(now),
            "actor": actor,
            "action": action,
            "connection": connection,
            "subject": subject,
            "detail": json.dumps(detail or {}),
        },
    )


def _operator(row: Row) -> Operator:
    return Operator(
        row["id"],
        row["name"],
        row["email"],
        row["kind"],
        active=bool(row["active"]),
        person=bool(row["person"]),
    )


def _link(row: Row) -> Link:
    return Link(
        row["connection"],
        row["operator_id"],
        row["slack_user"],
        row["provenance"],
        row["actor"],
        from_ms(row["created_at"]),
    )
