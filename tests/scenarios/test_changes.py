"""What else a card offers: undo of what is written, another date, another assignee, a comment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sandbox.faults import Fault, Trouble
from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World


async def ben_with(world: World, **more: Any) -> tuple[Someone, str]:
    """Ben of Close, with a card of a task on a lead."""
    ben = world.person("Ben Okafor", email="ben@example.com", timezone="Europe/Madrid")
    user = world.close.add_user("Ben Okafor", "ben@example.com")
    await world.poll()
    lead = more.pop("lead", None) or world.close.add_lead("Wayne Enterprises")
    task = world.close.add_task("Call back", assigned_to=user["id"], lead=lead, **more)
    await world.tick()
    return ben, task["id"]


def at_close(world: World, task_id: str) -> dict[str, Any]:
    return dict(world.close.tasks[task_id])


async def test_a_completion_is_taken_back(world: World) -> None:
    ben, task = await ben_with(world)
    await ben.card("Call back").click("Complete")
    assert at_close(world, task)["is_complete"] is True
    await ben.card("Call back").click("Undo")
    assert at_close(world, task)["is_complete"] is False
    card = ben.card("Call back")
    assert "Taken back · you" in card.words
    assert "Complete" in card.buttons
    assert len(card.all) == 1
    await card.click("Complete")
    assert at_close(world, task)["is_complete"] is True
    assert card.buttons == ["Undo"]
    world.assert_clean()


async def test_undo_twice_takes_back_once(world: World) -> None:
    ben, task = await ben_with(world)
    await ben.card("Call back").click("Complete")
    done = ben.card("Call back").message
    await ben.card("Call back").press("Undo", done)
    await ben.card("Call back").click("Undo", done)
    assert at_close(world, task)["is_complete"] is False
    puts = [r for r in world.close.requests if r.method == "PUT"]
    assert [r.body for r in puts] == [{"is_complete": True}, {"is_complete": False}]
    assert ben.whispers[-1].startswith("“Undo” is already on its way")


async def test_what_is_open_again_elsewhere_needs_no_undo(world: World) -> None:
    ben, task = await ben_with(world)
    await ben.card("Call back").click("Complete")
    done = ben.card("Call back").message
    world.close.edit(task, is_complete=False)
    await world.tick()
    await ben.card("Call back").click("Undo", done)
    assert "open again already" in ben.whispers[-1]
    assert "Complete" in ben.card("Call back").buttons


async def test_nobody_else_takes_back(world: World) -> None:
    ben, task = await ben_with(world)
    eve = world.person("Eve Stone")
    await ben.card("Call back").click("Complete")
    delivery = await eve.hands.click(ben.card("Call back").message, "Undo")
    assert delivery.ok
    await world.settle()
    assert at_close(world, task)["is_complete"] is True


async def test_an_undo_is_sent_when_the_provider_is_back(world: World) -> None:
    ben, task = await ben_with(world)
    await ben.card("Call back").click("Complete")
    world.close.faults.add(Fault(Trouble.DROP_AFTER, f"/api/v1/task/{task}/", "PUT"))
    await ben.card("Call back").click("Undo")
    assert ben.card("Call back").buttons == []
    await world.pass_time(minutes=2)
    assert at_close(world, task)["is_complete"] is False
    assert "Taken back" in ben.card("Call back").words
    puts = [r.body for r in world.close.requests if r.method == "PUT"]
    assert puts == [{"is_complete": True}, {"is_complete": False}]


@pytest.mark.parametrize(
    ("due", "field", "chosen", "sent", "was"),
    [
        ("2026-04-15", "New_date", date(2026, 4, 20), "2026-04-20", "Wed 15 Apr"),
        (
            START + timedelta(hours=3),
            "New_date_and_time",
            datetime(2026, 4, 17, 9, 30, tzinfo=UTC),
            "2026-04-17T09:30:00+00:00",
            "Today 13:00",
        ),
        (
            None,
            "New_date_and_time",
            datetime(2026, 4, 17, 9, 30, tzinfo=UTC),
            "2026-04-17T09:30:00+00:00",
            None,
        ),
    ],
)
async def test_a_task_is_moved_to_another_date(
    world: World, due: Any, field: str, chosen: Any, sent: str, was: str | None
) -> None:
    ben, task = await ben_with(world, date=due)
    await ben.card("Call back").click("Reschedule")
    assert ben.modal.title == "Reschedule"
    assert await ben.fill(**{field: chosen}) == {}
    assert at_close(world, task)["date"] == sent
    card = ben.card("Call back")
    assert (f"Moved from {was}" if was else "Rescheduled") in card.words
    assert "Complete" in card.buttons
    world.assert_clean()


async def test_the_past_is_an_error_at_the_field(world: World) -> None:
    ben, _ = await ben_with(world, date="2026-04-15")
    await ben.card("Call back").click("Reschedule")
    errors = await ben.fill(New_date=date(2026, 4, 14))
    assert errors == {"New date": "That is in the past (Tue 14 Apr). Pick today or a later day."}
    assert await ben.fill(New_date=date(2026, 4, 15)) == {}


async def test_a_task_is_given_to_somebody_else(world: World) -> None:
    ben, task = await ben_with(world)
    ana = world.person("Ana Ruiz", email="ana@example.com")
    user = world.close.add_user("Ana Ruiz", "ana@example.com")
    gone = world.close.add_user("Gone Away", "gone@example.com", active=False)
    world.clock.advance(timedelta(hours=1))
    await world.tick()
    await ben.card("Call back").click("Reassign")
    form = str(ben.modal.body)
    assert "Ana Ruiz" in form
    assert gone["last_name"] not in form
    assert await ben.fill(Give_it_to="Ana Ruiz") == {}
    assert at_close(world, task)["assigned_to"] == user["id"]
    assert "Now with" in ben.card("Call back").words
    assert "Complete" in ana.card("Call back").buttons
    await ana.card("Call back").click("Complete")
    assert at_close(world, task)["is_complete"] is True
    world.assert_clean()


async def test_a_comment_becomes_a_note_on_the_lead(world: World) -> None:
    ben, task = await ben_with(world)
    await ben.card("Call back").click("Comment")
    assert await ben.fill(Comment="Left a message <!channel>") == {}
    (note,) = world.close.notes
    assert (note["note"], note["lead_id"]) == (
        "Left a message <!channel>",
        at_close(world, task)["lead_id"],
    )
    card = ben.card("Call back")
    assert "Comment added · you" in card.words
    assert "Complete" in card.buttons
    world.assert_clean()


async def test_a_task_without_a_lead_takes_no_comment(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    user = world.close.add_user("Ben Okafor", "ben@example.com")
    await world.poll()
    world.close.add_task("Tidy up", assigned_to=user["id"])
    await world.tick()
    assert "Comment" not in ben.card("Tidy up").buttons
    assert "Reassign" in ben.card("Tidy up").buttons


async def test_reten_offers_answers_alone(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    ours = {"Reschedule", "Reassign", "Comment", "Open"}
    assert ours.isdisjoint(ana.card("Botica Norte").buttons)
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    assert ana.card("Botica Norte").buttons == []


async def test_the_audit_names_who_did_what(world: World) -> None:
    ben, task = await ben_with(world)
    await ben.card("Call back").click("Complete")
    await ben.card("Call back").click("Undo")
    rows = await world.bot.ground.db.read(
        lambda tx: tx.rows("SELECT actor, action FROM audit WHERE subject = :t", {"t": task})
    )
    assert sorted(row["action"] for row in rows if row["actor"] == ben.id) == [
        "answer", "answer done", "reopen", "reopen done",
    ]  # fmt: skip
