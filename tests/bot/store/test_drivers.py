"""What both drivers promise: whole transactions, or nothing; and what is said when one fails."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.store.database import ConstraintError, Database, StatementFailed, StorageError, Tx
from tests.bot.store.ticks import Held, add, names
from tests.databases.kinds import AnyDatabase


async def test_what_fails_in_a_shared_commit_harms_no_neighbour(db: Database) -> None:
    def fail(tx: Tx) -> None:
        add(tx, "half")
        raise ValueError("no")

    def clash(tx: Tx) -> None:
        add(tx, "also half")
        add(tx, "first")

    def nonsense(tx: Tx) -> None:
        add(tx, "half too")
        tx.run("SELECT * FROM nowhere")

    held = Held(db)
    await held.begun()
    works = [lambda tx: add(tx, "first"), fail, clash, nonsense, lambda tx: add(tx, "last")]
    waiting = [asyncio.ensure_future(db.write(work)) for work in works]
    await asyncio.sleep(0)
    await held.release()
    first, failed, clashed, wrong, last = await asyncio.gather(*waiting, return_exceptions=True)
    assert (first, last) == (None, None)
    assert isinstance(failed, ValueError)
    assert isinstance(clashed, ConstraintError)
    assert isinstance(wrong, StorageError)
    assert await names(db) == ["first", "last"]


async def test_a_caller_who_went_away_does_not_hurt_the_others(db: Database) -> None:
    held = Held(db)
    await held.begun()
    gone = asyncio.ensure_future(db.write(lambda tx: add(tx, "gone")))
    stays = asyncio.ensure_future(db.write(lambda tx: add(tx, "stays")))
    await asyncio.sleep(0)
    gone.cancel()
    await held.release()
    await stays
    assert "stays" in await names(db)


async def test_a_statement_that_failed_is_not_glossed_over(db: Database) -> None:
    """The server would undo all of it, and say nothing."""

    def careless(tx: Tx) -> None:
        add(tx, "half")
        try:
            tx.run("SELECT * FROM nowhere")
        except StatementFailed as failure:
            raise ValueError("no") from failure

    with pytest.raises((StorageError, ValueError)):
        await db.write(careless)
    assert await names(db) == []


async def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        await db.read(lambda tx: add(tx, "sly"))
    assert await names(db) == []


async def test_reading_goes_on_while_something_is_written(db: Database) -> None:
    held = Held(db)
    await held.begun()
    assert await asyncio.wait_for(names(db), 5) == []
    await held.release()


@pytest.mark.parametrize("isolated", [True, False])
async def test_no_write_is_lost_between_two_processes(
    db: Database, other: Database, isolated: bool
) -> None:
    """Each reads what it then writes; or says it in one statement, which needs no isolation."""
    await db.write(lambda tx: add(tx, "count"))

    def read_and_write(tx: Tx) -> None:
        (row,) = tx.rows("SELECT next_at FROM tick WHERE name = 'count'")
        tx.run("UPDATE tick SET next_at = :next", {"next": row["next_at"] + 1})

    def count(tx: Tx) -> None:
        tx.run("UPDATE tick SET next_at = next_at + 1 WHERE name = 'count'")

    if isolated:
        works = [(db, other)[n % 2].write(read_and_write) for n in range(100)]
    else:
        works = [(db, other)[n % 2].write(count, single=True) for n in range(100)]
    await asyncio.gather(*works)
    (row,) = await db.read(lambda tx: tx.rows("SELECT next_at FROM tick"))
    assert row["next_at"] == 100


async def test_what_two_processes_may_not_both_do_one_does(db: Database, other: Database) -> None:
    """Neither writes what the other reads first, but what the other would have had to see."""

    def unless_there_is_one(tx: Tx, name: str) -> bool:
        if tx.rows("SELECT name FROM tick WHERE name LIKE 'round%'"):
            return False
        add(tx, name)
        return True

    for number in range(20):
        done = await asyncio.gather(
            db.write(lambda tx: unless_there_is_one(tx, "round a")),
            other.write(lambda tx: unless_there_is_one(tx, "round b")),
        )
        assert sorted(done) == [False, True], number
        await db.write(lambda tx: tx.run("DELETE FROM tick"))


async def test_values_come_back_as_they_went(db: Database) -> None:
    statement = (
        "SELECT ':name' AS marked, '100 %' AS share, :name AS name, :yes AS yes, :big AS big"
    )
    values = {"name": "it's 5 % ñ 😀", "yes": True, "big": 2**53}
    row = await db.read(lambda tx: tx.row(statement, values))
    assert row is not None
    assert [row[key] for key in ("marked", "share")] == [":name", "100 %"]
    assert [row[key] for key in ("name", "yes", "big")] == ["it's 5 % ñ 😀", 1, 2**53]
    await db.write(lambda tx: tx.run_many(
        "INSERT INTO tick (name, next_at) VALUES (:name, :at)",
        ({"name": str(n), "at": 2**40} for n in range(3)),
    ))  # fmt: skip
    row = await db.read(lambda tx: tx.row("SELECT SUM(next_at) AS sum, COUNT(*) AS n FROM tick"))
    assert row is not None
    assert (row["sum"], type(row["sum"]), row["n"]) == (3 * 2**40, int, 3)


async def test_a_constraint_is_told_without_the_values(db: Database) -> None:
    await db.write(lambda tx: add(tx, "Ana Ruiz"))
    with pytest.raises(ConstraintError) as caught:
        await db.write(lambda tx: add(tx, "Ana Ruiz"))
    assert "tick" in str(caught.value)
    assert "Ana" not in str(caught.value)


_WRITER = """
import asyncio, sys
from pathlib import Path
from bot.app import open_database
from bot.settings import Settings

async def main():
    db = open_database(Settings(database_url=sys.argv[1]), owner=True)
    for number in range(10_000):
        await db.write(lambda tx: tx.run(
            "INSERT INTO tick (name, next_at) VALUES (:name, 0)", {"name": str(number)}
        ))
        print(number, flush=True)

asyncio.run(main())
"""


async def test_what_was_written_survives_a_kill(database: AnyDatabase) -> None:
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITER, database.url, stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout is not None
    while b"50\n" not in await writer.stdout.readline():
        assert not writer.stdout.at_eof()
    writer.kill()
    told = (await writer.stdout.read()).decode().split("\n")
    await writer.wait()
    last = int(told[-2]) if len(told) > 1 else 50
    db = database.open()
    kept = {int(name) for name in await names(db)}
    assert kept >= set(range(last + 1))
    await db.close()
