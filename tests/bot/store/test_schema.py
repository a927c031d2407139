"""The schema: made once, from nothing or again, and holding what it says."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.store import proposals
from bot.store.database import ConstraintError, Database, StorageError, Tx
from bot.store.schema import MIGRATIONS
from tests.databases.kinds import AnyDatabase, SqliteFile

TASK: dict[str, Any] = {
    "connection": "reten", "id": "t1", "key": "k1", "doc": "{}", "fingerprint": "f",
    "standing": "open", "read_at": 1, "first_seen_at": 1,
}  # fmt: skip
SUBMISSION: dict[str, Any] = {
    "id": "s1", "connection": "reten", "task_id": "t1", "outcome": "X", "label": "x",
    "fields": "{}", "slack_user": "U1", "occurred_at": 1, "state": "pending", "due_at": 1,
}  # fmt: skip
MESSAGE: dict[str, Any] = {
    "key": "m1", "kind": "card", "reader": "U1", "connection": "reten", "task_id": "t1",
    "reason": "assigned", "live": 1, "wanted": "{}", "state": "pending", "created_at": 1,
}  # fmt: skip
LINK: dict[str, Any] = {
    "connection": "reten", "operator_id": "o1", "slack_user": "U1", "provenance": "admin",
    "actor": "cli", "created_at": 1,
}  # fmt: skip
INTENT: dict[str, Any] = {
    "key": "i1", "kind": "answer", "slack_user": "U1", "body": "{}", "received_at": 1,
}  # fmt: skip
ASSIGNMENT: dict[str, Any] = {
    "connection": "reten", "operator_id": "o1", "task_id": "t1", "baseline": 0,
}  # fmt: skip
CONNECTION: dict[str, Any] = {"name": "reten", "provider": "reten"}
OPERATOR: dict[str, Any] = {"connection": "reten", "id": "o1", "active": 1}

NEWS: dict[str, Any] = {"connection": "reten", "task_id": "t1", "reader": "U1", "since": 1}
SNOOZE: dict[str, Any] = {
    "connection": "reten", "task_id": "t1", "reader": "U1", "until_at": 2, "by_user": "U1",
    "set_at": 1,
}  # fmt: skip

PROPOSAL: dict[str, Any] = {
    "id": "p1", "connection": "reten", "operator_id": "o1", "slack_user": "U1",
    "provenance": "self", "state": "open", "created_at": 1,
}  # fmt: skip
KEPT_CLICK: dict[str, Any] = {
    "connection": "reten", "task_id": "t1", "slack_user": "U1", "key": "i1", "body": "{}",
    "clicked_at": 1,
}  # fmt: skip
DECIDED: dict[str, Any] = {"state": "refused", "decided_by": "U9", "decided_at": 2}

GOOD = {
    "connection": CONNECTION, "operator": OPERATOR, "task": TASK, "submission": SUBMISSION,
    "message": MESSAGE, "link": LINK, "intent": INTENT, "assignment": ASSIGNMENT,
    "news": NEWS, "snooze": SNOOZE, "proposal": PROPOSAL,
    "kept_click": KEPT_CLICK,
}  # fmt: skip


def insert(tx: Tx, table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    tx.run(f"INSERT INTO {table} ({columns}) VALUES ({values})", row)  # noqa: S608


def insert_good(tx: Tx) -> None:
    for table, row in GOOD.items():
        insert(tx, table, row)


async def test_good_rows_are_taken(db: Database) -> None:
    """Or else the tests of bad ones would prove nothing."""
    await db.write(insert_good)


BAD = [
    ("connection", {"provider": None}),
    ("connection", {"trouble": "tired", "trouble_since": 1}),
    ("connection", {"trouble": "unauthorized"}),
    ("connection", {"trouble_since": 1}),
    ("operator", {"active": 2}),
    ("operator", {"active": None}),
    ("task", {"standing": "lost"}),
    ("task", {"due_at": 1, "due_on": "2026-04-15"}),
    ("task", {"doc": None}),
    ("task", {"read_at": None}),
    ("assignment", {"baseline": 2}),
    ("assignment", {"task_id": "unknown"}),
    ("news", {"task_id": "unknown"}),
    ("news", {"since": None}),
    ("snooze", {"task_id": "unknown"}),
    ("snooze", {"until_at": None}),
    ("snooze", {"by_user": None}),
    ("intent", {"kind": None}),
    ("intent", {"body": None}),
    ("submission", {"task_id": "unknown"}),
    ("submission", {"state": "lost"}),
    ("submission", {"doubt": 2}),
    ("submission", {"state": "done"}),
    ("submission", {"state": "pending", "finished_at": 1}),
    ("submission", {"state": "refused", "finished_at": 1}),
    ("submission", {"state": "withdrawn"}),
    ("submission", {"due_at": None}),
    ("message", {"kind": "letter"}),
    ("message", {"live": 2}),
    ("message", {"kind": "notice", "live": 1}),
    ("message", {"kind": "whisper", "live": 1}),
    ("message", {"task_id": None}),
    ("message", {"reason": None}),
    ("message", {"state": "lost"}),
    ("message", {"state": "sent"}),
    ("message", {"state": "sent", "channel": "D1"}),
    ("message", {"state": "refused"}),
    ("message", {"wanted": None}),
    ("link", {"provenance": "guess"}),
    ("link", {"slack_user": None}),
    ("link", {"actor": None}),
    ("proposal", {"provenance": "admin"}),
    ("proposal", {"state": "lost"}),
    ("proposal", {"state": "refused"}),
    ("proposal", {"decided_by": "U9", "decided_at": 2}),
    ("proposal", {**DECIDED, "decided_by": None}),
    ("kept_click", {"task_id": "unknown"}),
    ("kept_click", {"body": None}),
]


@pytest.mark.parametrize(("table", "flaw"), BAD, ids=lambda part: str(part))
async def test_a_row_that_cannot_be_is_refused(
    db: Database, table: str, flaw: dict[str, Any]
) -> None:
    def work(tx: Tx) -> None:
        insert(tx, "task", TASK | {"id": "t1", "key": "t1"})
        insert(tx, table, {**GOOD[table], **({"id": "t2"} if table == "task" else {}), **flaw})

    with pytest.raises(ConstraintError):
        await db.write(work)


TWICE = [
    ("connection", {}),
    ("operator", {}),
    ("task", {"key": "k2"}),
    ("task", {"id": "t2"}),
    ("assignment", {}),
    ("intent", {"kind": "undo"}),
    ("submission", {"id": "s2"}),
    ("submission", {"id": "s2", "state": "sending"}),
    ("message", {"key": "m2"}),
    ("link", {"slack_user": "U2"}),
    ("proposal", {"id": "p2"}),
]


@pytest.mark.parametrize(("table", "change"), TWICE, ids=lambda part: str(part))
async def test_there_is_never_a_second(db: Database, table: str, change: dict[str, Any]) -> None:
    await db.write(insert_good)
    with pytest.raises(ConstraintError, match=r"(?i)unique"):
        await db.write(lambda tx: insert(tx, table, {**GOOD[table], **change}))


SECOND = [
    ("submission", {"id": "s2", "state": "done", "finished_at": 1}),
    ("submission", {"id": "s2", "state": "withdrawn", "finished_at": 1}),
    ("message", {"key": "m2", "live": 0}),
    ("message", {"key": "m2", "reader": "U2"}),
    ("message", {"key": "m2", "task_id": "t2"}),
    ("link", {"operator_id": "o2"}),
    ("proposal", {"id": "p2", "slack_user": "U2"}),
    ("proposal", {"id": "p2", **DECIDED}),
    ("task", {"connection": "other", "key": "k2"}),
]


@pytest.mark.parametrize(("table", "change"), SECOND, ids=lambda part: str(part))
async def test_what_may_stand_beside_may(db: Database, table: str, change: dict[str, Any]) -> None:
    await db.write(insert_good)
    await db.write(lambda tx: insert(tx, table, {**GOOD[table], **change}))


async def test_opening_again_changes_nothing(db: Database, database: AnyDatabase) -> None:
    await db.write(lambda tx: insert(tx, "task", TASK))
    before = schema(database)
    for owner in (True, False):
        again = database.open(owner=owner)
        assert len(await again.read(lambda tx: tx.rows("SELECT * FROM task"))) == 1
        await again.close()
    assert schema(database) == before
    versions = await db.read(lambda tx: tx.rows("SELECT version FROM schema_version"))
    assert [row["version"] for row in versions] == list(range(1, len(MIGRATIONS) + 1))


def schema(database: AnyDatabase) -> list[tuple[str, ...]]:
    if isinstance(database, SqliteFile):
        return database.rows("SELECT name, sql FROM sqlite_master ORDER BY name")
    return database.rows(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public' UNION ALL"
        " SELECT tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'"
        " ORDER BY 1, 2"
    )


def test_a_newer_schema_is_refused_and_left_alone(bare: AnyDatabase) -> None:
    bare.change("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)")
    bare.change(f"INSERT INTO schema_version VALUES ({len(MIGRATIONS) + 1})")  # noqa: S608
    before = schema(bare)
    with pytest.raises(StorageError, match="newer version of Taskbell"):
        bare.open()
    assert schema(bare) == before


def test_a_migration_that_fails_leaves_nothing_behind(bare: AnyDatabase) -> None:
    bare.change("CREATE TABLE audit (mine INTEGER)")
    before = schema(bare)
    with pytest.raises(StorageError, match=r"audit\W+already exists"):
        bare.open()
    assert schema(bare) == before


async def test_many_that_open_an_empty_database_at_once_all_succeed(bare: AnyDatabase) -> None:
    opened = await asyncio.gather(
        *(asyncio.to_thread(bare.open, owner=False) for _ in range(12)), return_exceptions=True
    )
    databases = [one for one in opened if not isinstance(one, BaseException)]
    for one in databases:
        await one.close()
    assert [one for one in opened if isinstance(one, BaseException)] == []


async def test_proposals_of_before_are_kept(bare: AnyDatabase) -> None:
    """They had no id, and came of addresses alone."""
    (grown,) = (n for n, script in enumerate(MIGRATIONS) if "proposal_before" in script)
    bare.change(
        "CREATE TABLE schema_version (version INTEGER PRIMARY KEY,"
        " applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)"
    )
    for version, script in enumerate(MIGRATIONS[:grown], start=1):
        for statement in filter(None, map(str.strip, script.split(";"))):
            bare.change(statement)
        bare.change(f"INSERT INTO schema_version (version) VALUES ({version})")  # noqa: S608
    for operator in ("o1", "o2"):
        bare.change(f"INSERT INTO proposal VALUES ('close', '{operator}', 'U1', 7)")  # noqa: S608
    db = bare.open()
    found = await db.read(proposals.waiting)
    assert [(one.operator_id, one.slack_user, one.provenance) for one in found] == [
        ("o1", "U1", "email"),
        ("o2", "U1", "email"),
    ]
    assert len({one.id for one in found}) == 2
    await db.close()
