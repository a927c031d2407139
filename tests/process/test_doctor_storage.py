"""`taskbell doctor` as a process: what it finds of a file, or of a server, that is not well."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.databases.kinds import Databases, SqliteFile
from tests.process.forked import Nursery
from tests.process.place import Place, free_port, make_place
from tests.process.test_doctor import rows, wrong


@pytest.fixture
async def place(tmp_path: Path, nursery: Nursery) -> AsyncIterator[Place]:
    database = SqliteFile(tmp_path / "taskbell.db")
    async with make_place(tmp_path, database, nursery) as made:
        yield made


def file_of(place: Place) -> Path:
    return place.folder / "taskbell.db"


async def test_nothing_is_made_before_the_first_start(place: Place) -> None:
    before = {one.name for one in place.folder.iterdir()}
    ended = await place.taskbell("doctor", "--json")
    assert ended.status == 0
    assert rows(ended)["database"]["said"] == "It is not there yet."
    made = {one.name for one in place.folder.iterdir()} - before
    assert {name for name in made if not name.startswith("process-")} == set()


async def test_a_database_that_cannot_be_written(place: Place) -> None:
    await place.link()
    with closing(sqlite3.connect(file_of(place))) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file_of(place).open("r+b") as file:
        file.seek(18)  # the format's version for writing: one that SQLite only reads
        file.write(b"\x03")
    ended = await place.taskbell("doctor", "--json")
    assert ended.status == 1
    assert wrong(ended) == {"database access"}
    assert "cannot be written" in rows(ended)["database access"]["said"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a database at all, " * 100, "It can't be read, or is no SQLite file."),
        (b"", "It is not there yet."),
    ],
)
async def test_a_file_that_is_no_database(place: Place, content: bytes, said: str) -> None:
    file_of(place).write_bytes(content)
    ended = await place.taskbell("doctor", "--json")
    assert rows(ended)["database"]["said"] == said
    assert file_of(place).read_bytes() == content
    assert ended.status == int(bool(content))


async def test_a_folder_that_is_not_there(place: Place) -> None:
    ended = await place.taskbell("doctor", "--json", DATABASE_URL="sqlite:///nowhere/taskbell.db")
    assert (ended.status, wrong(ended)) == (1, {"database"})
    assert "DATABASE_URL" in rows(ended)["database"]["remedy"]


async def test_a_damaged_file(place: Place) -> None:
    await place.link()
    with closing(sqlite3.connect(file_of(place))) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'message_task'"
        ).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with file_of(place).open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    ended = await place.taskbell("doctor", "--json")
    assert ended.status == 1
    assert "database file" in wrong(ended)
    assert rows(ended)["database file"]["remedy"] == "Restore a backup."


async def test_a_server_that_is_away(place: Place) -> None:
    url = f"postgresql://somebody:s3cretword@127.0.0.1:{free_port()}/taskbell"
    ended = await place.taskbell("doctor", "--json", DATABASE_URL=url)
    assert (ended.status, wrong(ended)) == (1, {"database"})
    assert "cannot be reached" in rows(ended)["database"]["said"]
    assert "DATABASE_URL" in rows(ended)["database"]["remedy"]
    assert "s3cretword" not in ended.out + ended.err


async def test_a_server_that_only_reads(place: Place, postgres: Databases) -> None:
    made = postgres.new()
    try:
        name = made.url.rpartition("/")[2]
        made.change(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        ended = await place.taskbell("doctor", "--json", DATABASE_URL=made.url)
        assert (ended.status, wrong(ended)) == (1, {"database access"})
        assert "cannot be written" in rows(ended)["database access"]["said"]
        assert rows(ended)["database engine"]["said"].startswith("PostgreSQL ")
    finally:
        postgres.drop(made)
