"""PlanD's webhooks: made, found again, turned, and never believed."""

from __future__ import annotations

from typing import Any

import pytest

from adapters import contract as c
from sandbox.providers.pland import PlandSim
from tests.adapters.pland_room import NOBODY, provider, writes

URL = "https://bot.example.com/webhooks/pland/5f2c"
KINDS = ["CREATE", "UPDATE", "DELETE"]


def hooks(sim: PlandSim) -> list[tuple[Any, ...]]:
    found = sim.webhooks.hooks.values()
    return [(hook["type"], hook["entity"], hook["url"]) for hook in found]


async def test_one_hook_for_each_kind_of_change(pland: PlandSim) -> None:
    made = await provider(pland).subscribe(URL, None)
    assert hooks(pland) == [(kind, "task", URL) for kind in KINDS]
    assert made == c.Subscription(",".join(pland.webhooks.hooks))


async def test_what_stands_is_left(pland: PlandSim) -> None:
    made = await provider(pland).subscribe(URL, None)
    for held in (made, None):
        assert await provider(pland).subscribe(URL, held) == made
    assert len(writes(pland)) == 3


async def test_what_lacks_is_made_again(pland: PlandSim) -> None:
    made = await provider(pland).subscribe(URL, None)
    create, update, delete = made.id.split(",")
    del pland.webhooks.hooks[update]
    mended = await provider(pland).subscribe(URL, made)
    assert sorted(hooks(pland)) == sorted((kind, "task", URL) for kind in KINDS)
    assert mended.id.split(",")[::2] == [create, delete]
    assert mended != made


async def test_ours_that_point_elsewhere_are_turned_and_others_left(pland: PlandSim) -> None:
    other = {"_id": NOBODY, "type": "CREATE", "entity": "task", "url": "https://other.example/"}
    foreign = {"_id": "1" * 24, "type": "UPDATE", "entity": "user", "url": URL}
    pland.webhooks.hooks |= {NOBODY: other, foreign["_id"]: foreign}
    made = await provider(pland).subscribe(f"{URL}/old", None)
    turned = await provider(pland).subscribe(URL, made)
    assert turned == made
    assert hooks(pland)[:2] == [
        ("CREATE", "task", "https://other.example/"),
        ("UPDATE", "user", URL),
    ]
    assert hooks(pland)[2:] == [(kind, "task", URL) for kind in KINDS]


async def test_of_two_alike_the_held_one_stays_ours(pland: PlandSim) -> None:
    made = await provider(pland).subscribe(URL, None)
    twins = [hook | {"_id": f"{n:024x}"} for n, hook in enumerate(pland.webhooks.hooks.values())]
    pland.webhooks.hooks = {hook["_id"]: hook for hook in twins} | pland.webhooks.hooks
    assert await provider(pland).subscribe(URL, made) == made
    assert len(writes(pland)) == 3


async def test_a_key_that_may_not_see_webhooks(pland: PlandSim) -> None:
    pland.denied.add("integrations")
    with pytest.raises(c.Unauthorized):
        await provider(pland).subscribe(URL, None)


async def test_what_changes_calls_and_says_nothing_that_is_believed(pland: PlandSim) -> None:
    adapter = provider(pland)
    held = await adapter.subscribe(URL, None)
    row = pland.add_task()
    pland.edit(row["_id"], title="Neu")
    pland.remove(row["_id"])
    sent = pland.webhooks.take_deliveries()
    assert [delivery.url for delivery in sent] == [URL] * 3
    for body in (*(delivery.body for delivery in sent), b"", b"{", b"\xff"):
        push = c.PushRequest({}, body, pland.clock.now())
        assert adapter.read_push(push, held) == c.Pushed(None, ())
