"""`taskbell doctor` as a process: what it prints, how it ends, and what it finds of the database
and the settings."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ("INSERT INTO schema_version (version) VALUES (999)", "wrong", "newer"),
        ("DELETE FROM schema_version WHERE version > 1", "warning", "older"),
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
