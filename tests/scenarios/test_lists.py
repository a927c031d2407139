"""`/tasks`: lists of any length, answered in place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World

DAY = timedelta(days=1)


async def with_tasks(world: World, count: int) -> Someone:
    """Somebody with so many tasks, due on one day after the other from yesterday on."""
    ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
    await ana.link("reten", "OP-042")
    for number in range(count):
        due = START + DAY * (number - 1) + timedelta(hours=1)
        world.reten.add_task(commerce=f"Botica {number:03}", scheduled_at=due)
    await world.poll()
    return ana


async def test_nothing_to_do_is_a_good_state(world: World) -> None:
    ana = await with_tasks(world, 0)
    for word in ("", "today", "overdue", "week", "all"):
        listed = await ana.tasks(word)
        assert listed.rows == []
        assert "Nothing" in listed.words or "No open tasks" in listed.words
    world.assert_clean()


async def test_an_empty_list_names_what_is_next(world: World) -> None:
    ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
    await ana.link("reten", "OP-042")
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + 3 * DAY)
    await world.poll()
    assert "Nothing due today. Next: Botica Norte, Sat 10:00." in (await ana.tasks("today")).words


@pytest.mark.parametrize(
    ("word", "titles"),
    [
        ("", [f"Botica 00{n}" for n in range(9)]),
        ("today", ["Botica 001"]),
        ("TODAY ", ["Botica 001"]),
        ("overdue", ["Botica 000"]),
        ("week", [f"Botica 00{n}" for n in range(1, 9)]),
    ],
)
async def test_filters(world: World, word: str, titles: list[str]) -> None:
    ana = await with_tasks(world, 25)
    listed = await ana.tasks(word)
    assert [row.partition("Botica")[2][:4].strip() for row in listed.rows] == [
        title.removeprefix("Botica ") for title in titles
    ]
    world.assert_clean()


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (25, 3), (500, 50)])
async def test_pages(world: World, count: int, pages: int) -> None:
    ana = await with_tasks(world, count)
    listed = await ana.tasks("all")
    seen = list(listed.rows)
    for page in range(2, min(pages, 4) + 1):
        await listed.click("Next ›")
        assert f"‹ {page} of {pages} ›" in listed.words
        seen += listed.rows
    assert len(seen) == min(count, 40)
    assert len(set(seen)) == len(seen)
    if pages > 1:
        await listed.click("‹ Previous")
        assert f"‹ {min(pages, 4) - 1} of {pages} ›" in listed.words
    assert ("Next ›" in listed.buttons) == (pages > 1)
    world.assert_clean()


async def test_a_row_is_answered_in_place(world: World) -> None:
    ana = await with_tasks(world, 25)
    listed = await ana.tasks("all")
    await listed.click("Next ›")
    before = listed.rows
    await listed.click("Venta completada", near="Botica 012")
    assert listed.row("Botica 012") == "⏳ Botica 012 — “Venta completada”…"
    assert not listed.answerable("Botica 012")
    assert listed.answerable("Botica 013")
    await world.pass_time(seconds=6)
    assert listed.row("Botica 012") == "✅ Botica 012 — “Venta completada”"
    assert [r for r in listed.rows if "012" not in r] == [r for r in before if "012" not in r]
    await listed.click("No interesado", near="Botica 013")
    await world.pass_time(seconds=6)
    assert listed.row("Botica 012").startswith("✅")
    assert listed.row("Botica 013").startswith("✅")
    assert len(world.reten.results) == 2
    await listed.click("Refresh")
    assert not any("012" in row or "013" in row for row in listed.rows)
    assert len(listed.rows) == 10
    world.assert_clean()


async def test_an_answer_is_taken_back_in_place(world: World) -> None:
    ana = await with_tasks(world, 2)
    listed = await ana.tasks("all")
    before = listed.rows
    await listed.click("Venta completada", near="Botica 001")
    await listed.click("Undo", near="Botica 001")
    assert listed.rows == before
    await world.pass_time(seconds=10)
    assert world.reten.results == []
    world.assert_clean()


async def test_a_refused_row_can_be_answered_again(world: World) -> None:
    ana = await with_tasks(world, 1)
    listed = await ana.tasks("all")
    await listed.press("Venta completada", near="Botica 000")
    world.reten.result_types.pop(0)
    await world.pass_time(minutes=6)
    await world.pass_time(seconds=6)
    assert listed.row("Botica 000").startswith("⚠️ Botica 000")
    await listed.click("No interesado", near="Botica 000")
    await world.pass_time(seconds=6)
    assert listed.row("Botica 000") == "✅ Botica 000 — “No interesado”"


async def test_a_card_and_a_list_tell_the_same(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    listed = await ana.tasks("all")
    await ana.card("Botica Norte").click("Venta completada")
    assert "⏳" in (await ana.tasks("all")).row("Botica Norte")
    await world.pass_time(seconds=6)
    await listed.click("Refresh")
    assert listed.rows == []


async def test_words(world: World) -> None:
    ana, eve = await with_tasks(world, 1), world.person("Eve Stranger", timezone="Asia/Tokyo")
    assert "/tasks week" in (await ana.tasks("help")).words
    said = (await ana.tasks("whoami")).words
    assert "Reten: you are Carlos Pérez." in said
    assert "Europe/Madrid" in said
    said = (await ana.tasks("garb<!channel>age *x*")).words
    assert "I don't know “garb<!channel>age *x*”." in said
    assert "/tasks week" in said
    for word in ("", "all", "whoami"):
        assert "isn't linked to an operator" in (await eve.tasks(word)).words
    world.assert_clean()


@pytest.mark.parametrize("count", [3, 5, 6, 100, 101, 250])
async def test_any_number_of_result_types(world: World, count: int) -> None:
    """Three are buttons, the rest a menu, and more than a hundred a search."""
    world.reten.result_types = [
        {"code": f"CODE_{n}", "label": f"Resultado {n:03}", "requiresFutureScheduledAt": False}
        for n in range(count)
    ]
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    world.reten.add_task(commerce="Botica Sur")
    await world.tick()
    last = f"Resultado {count - 1:03}"
    card = ana.card("Botica Norte")
    assert card.buttons[:3] == ["Resultado 000", "Resultado 001", "Resultado 002"]
    await card.click(last)
    assert await ana.fill(Result_status="Effective") == {}
    listed = await ana.tasks("all")
    await listed.click(last, near="Botica Sur")
    assert await ana.fill(Result_status="Effective") == {}
    await world.pass_time(seconds=6)
    codes = [result["task_result"]["result"] for result in world.reten.results]
    assert codes == [f"CODE_{count - 1}"] * 2
    assert f"{last} · you" in card.words
    world.assert_clean()
