"""`taskbell doctor` as a process: what it prints, how it ends, and what it finds of the database
and the settings."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store.schema import MIGRATIONS
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from tests.process.place import Ended, Place, free_port

NO_ADMINS = "! admins: There is none"


def rows(ended: Ended) -> dict[str, dict[str, Any]]:
    """What `--json` printed, by check."""
    found = json.loads(ended.out)
    assert all({*one} == {"check", "state", "said", "remedy"} for one in found)
    return {one["check"]: one for one in found}


def wrong(ended: Ended) -> set[str]:
    return {check for check, one in rows(ended).items() if one["state"] == "wrong"}


async def test_a_line_for_each_check_beside_a_running_bot(place: Place) -> None:
    async with place.bot():
        ended = await place.taskbell("doctor")
    assert (ended.status, ended.err) == (0, "")
    *lines, summary = ended.out.splitlines()
    assert [line for line in lines if not line.startswith(("✓ ", "! "))] == []
    assert [line for line in lines if line.startswith("! ")] == [
        line for line in lines if line.startswith(NO_ADMINS)
    ]
    assert any(line.startswith("✓ reten key: ") for line in lines)
    assert any(line.startswith("✓ database access: ") for line in lines)
    assert any(line.startswith("✓ reten polls: The last good one was ") for line in lines)
    assert summary.startswith("Nothing is wrong: ")


async def test_something_wrong_is_status_1(place: Place) -> None:
    place.reten.revoke_key()
    plain, as_json = await place.taskbell("doctor"), await place.taskbell("doctor", "--json")
    for ended in (plain, as_json):
        assert ended.status == 1
        assert ended.complaint.startswith("Something is wrong: ")
    assert [line for line in plain.out.splitlines() if line.startswith("✗")] == [
        "✗ reten key: Reten refuses the key."
        " Put a valid key into the settings of reten, then restart the bot."
    ]
    assert wrong(as_json) == {"reten key"}


async def test_settings_that_cannot_be_used_are_findings(place: Place) -> None:
    ended = await place.taskbell("doctor", "--json", PORT="no port", TASKBELL_ADMINS="Ana")
    assert ended.status == 1
    found = json.loads(ended.out)
    assert {one["said"].partition(":")[0] for one in found} == {"PORT", "TASKBELL_ADMINS"}
    assert {one["state"] for one in found} == {"wrong"}


async def test_nothing_is_made_before_the_first_start(place: Place) -> None:
    before = {one.name for one in place.folder.iterdir()}
    ended = await place.taskbell("doctor", "--json")
    assert ended.status == 0
    assert rows(ended)["database"]["said"] == "It is not there yet."
    made = {one.name for one in place.folder.iterdir()} - before
    assert {name for name in made if not name.startswith("process-")} == set()


async def test_a_database_that_cannot_be_written(place: Place) -> None:
    await place.link()
    with closing(sqlite3.connect(place.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with place.database.open("r+b") as file:
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
    place.database.write_bytes(content)
    ended = await place.taskbell("doctor", "--json")
    assert rows(ended)["database"]["said"] == said
    assert place.database.read_bytes() == content
    assert ended.status == int(bool(content))


async def test_a_folder_that_is_not_there(place: Place) -> None:
    ended = await place.taskbell("doctor", "--json", DATABASE_URL="sqlite:///nowhere/taskbell.db")
    assert (ended.status, wrong(ended)) == (1, {"database"})
    assert "DATABASE_URL" in rows(ended)["database"]["remedy"]


async def test_a_damaged_file(place: Place) -> None:
    await place.link()
    with closing(sqlite3.connect(place.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'message_task'"
        ).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with place.database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    ended = await place.taskbell("doctor", "--json")
    assert ended.status == 1
    assert "database file" in wrong(ended)
    assert rows(ended)["database file"]["remedy"] == "Restore a backup."


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        (f"INSERT INTO schema_version (version) VALUES ({len(MIGRATIONS) + 1})", "wrong", "newer"),
        (f"DELETE FROM schema_version WHERE version = {len(MIGRATIONS)}", "warning", "older"),
    ],
)
async def test_a_schema_of_another_version(
    place: Place, change: str, state: str, words: str
) -> None:
    await place.link()
    place.change(change)
    versions = place.rows("SELECT version FROM schema_version")
    ended = await place.taskbell("doctor", "--json")
    assert rows(ended)["database"]["state"] == state
    assert f"of a{'n' * (words == 'older')} {words} version" in rows(ended)["database"]["said"]
    assert place.rows("SELECT version FROM schema_version") == versions


async def test_a_clock_that_is_wrong(place: Place) -> None:
    place.slack.workspace.clock = MovableClock(datetime.now(UTC) - timedelta(minutes=10))
    ended = await place.taskbell("doctor", "--json")
    assert wrong(ended) == {"clock"}


async def test_live(place: Place) -> None:
    ended = await place.taskbell("doctor", "--live", TASKBELL_ADMINS=place.ana.id)
    assert (ended.status, ended.err) == (0, "")
    assert place.slack.as_person(place.ana).messages() == []
    ended = await place.taskbell("doctor", "--live", "--json", "--as", "U0NOBODY")
    assert ended.status == 1
    assert wrong(ended) == {"live open the conversation"}


@pytest.mark.parametrize("words", [("--live",), ("--as", "U1")])
async def test_live_needs_somebody(place: Place, words: tuple[str, ...]) -> None:
    ended = await place.taskbell("doctor", *words)
    assert (ended.status, ended.out) == (2, "")


async def test_a_network_that_is_away(place: Place) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    place.reten.faults.add(Fault(Trouble.STATUS, status=404, times=None))
    ended = await place.taskbell("doctor", "--json", SLACK_API_URL=f"{nowhere}/")
    assert wrong(ended) == {"slack token", "reten key"}
