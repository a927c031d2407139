"""`taskbell db`: the whole database into another, both ways, and backed up beside its bot."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Operator, Task
from bot.domain.model import Submission, SubmissionState, Whisper
from bot.engine.lock import beside, only_one
from bot.store import messages, people, submissions, tasks
from bot.store.copying import tables
from bot.store.database import Database, Tx
from bot.store.sqlite import SqliteDatabase
from bot.store.submissions import Intent
from bot.store.tasks import Sighting
from tests.bot.shell import Shell
from tests.databases.kinds import AnyDatabase, Databases, OnServer, SqliteFile

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
MANY = 1_201
"""Tasks: more than two pages."""

Rows = dict[str, list[dict[str, Any]]]


def fill(tx: Tx) -> None:
    operators = [Operator("o1", "José 😀\0", active=True), Operator("o2", "", active=False)]
    people.learn_operators(tx, "reten", operators)
    found = [
        Sighting.of(Task(f"t{n}", f"Botica {n}", operators=(operators[n % 2],)), NOW)
        for n in range(MANY)
    ]
    tasks.add(tx, "reten", found, NOW, baseline=True)
    people.add_link(tx, people.Link("reten", "o1", "U1", "admin", "cli", NOW))
    for number in range(3):
        messages.add_notice(tx, f"U{number}", Whisper("baseline"), NOW)
        submissions.add_intent(tx, Intent(f"i{number}", "answer", "U1", {"task": "x"}, NOW))
        people.audit(tx, NOW, "U1", "link", "reten", "t1", {"title": "100 % :name"})
    submissions.add(
        tx,
        Submission(
            id="s1", connection="reten", task_id="t1", outcome="SOLD", label="Sold", fields={},
            slack_user="U1", operator_id="o1", occurred_at=NOW, state=SubmissionState.PENDING,
            due_at=NOW,
        ),
    )  # fmt: skip


def using(database: AnyDatabase, work: Callable[[Tx], Any]) -> Any:
    """Work on it and close it again."""

    async def use() -> Any:
        opened: Database = database.open(owner=False)
        try:
            return await opened.write(work)
        finally:
            await opened.close()

    return asyncio.run(use())


def everything(tx: Tx) -> Rows:
    return {
        table.name: [
            dict(row)
            for row in tx.rows(f"SELECT * FROM {table.name} ORDER BY {table.order}")  # noqa: S608
        ]
        for table in tables()
    }


@pytest.fixture
def target(shell: Shell, database_kind: str, postgres: Databases) -> Iterator[AnyDatabase]:
    """A database of the other kind."""
    if database_kind == "postgres":
        yield SqliteFile(shell.folder / "target.db")
        return
    made: OnServer = postgres.empty()
    yield made
    postgres.drop(made)


def copy(shell: Shell, source: AnyDatabase, target: AnyDatabase, status: int = 0) -> str:
    said = shell("db", "copy", "--to", target.url, status=status, DATABASE_URL=source.url)
    for url in (source.url, target.url):
        if url.startswith("postgres"):
            assert url not in said.out + said.err
    return said.out.strip() if status == 0 else said.err.strip()


def test_everything_arrives_as_it_was(
    shell: Shell, database: AnyDatabase, target: AnyDatabase
) -> None:
    using(database, fill)
    before: Rows = using(database, everything)
    told = copy(shell, database, target)
    rows = sum(map(len, before.values()))
    assert told == f"Copied {rows} rows and compared each. Set DATABASE_URL to the new database."
    after: Rows = using(target, everything)
    for row in before["operator"]:
        row["name"] = row["name"].replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert after == before
    assert len(after["task"]) == MANY


def test_a_target_that_holds_something_is_left_alone(
    shell: Shell, database: AnyDatabase, target: AnyDatabase
) -> None:
    using(database, fill)
    using(target, lambda tx: people.see_person(tx, "U9"))
    before: Rows = using(target, everything)
    assert copy(shell, database, target, status=1) == (
        "The target holds data already (table person); name an empty database."
    )
    assert using(target, everything) == before


def test_a_copy_that_fails_leaves_nothing_behind(
    shell: Shell, database: AnyDatabase, target: AnyDatabase
) -> None:
    using(database, fill)
    using(target, lambda tx: tx.run("CREATE UNIQUE INDEX once ON audit (actor)"))
    told = copy(shell, database, target, status=1)
    assert told.startswith("The target refuses a row (")
    assert told.endswith("; nothing was copied.")
    assert not any(using(target, everything).values())


def test_a_row_that_comes_out_different_is_noticed(shell: Shell, postgres: Databases) -> None:
    source, target = SqliteFile(shell.folder / "taskbell.db"), postgres.new()
    using(source, fill)
    target.change(
        "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.id = 't7' THEN NEW.doc = 'other'; END IF; RETURN NEW; END $$"
    )
    target.change(
        "CREATE TRIGGER change BEFORE INSERT ON task FOR EACH ROW EXECUTE FUNCTION change()"
    )
    assert copy(shell, source, target, status=1) == (
        "A row of table task came out different; nothing was copied."
    )
    assert not any(using(target, everything).values())
    postgres.drop(target)


@pytest.mark.sqlite_alone
def test_nothing_is_copied_from_under_a_running_bot(
    shell: Shell, database: SqliteFile, target: OnServer
) -> None:
    using(database, fill)
    with only_one(database.path):
        assert "Another taskbell already runs on" in copy(shell, database, target, status=1)
    with beside(database.path):
        assert "A taskbell sync is under way" in copy(shell, database, target, status=1)
    running = target.open()
    asyncio.run(running.read(everything))
    assert copy(shell, database, target, status=1) == (
        "Another taskbell uses the PostgreSQL database; stop it first."
    )
    asyncio.run(running.close())
    copy(shell, database, target)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://x", "must be sqlite:///FILE"),
        ("sqlite:///taskbell.db", "is DATABASE_URL itself"),
    ],
)
def test_what_cannot_be_a_target_is_told(shell: Shell, url: str, words: str) -> None:
    said = shell("db", "copy", "--to", url, status=2, DATABASE_URL="sqlite:///taskbell.db")
    assert words in said.err


def test_a_source_that_is_not_there_is_told_and_not_made(shell: Shell) -> None:
    for words in (("copy", "--to", "sqlite:///b.db"), ("backup", "b.db")):
        (line,) = shell("db", *words, status=1).err.splitlines()
        assert line.startswith("There is no database at")
    assert list(shell.folder.iterdir()) == []


def test_the_tables_are_all_that_there_are(tmp_path: Path) -> None:
    source = SqliteFile(tmp_path / "taskbell.db")
    using(source, everything)
    names = source.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    assert {table.name for table in tables()} == {name for (name,) in names} - {"schema_version"}
    for table in tables():
        about = source.rows(f"SELECT pk, name FROM pragma_table_info('{table.name}')")  # noqa: S608
        assert table.key == tuple(name for pk, name in sorted(about) if pk)


# Backups


def count(path: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(path)) as db:
        (rows,) = db.execute("SELECT COUNT(*) FROM tick").fetchone()
        (said,) = db.execute("PRAGMA integrity_check").fetchone()
    return rows, said


def test_a_backup_beside_a_bot_that_writes_is_whole(shell: Shell) -> None:
    """Each write adds two rows: a copy from between them would have an odd number."""
    path = shell.folder / "taskbell.db"
    begun, stop = threading.Event(), threading.Event()

    async def write() -> None:
        bot = SqliteDatabase(path, owner=True)
        number = 0
        while not stop.is_set():
            number += 2
            values = [{"name": str(number + n)} for n in range(2)]
            await bot.write(
                lambda tx, v=values: tx.run_many(  # type: ignore[misc]
                    "INSERT INTO tick (name, next_at) VALUES (:name, 0)", v
                )
            )
            begun.set()
        await bot.close()

    writing = threading.Thread(target=lambda: asyncio.run(write()))
    writing.start()
    try:
        assert begun.wait(20)
        for number in range(5):
            said = shell("db", "backup", f"{number}.db", DATABASE_URL=f"sqlite:///{path}")
            assert said.out == f"Backed up to {number}.db.\n"
    finally:
        stop.set()
        writing.join()
    for number in range(5):
        rows, said_of_it = count(shell.folder / f"{number}.db")
        assert (rows % 2, said_of_it) == (0, "ok")
    names = {one.name for one in shell.folder.iterdir() if ".db" in one.name}
    assert names == {"taskbell.db", *(f"{n}.db" for n in range(5))}


def test_a_backup_takes_the_place_of_nothing(shell: Shell) -> None:
    shell("links", "list")
    (shell.folder / "b.db").write_text("mine")
    (line,) = shell("db", "backup", "b.db", status=1).err.splitlines()
    assert line == "b.db is there already; name a file that is not."
    assert (shell.folder / "b.db").read_text() == "mine"
    (line,) = shell("db", "backup", "no/folder/b.db", status=1).err.splitlines()
    assert "a file cannot be opened" in line


def test_a_damaged_database_is_not_backed_up(shell: Shell) -> None:
    path = shell.folder / "taskbell.db"
    using(SqliteFile(path), fill)
    path.write_bytes(path.read_bytes()[: 20 * 4096])
    (line,) = shell("db", "backup", "b.db", status=1).err.splitlines()
    assert "the database is damaged; restore an older backup" in line
    assert [one.name for one in shell.folder.iterdir() if "b.db" in one.name] == []


def test_of_postgresql_its_own_tools_are_named(shell: Shell, postgres: Databases) -> None:
    url = postgres.server.url("pattern")
    (line,) = shell("db", "backup", "b.db", status=1, DATABASE_URL=url).err.splitlines()
    assert "pg_dump" in line
    assert url not in line
