"""`taskbell run`: the main job in a real process, over HTTP and over a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases.kinds import AnyDatabase
from tests.process.place import Place, make_place, until


@pytest.fixture
async def place(tmp_path: Path, database: AnyDatabase) -> AsyncIterator[Place]:
    """One where nothing is loaded beforehand."""
    async with make_place(tmp_path, database) as made:
        yield made


async def test_a_task_becomes_a_card_and_a_click_its_result_over_http(place: Place) -> None:
    await place.link()
    async with place.bot():
        task = place.reten.add_task(commerce="Botica Norte")
        card = await place.carded("Botica Norte")
        assert "Venta completada" in card.buttons()
        await place.click(card, "Venta completada")
        done = await place.carded("Botica Norte", "you")
        assert done.buttons() == []
    (result,) = place.reten.results
    assert result["activity_id"] == task["id"]
    assert result["task_result"]["result"] == "SALE_COMPLETED"
    assert done.ts == card.ts
    assert place.reten.violations == []


async def test_a_socket_carries_clicks_and_is_opened_anew_when_slack_closes_it(
    place: Place,
) -> None:
    await place.link()
    async with place.bot(SLACK_APP_TOKEN=place.slack.workspace.app_token, SLACK_SIGNING_SECRET=""):
        await place.slack.until_sockets(1)
        place.reten.add_task(commerce="Botica Norte")
        await place.click(await place.carded("Botica Norte"), "Venta completada")
        await until(lambda: len(place.reten.results) == 1, "the first result")
        await place.slack.disconnect_sockets()
        await place.slack.until_sockets(1)
        place.reten.add_task(commerce="Botica Sur")
        await place.click(await place.carded("Botica Sur"), "No interesado")
        await until(lambda: len(place.reten.results) == 2, "the second result")
