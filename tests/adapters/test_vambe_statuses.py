"""Vambe's statuses, learnt from its tasks, and offered as outcomes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters import contract as c
from adapters.vambe_changes import PRIORITY
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.vambe import VambeSim
from tests.adapters.vambe_room import DONE, answer, listed, listings, provider


def names(offer: c.Offer) -> list[str]:
    return [outcome.code for outcome in offer.outcomes]


async def test_all_that_is_seen_is_offered_in_vambes_order(vambe: VambeSim, maria: str) -> None:
    vambe.statuses.add("Archivado", "done", order=-1)
    vambe.statuses.add("Sin uso")
    for status in (DONE, "Pendiente", "Archivado", "En Progreso"):
        vambe.add_task(responsibles=[maria], status=status)
    adapter = provider(vambe)
    assert await adapter.offer() == c.Offer(
        tuple(
            c.Outcome(name, name, completes=completes, reversible=True)
            for name, completes in (
                ("Archivado", True),
                ("Pendiente", False),
                ("En Progreso", False),
                (DONE, True),
            )
        ),
        (PRIORITY,),
    )
    assert not PRIORITY.required


async def test_what_a_listing_has_taught_needs_no_search(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria], status=DONE)
    adapter = provider(vambe)
    await listed(adapter, [maria])
    assert names(await adapter.offer()) == [DONE]
    assert len(vambe.requests) == 1


async def test_the_whole_team_is_searched_once(vambe: VambeSim, clock: MovableClock) -> None:
    for number in range(60):
        person = vambe.add_member(f"M {number}", "m@example.com")["id"]
        vambe.add_task(responsibles=[person], status=DONE)
    adapter = provider(vambe)
    assert await asyncio.gather(*(adapter.offer() for _ in range(3)))
    clock.advance(timedelta(days=1))
    assert names(await adapter.offer()) == [DONE]
    assert len(vambe.requests) == 3, "the team, and two batches"


async def test_without_a_final_status_the_admins_are_told(
    vambe: VambeSim, maria: str, clock: MovableClock
) -> None:
    row = vambe.add_task(responsibles=[maria])
    adapter = provider(vambe)
    offer = await adapter.offer()
    assert names(offer) == ["Pendiente"]
    assert offer.gap is not None
    assert "or set done_status (VAMBE_DONE_STATUS)." in offer.gap
    vambe.complete_elsewhere(row["id"])
    clock.advance(timedelta(minutes=59))
    assert await adapter.offer() == offer
    clock.advance(timedelta(minutes=1))
    assert names(await adapter.offer()) == ["Pendiente", DONE]
    assert (await adapter.offer()).gap is None
    assert len(listings(vambe)) == 2


async def test_an_organization_without_tasks(vambe: VambeSim) -> None:
    offer = await provider(vambe).offer()
    assert offer.outcomes == ()
    assert offer.gap is not None


async def test_a_configured_status_is_offered_unseen(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria])
    adapter = provider(vambe, done_status=f" {DONE.lower()} ")
    offer = await adapter.offer()
    assert offer.gap is None
    assert offer.outcomes[1] == c.Outcome(
        DONE.lower(), DONE.lower(), completes=True, reversible=True
    )
    await adapter.offer()
    assert len(listings(vambe)) == 1


async def test_a_configured_status_gives_way_to_vambes_own_way_of_writing_it(
    vambe: VambeSim, maria: str
) -> None:
    vambe.add_task(responsibles=[maria])
    done = vambe.add_task(responsibles=[maria], status=DONE)
    adapter = provider(vambe, done_status=DONE.lower())
    assert names(await adapter.offer()) == ["Pendiente", DONE]
    task = next(one for one in (await listed(adapter, [maria]))[0] if one.id != done["id"])
    finished = await adapter.submit(task, answer(vambe, DONE.lower()), None)
    assert finished.status_label == DONE


async def test_a_configured_status_that_is_not_final(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria], status="En Progreso")
    offer = await provider(vambe, done_status="En Progreso").offer()
    assert [outcome.completes for outcome in offer.outcomes] == [False]
    assert offer.gap is not None
    assert "does not count" in offer.gap


async def test_a_renamed_status_is_offered_by_its_new_name(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria], status=DONE)
    adapter = provider(vambe)
    await adapter.offer()
    vambe.statuses.edit(DONE, name="Hecho", order=-1)
    await listed(adapter, [maria])
    assert names(await adapter.offer()) == ["Hecho"]


async def test_two_statuses_of_one_name_are_one_outcome(vambe: VambeSim, maria: str) -> None:
    twin = vambe.statuses.add("Pendiente", "done")
    vambe.add_task(responsibles=[maria])
    vambe.add_task(responsibles=[maria], status_config=twin)
    adapter = provider(vambe)
    offer = await adapter.offer()
    assert [(one.code, one.completes) for one in offer.outcomes] == [("Pendiente", False)]


@pytest.mark.parametrize("order", [None, 2.5])
async def test_an_order_that_is_odd_or_missing(
    vambe: VambeSim, maria: str, order: float | None
) -> None:
    odd = {**vambe.statuses["Pendiente"], "order": order}
    vambe.add_task(responsibles=[maria], status_config=odd)
    vambe.add_task(responsibles=[maria], status="En Progreso")
    assert names(await provider(vambe).offer()) == ["En Progreso", "Pendiente"]


async def test_a_search_that_failed_is_made_again(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria], status=DONE)
    adapter = provider(vambe)
    vambe.faults.add(Fault(Trouble.STATUS, "tasks"))
    with pytest.raises(c.Unavailable):
        await adapter.offer()
    assert names(await adapter.offer()) == [DONE]
