"""The PostgreSQL driver on a real server: lost connections, refusals, notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store.database import StorageError, Tx
from bot.store.postgres import PostgresDatabase
from tests.bot.store.ticks import add, names
from tests.databases.kinds import Databases, OnServer
from tests.databases.server import Server

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def database_kind() -> str:
    return "postgres"


@pytest.fixture
def database(postgres: Databases) -> Iterator[OnServer]:
    made = postgres.new()
    yield made
    postgres.drop(made)


@pytest.fixture
async def db(database: OnServer) -> AsyncIterator[PostgresDatabase]:
    opened = database.open()
    yield opened
    await opened.close()


async def test_a_connection_that_was_lost_is_opened_again(
    db: PostgresDatabase, database: OnServer
) -> None:
    await db.write(lambda tx: add(tx, "before"))
    assert await names(db) == ["before"]
    database.rows(CUT)
    await db.write(lambda tx: add(tx, "after"))
    assert await names(db) == ["after", "before"]


async def test_a_commit_that_got_lost_is_told_and_not_done_again(
    db: PostgresDatabase, database: OnServer
) -> None:
    """Nobody knows whether it stands: doing it again could do it twice."""
    database.change(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
    )
    database.change(
        "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON tick DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION die()"
    )
    runs = 0

    def work(tx: Tx) -> None:
        nonlocal runs
        runs += 1
        add(tx, "perhaps")

    with pytest.raises(StorageError, match="may or may not stand"):
        await db.write(work)
    assert runs == 1
    database.change("DROP TRIGGER die ON tick")
    await db.write(lambda tx: add(tx, "surely"))
    assert await names(db) == ["surely"]


async def test_a_schema_that_changes_under_a_running_process_disturbs_nobody(
    db: PostgresDatabase, database: OnServer
) -> None:
    """A newer process may bring it up to date: the server then refuses what it had prepared."""

    def all_of(tx: Tx) -> int:
        return len(tx.rows("SELECT * FROM tick"))

    await db.write(lambda tx: add(tx, "one"))
    for _ in range(10):
        assert await db.read(all_of) == 1
        assert await db.write(all_of) == 1
    database.change("ALTER TABLE tick ADD COLUMN colour TEXT")
    assert await db.read(all_of) == 1
    assert await db.write(all_of) == 1


async def test_urgent_writes_of_any_process_are_heard(
    db: PostgresDatabase, database: OnServer
) -> None:
    other = database.open()
    woken: asyncio.Queue[None] = asyncio.Queue()
    listening = db.listen(lambda: woken.put_nowait(None), lambda: pytest.fail("cut off"))
    async with listening, asyncio.timeout(20):
        await woken.get()  # it listens
        await other.write(lambda tx: add(tx, "later"))
        await other.write(lambda tx: add(tx, "soon"), urgent=True)
        await woken.get()
        assert woken.empty()
        database.rows(CUT)
        await woken.get()  # it listens again, and something may have gone unheard
        await other.write(lambda tx: add(tx, "again"), urgent=True)
        await woken.get()
    await other.close()


async def test_a_read_only_database_is_told_and_passes(
    db: PostgresDatabase, database: OnServer, postgres: Databases
) -> None:
    name = database.url.rpartition("/")[2]
    postgres.server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    database.rows(CUT)
    with pytest.raises(StorageError, match="it cannot be written: the server is a standby"):
        await db.write(lambda tx: add(tx, "x"))
    postgres.server.run(f"ALTER DATABASE {name} RESET ALL")
    await db.write(lambda tx: add(tx, "x"))
    assert await names(db) == ["x"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("53100", "the disk is full; free some room"),
        ("55P03", "another process is changing the same rows; try again"),
        ("57014", "the server took too long; try again"),
        ("XX001", "the server's files are damaged; restore a backup"),
    ],
)
async def test_trouble_of_the_server_is_told_in_one_line_and_passes(
    db: PostgresDatabase, database: OnServer, state: str, words: str
) -> None:
    """As the server would say it; to bring it there would take its whole disk."""
    database.change(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION 'it is about Ana Ruiz' USING ERRCODE = '{state}'; END $$"
    )
    database.change(
        "CREATE TRIGGER fail BEFORE INSERT ON tick FOR EACH ROW WHEN (NEW.name = 'x')"
        " EXECUTE FUNCTION fail()"
    )

    def two(tx: Tx) -> None:
        add(tx, "half")
        add(tx, "x")

    with pytest.raises(StorageError) as caught:
        await db.write(two)
    assert str(caught.value) == f"The database failed: {words}."
    assert await names(db) == []
    database.change("DROP TRIGGER fail ON tick")
    await db.write(two)
    assert await names(db) == ["half", "x"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("taskbell:", "taskbell:wrong"), "the server refuses the user or the password"),
        (("taskbell:", "nobody:"), "the server refuses the user or the password"),
        (("/test_", "/none_"), "the server has no database of that name"),
        (("127.0.0.1", "no-such-host.invalid"), "the server's name is not known"),
        (("127.0.0.1:", "127.0.0.1:1"), "check"),
    ],
)
def test_what_cannot_be_connected_to_is_told_without_the_password(
    database: OnServer, postgres: Databases, change: tuple[str, str], words: str
) -> None:
    with pytest.raises(StorageError, match=words) as caught:
        PostgresDatabase(database.url.replace(*change))
    assert postgres.server.password not in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_server_that_went_away_is_told_and_found_again() -> None:
    server = Server.make()
    try:
        server.start()
        db = PostgresDatabase(server.url("postgres"))
        await db.write(lambda tx: add(tx, "before"))
        server.stop()
        for _ in range(2):
            with pytest.raises(StorageError, match="the server cannot be reached; check that it"):
                await db.write(lambda tx: add(tx, "lost"))
            with pytest.raises(StorageError, match="the server cannot be reached; check that it"):
                await names(db)
        server.start()
        await db.write(lambda tx: add(tx, "after"))
        assert await names(db) == ["after", "before"]
        await db.close()
    finally:
        server.remove()
