"""What is on record, read back: on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.contract import Task
from bot.store import connections, history, outages, people, tasks
from bot.store.database import Database, Tx
from bot.store.tasks import Sighting

AT = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)


def know(*ids: str) -> list[Sighting]:
    return [Sighting.of(Task(one, f"Call {one}"), None) for one in ids]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("act", ["act_1", "act_2"]), ("_2", ["act_2"]), ("a%", ["a%b"]), ("%", []), ("b", ["a%b"]),
        ("act\\", []), ("zzz", []),
    ],
)  # fmt: skip
async def test_near_misses(db: Database, typed: str, found: list[str]) -> None:
    def seed(tx: Tx) -> None:
        connections.ensure(tx, "reten", "reten")
        tasks.add(tx, "reten", know("act_1", "act_2", "a%b"), AT, baseline=True)

    await db.write(seed)
    assert await db.read(lambda tx: history.near(tx, "reten", typed, 3)) == found
    assert await db.read(lambda tx: history.near(tx, "close", typed, 3)) == []


TITLES = ["Call Ana", "call BOTICA", "Straße 5", "ÑANDÚ", 'The "big" one', "100% a/b"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("call", ["Call Ana", "call BOTICA"]),
        ("Botica", ["call BOTICA"]),
        ("strasse", ["Straße 5"]),
        ("STRASSE 5", ["Straße 5"]),
        ("ñandú", ["ÑANDÚ"]),
        ('"big"', ['The "big" one']),
        ("0% A/B", ["100% a/b"]),
        ("%", ["100% a/b"]),
        ("ana botica", []),
        ("aboutcall", []),
    ],
)
async def test_all_tasks_by_words_of_their_titles(
    db: Database, words: str, found: list[str]
) -> None:
    known = [
        Sighting.of(Task(str(n), title, data={"about": "aboutcall"}), None)
        for n, title in enumerate(TITLES)
    ]

    def seed(tx: Tx) -> None:
        connections.ensure(tx, "reten", "reten")
        tasks.add(tx, "reten", known, AT, baseline=True)

    await db.write(seed)
    titled = await db.read(lambda tx: history.titled(tx, words, None))
    assert sorted(title for _, _, title in titled) == sorted(found)


async def test_pages_follow_one_another_in_the_order_of_writing(db: Database) -> None:
    def seed(tx: Tx) -> None:
        for number in range(7):
            people.audit(tx, AT + timedelta(seconds=number // 5), "U1", str(number))

    await db.write(seed)
    first = await db.read(lambda tx: history.page(tx, None, None, 4))
    rest = await db.read(lambda tx: history.page(tx, first[-1], None, 4))
    assert [one.action for one in (*first, *rest)] == [str(number) for number in range(7)]
    since = AT + timedelta(seconds=1)
    late = await db.read(lambda tx: history.page(tx, None, since, 4))
    assert [one.action for one in late] == ["5", "6"]


async def test_a_task_and_an_operator_of_one_name_are_told_apart(db: Database) -> None:
    def seed(tx: Tx) -> None:
        people.audit(tx, AT, "U1", "answer", "reten", "7")
        people.audit(tx, AT, "U1", "link", "reten", "7", {"slack_user": "U2"})
        people.audit(tx, AT, "U1", "answer", "close", "7")

    await db.write(seed)
    of_task = await db.read(lambda tx: history.of_task(tx, "reten", "7"))
    assert [(one.action, one.connection) for one in of_task] == [("answer", "reten")]
    of_operator = await db.read(lambda tx: history.of_operators(tx, "reten", ["7", "8"]))
    assert [one.detail for one in of_operator] == [{"slack_user": "U2"}]


async def test_trouble_begins_once_and_ends_once(db: Database, other: Database) -> None:
    begun = [
        await one.write(lambda tx: outages.begin(tx, outages.SLACK, "refused", AT))
        for one in (db, other)
    ]
    assert begun == [True, False]
    (known,) = await other.read(outages.all_of_them)
    assert (known.subject, known.reason, known.since) == ("slack", "refused", AT)
    ended = [await one.write(lambda tx: outages.end(tx, outages.SLACK)) for one in (other, db)]
    assert ended == [True, False]
