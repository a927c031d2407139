"""Push of an adapter from another package, whose events have no ids: what is proved has the tasks
looked up that it names, what is not is a reason to look and nothing more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from adapters.contract import Push
from bot.connections import ConnectionSettings
from tests.databases.kinds import AnyDatabase
from tests.scenarios.board import ME, PROOF, Board, BoardOptions
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, make_world

POINTS = "[taskbell.adapters]\nboard = tests.scenarios.board:SPEC\n"
TITLE = "Mend the roof"


@pytest.fixture
async def world(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    database: AnyDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:
    """A world with a board that calls as the test says."""
    about = tmp_path / "board-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: board\nVersion: 1\n")
    (about / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    options = BoardOptions(push=request.param)
    one = ConnectionSettings(name="wall", provider="board", options=options)
    async with make_world(database) as made:
        more = {"connections": (*made.settings.connections, one)}
        async with made.running_bot(**more, public_url="https://bell.example.com"):
            yield made


def board(world: World) -> Board:
    found = world.bot.ground.live["wall"].provider
    assert isinstance(found, Board)
    return found


async def with_a_card(world: World) -> Someone:
    """Somebody with a card for a task that has been taken off the board since."""
    someone = world.person("Ben Okafor")
    await someone.link("wall", ME.id)
    await world.poll()
    board(world).pin("new", TITLE)
    await world.tick()
    assert "Done" in someone.card(TITLE).buttons
    del board(world).pinned["new"]
    await world.tick()
    assert "Done" in someone.card(TITLE).buttons
    return someone


async def send(world: World, said: str, proof: str = PROOF) -> int:
    transport = httpx2.ASGITransport(app=world.bot.asgi(takes_slack=True))
    async with httpx2.AsyncClient(transport=transport) as http:
        headers = {"x-proof": proof}
        answer = await http.post(board(world).calls, content=said, headers=headers)
    await world.settle()
    return answer.status_code


@pytest.mark.parametrize("world", [Push.SIGNED], indirect=True)
async def test_tasks_that_a_proved_push_names_are_looked_up(world: World) -> None:
    someone = await with_a_card(world)
    assert await send(world, "new", proof="mine") == 401
    assert await send(world, "old-1 never-seen") == 200
    assert board(world).looked_up == []  # the listing of changes had the one, nobody the other
    await world.live_through(6)
    assert await send(world, "old-1 never-seen") == 200
    assert board(world).looked_up == ["old-1"]
    await world.pass_time(seconds=3)
    assert await send(world, "new") == 200
    assert board(world).looked_up == ["old-1", "new"]
    assert "No longer in" in someone.card(TITLE).words


@pytest.mark.parametrize("world", [Push.POKE], indirect=True)
async def test_what_an_unproved_push_names_counts_for_nothing(world: World) -> None:
    someone = await with_a_card(world)
    await world.live_through(6)
    board(world).pin("newer", "Paint the door")
    for said in ("new", "old-1 old-2", ""):
        assert await send(world, said) == 200
    rows = await world.bot.ground.db.read(lambda tx: tx.rows("SELECT * FROM push"))
    assert len(rows) == 1
    assert board(world).looked_up == []
    assert "Done" in someone.card("Paint the door").buttons


@pytest.mark.parametrize("world", [Push.NONE], indirect=True)
async def test_an_adapter_without_push_is_not_asked_for_it(world: World) -> None:
    await with_a_card(world)
    assert board(world).calls == ""
    board(world).calls = "https://bell.example.com/webhooks/wall"
    assert await send(world, "new") == 404
