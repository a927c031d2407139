"""Commands beside a running bot, and `sync` instead of one."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.process.place import Place, free_port, until

TABLES = """
[reten-chile]
provider = "reten"
api_key = "${CHILE_KEY}"
base_url = "%(url)s"
poll_interval = 1
result_status = { SALE_COMPLETED = "EFFECTIVE" }

[reten-peru]
provider = "reten"
api_key = "${PERU_KEY}"
base_url = "%(url)s"
"""


async def test_every_command_works_beside_a_running_bot(place: Place) -> None:
    path = place.folder / "people.csv"
    path.write_text("slack_user,connection,operator\nana@example.com,reten,OP-042\n")
    async with place.bot():
        imported, alone = await asyncio.gather(
            place.taskbell("links", "import", "people.csv"),
            place.taskbell("tasks", "list", "--json"),
        )
        assert (imported.status, imported.out) == (0, "1 linked, 0 already there.\n")
        assert (alone.status, alone.out) == (0, "[]\n")
        task = place.reten.add_task(commerce="Botica Norte")
        await place.carded("Botica Norte")
        synced, listed = await asyncio.gather(
            place.taskbell("sync"),
            place.taskbell("tasks", "list", "--json"),
        )
        assert synced.status == 0
        # Where a bot polls for as long as it lives, it says that it is not the only one.
        assert ("another process polls it" in synced.err) == place.database.shared
        assert len(synced.err.splitlines()) == place.database.shared
        (row,) = json.loads(listed.out)
        assert (row["task"], row["title"]) == (f"reten:{task['id']}", "Botica Norte")
    cards = [m for m in place.slack.as_person(place.ana).messages() if "Botica" in m.plain()]
    assert len(cards) == 1


@pytest.mark.sqlite_alone
async def test_a_file_has_one_bot(place: Place) -> None:
    async with place.bot():
        second = await place.taskbell("run", PORT=str(free_port()))
    assert second.status == 1
    assert "Another taskbell already runs on" in second.complaint


async def test_sync_alone_polls_posts_and_submits(place: Place) -> None:
    await place.link()
    assert (await place.taskbell("sync")).status == 0
    place.reten.add_task(commerce="Botica Norte")
    ended = await place.taskbell("sync")
    assert (ended.status, ended.err) == (0, "")
    card = place.card("Botica Norte")
    assert card is not None
    async with place.bot(TASKBELL_UNDO_SECONDS="600"):
        await place.click(card, "Venta completada")
        await place.carded("Botica Norte", "about to be sent")
    assert place.reten.results == []
    place.change("UPDATE submission SET due_at = 0")
    assert (await place.taskbell("sync")).status == 0
    assert len(place.reten.results) == 1
    shown = place.card("Botica Norte")
    assert shown is not None
    assert shown.buttons() == []


async def test_a_sync_of_one_connection_leaves_the_others_alone(place: Place) -> None:
    both: dict[str, Any] = {"CLOSE_API_KEY": place.close.key, "CLOSE_BASE_URL": place.close_url}
    one, broken = await asyncio.gather(
        place.taskbell("sync", "--connection", "close", **both),
        place.taskbell(
            "sync", **both | {"CLOSE_API_KEY": "api_wrong.wrongwrong"}, DATABASE_URL="sqlite:///b.db"
        ),
    )  # fmt: skip
    assert (one.status, one.err) == (0, "")
    assert place.rows("SELECT good_at IS NULL FROM connection ORDER BY name") == [(0,), (1,)]
    assert broken.status == 1
    assert broken.err.splitlines()[-1] == (
        "Could not poll close (unauthorized); the log above says why."
    )


async def test_two_accounts_of_one_provider(place: Place) -> None:
    tables = TABLES % {"url": place.env["RETEN_BASE_URL"]}
    (place.folder / "connections.toml").write_text(tables)
    (place.folder / ".env").write_text(f"CHILE_KEY={place.reten.key}\nPERU_KEY=rtn_sk_old\n")
    for name in ("RETEN_API_KEY", "RETEN_BASE_URL", "RETEN_RESULT_STATUS"):
        del place.env[name]
    await place.link("OP-042", "reten-chile")
    async with place.bot() as bot:
        place.reten.add_task(commerce="Botica Norte")
        await place.click(await place.carded("Botica Norte"), "Venta completada")
        await until(lambda: len(place.reten.results) == 1, "the result")
        _, said = await bot.health()
    assert said["connections"]["reten-chile"]["state"] == "ok"
    assert said["connections"]["reten-peru"]["state"] == "unauthorized"
