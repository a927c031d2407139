"""Slack's pace in the database: one budget for all processes, and whose turn it is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from adapters.contract import Operator, Task
from bot.domain.model import CardView, Face, Reason, Whisper
from bot.domain.pace import BUDGETS
from bot.domain.planner import NewCard
from bot.store import messages, pace, tasks
from bot.store.database import Database, Tx
from bot.store.messages import Message
from bot.store.tasks import Sighting

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
POST, UPDATE = "chat.postMessage", "chat.update"


def take(tx: Tx, method: str = POST, now: datetime = NOW, workspace: str = "T1") -> list[Message]:
    return pace.take_turns(tx, workspace, method, now, LEASE, 100)


def add_notices(tx: Tx, count: int, reader: str = "") -> None:
    for number in range(count):
        messages.add_notice(tx, reader or f"U{number}", Whisper("baseline"), NOW)


def add_card(tx: Tx, task_id: str, reader: str, reason: Reason = Reason.ASSIGNED) -> None:
    sighting = Sighting.of(Task(task_id, task_id, operators=(Operator("o1"),)), None)
    tasks.add(tx, "reten", [sighting], NOW, baseline=False)
    view = CardView(Face.OPEN, "k", task_id, "reten", "Reten")
    messages.add_card(tx, "reten", task_id, NewCard(reader, reason, "", view), NOW)


def change(tx: Tx, task_id: str, to: str, now: datetime = NOW) -> None:
    (card,) = messages.cards_of(tx, "reten", task_id)
    messages.set_view(tx, card.key, CardView(Face.OPEN, "k", to, "reten", "Reten"), now)


async def test_processes_share_one_budget(db: Database, other: Database) -> None:
    await db.write(lambda tx: add_notices(tx, 40))
    found = await asyncio.gather(*((db, other)[n % 2].write(take) for n in range(8)))
    assert sum(map(len, found)) == BUDGETS[POST].burst
    later = await other.write(lambda tx: take(tx, now=NOW + SECOND))
    assert len(later) == BUDGETS[POST].per_minute // 60


async def test_a_channel_gets_one_message_a_second_from_all_together(
    db: Database, other: Database
) -> None:
    await db.write(lambda tx: add_notices(tx, 5, "U1"))
    found = await asyncio.gather(*((db, other)[n % 2].write(take) for n in range(4)))
    assert sum(map(len, found)) == 1
    assert await other.write(lambda tx: take(tx, now=NOW + SECOND)) == []
    turn = (await db.read(lambda tx: pace.next_turns(tx, "T1", NOW)))[POST]
    assert SECOND < turn.at - NOW < 1.1 * SECOND
    assert turn.due_at == NOW
    assert len(await other.write(lambda tx: take(tx, now=turn.at))) == 1


async def test_a_pause_is_for_one_method_and_workspace(db: Database) -> None:
    await db.write(lambda tx: add_notices(tx, 3))
    until = NOW + 30 * SECOND
    await db.write(lambda tx: pace.hold(tx, "T1", POST, until))
    # A shorter one that is told late does not end it.
    await db.write(lambda tx: pace.hold(tx, "T1", POST, NOW + SECOND))
    assert await db.write(lambda tx: take(tx, now=until - SECOND)) == []
    assert (await db.read(lambda tx: pace.next_turns(tx, "T1", NOW)))[POST].at == until
    assert await db.write(lambda tx: pace.take(tx, "T1", "users.info", NOW)) == timedelta(0)
    assert (await db.read(lambda tx: pace.next_turns(tx, "T2", NOW)))[POST].at == NOW
    assert len(await db.write(lambda tx: take(tx, now=until))) == 1


async def test_reminders_go_before_new_cards_before_summaries(db: Database) -> None:
    def fill(tx: Tx) -> None:
        add_notices(tx, 1)
        add_card(tx, "new", "U2")
        add_card(tx, "soon", "U3", Reason.DUE_SOON)

    await db.write(fill)
    found = await db.write(take)
    assert [(one.kind, one.task_id) for one in found] == [
        ("card", "soon"), ("card", "new"), ("notice", None),
    ]  # fmt: skip


async def test_the_card_that_was_clicked_is_redrawn_before_a_crowd(db: Database) -> None:
    def post(tx: Tx) -> None:
        for number in range(30):
            add_card(tx, f"t{number}", f"U{number}")

    await db.write(post)
    for second in range(30):
        for card in await db.write(lambda tx, n=second: take(tx, now=NOW + n * SECOND)):
            where, ts = f"D{card.reader}", f"{second}.1"
            await db.write(
                lambda tx, c=card, w=where, t=ts: messages.sent(tx, c, w, t, NOW)  # type: ignore[misc]
            )

    def crowd(tx: Tx) -> None:
        for number in range(29):
            change(tx, f"t{number}", "New zone")

    await db.write(crowd)
    budget = BUDGETS[UPDATE]
    assert len(await db.write(lambda tx: take(tx, UPDATE))) == budget.burst - budget.kept
    assert await db.write(lambda tx: take(tx, UPDATE)) == []

    def click(tx: Tx) -> None:
        messages.clicked(tx, "reten", "t29", "U29", "DU29", NOW)
        change(tx, "t29", "On its way")

    await db.write(click)
    assert (await db.read(lambda tx: pace.next_turns(tx, "T1", NOW)))[UPDATE].at <= NOW
    (redrawn,) = await db.write(lambda tx: take(tx, UPDATE))
    assert redrawn.task_id == "t29"


async def test_calls_that_are_made_alone_spend_their_budget(db: Database) -> None:
    method, now = "users.lookupByEmail", NOW
    budget = BUDGETS[method]
    many = range(budget.burst + 3)
    waits = [await db.write(lambda tx: pace.take(tx, "T1", method, now)) for _ in many]
    assert waits == [timedelta(0)] * budget.burst + [budget.every] * 3


async def test_a_long_queue_is_not_looked_through(db: Database) -> None:
    """The indexes are by the very words of the statements: else they serve nobody."""

    def plans(tx: Tx) -> list[str]:
        if db.shared:  # PostgreSQL reads a small table through, unless it is told otherwise
            tx.run("SET LOCAL enable_seqscan = off")
            tx.run("SET LOCAL enable_bitmapscan = off")
            tx.run("SET LOCAL enable_sort = off")
        explain = "EXPLAIN " if db.shared else "EXPLAIN QUERY PLAN "
        params = {"workspace": "T1", "method": POST, "now": 1, "clicked_after": 1, "limit": 1}
        found = [tx.rows(explain + sql, params) for sql in pace.STATEMENTS]
        return [str([list(dict(row).values())[-1] for row in rows]) for rows in found]

    for plan in await db.write(plans):
        assert "message_turn" in plan or "message_clicked" in plan
        assert "Seq Scan on message" not in plan
        assert "SCAN message" not in plan
        assert "B-TREE FOR ORDER BY" not in plan
        assert "Sort" not in plan
