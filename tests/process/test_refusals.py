"""Trouble that can be foreseen: one line on stderr that says what to do, and a status."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from sandbox.faults import Fault, Trouble
from tests.databases.kinds import SqliteFile
from tests.process.forked import Nursery
from tests.process.place import Place, free_port, make_place

pytestmark = pytest.mark.sqlite_alone


async def test_slack_refuses_a_token(place: Place) -> None:
    run, sync, app = await asyncio.gather(
        place.taskbell("run", SLACK_BOT_TOKEN="xoxb-wrong", PORT=str(free_port())),
        place.taskbell("sync", SLACK_BOT_TOKEN="xoxb-wrong", DATABASE_URL="sqlite:///b.db"),
        place.taskbell(
            "run", SLACK_APP_TOKEN="xapp-wrong", DATABASE_URL="sqlite:///c.db",
            PORT=str(free_port()),
        ),
    )  # fmt: skip
    for ended in (run, sync):
        assert ended.status == 1
        assert ended.complaint.startswith("Slack refuses the bot token (invalid_auth). Set SLACK_")
    assert app.status == 1
    last = app.err.splitlines()[-1]
    assert last.startswith("Slack refuses the app token (invalid_auth). Set SLACK_APP_TOKEN")


async def test_an_address_that_is_taken(place: Place) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        run, demo = await asyncio.gather(
            place.taskbell("run", PORT=port), place.taskbell("demo", "--port", port)
        )
    for ended in (run, demo):
        assert ended.status == 1
        assert port in ended.complaint


async def test_providers_and_slack_that_are_down(place: Place) -> None:
    place.reten.faults.add(Fault(Trouble.STATUS, times=None, status=503))
    provider, slack = await asyncio.gather(
        place.taskbell("sync"),
        place.taskbell(
            "sync", SLACK_API_URL=f"http://127.0.0.1:{free_port()}/api/", RETEN_API_KEY="",
            DATABASE_URL="sqlite:///b.db",
        ),
    )  # fmt: skip
    assert provider.status == 1
    last = provider.err.splitlines()[-1]
    assert last == "Could not poll reten (unavailable); the log above says why."
    assert slack.status == 1
    assert slack.complaint == "Slack did not answer; what is due goes out with the next sync."


async def test_it_runs_from_anywhere(tmp_path: Path, nursery: Nursery) -> None:
    """In a folder that is not the checkout, with nothing set but what is told."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with make_place(tmp_path, SqliteFile(tmp_path / "taskbell.db"), nursery) as place:
        version, listed = await asyncio.gather(
            place.taskbell("--version", cwd=elsewhere),
            place.taskbell("links", "list", cwd=elsewhere, DATABASE_URL="sqlite:///own.db"),
        )
    assert version.out.startswith("taskbell, version ")
    assert listed.status == 0
    assert [path.name for path in place.folder.rglob("*.db")] == ["own.db"]
