"""Claims: each row to one worker, whatever dies; and what is known of a row whose worker did."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.contract import Operator, Task
from bot.domain.model import CardView, Face, Reason, Submission, SubmissionState, Whisper
from bot.domain.planner import NewCard
from bot.store import connections, messages, pace, submissions, tasks
from bot.store.database import Database, Tx
from bot.store.messages import Message
from bot.store.submissions import Intent
from bot.store.tasks import Sighting

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
LATER = NOW + LEASE + timedelta(milliseconds=1)
MANY = 60


def add_tasks(tx: Tx, count: int = 1) -> None:
    found = [
        Sighting.of(Task(f"t{n}", f"Task {n}", operators=(Operator("o1"),)), None)
        for n in range(count)
    ]
    tasks.add(tx, "reten", found, NOW, baseline=False)


def submission(number: int = 0, due_at: datetime = NOW) -> Submission:
    return Submission(
        id=f"s{number}", connection="reten", task_id=f"t{number}", outcome="SOLD", label="Sold",
        fields={"comment": "ñ"}, slack_user="U1", operator_id="o1", occurred_at=NOW,
        state=SubmissionState.PENDING, due_at=due_at,
    )  # fmt: skip


def add_submissions(tx: Tx, count: int = 1) -> None:
    add_tasks(tx, count)
    for number in range(count):
        submissions.add(tx, submission(number))


def claim(tx: Tx, now: datetime = NOW) -> Submission | None:
    return submissions.claim(tx, "reten", now, LEASE)


async def taken(db: Database, now: datetime = NOW) -> Submission:
    found = await db.write(lambda tx: claim(tx, now))
    assert found is not None
    return found


# Each row to one


async def test_no_answer_is_claimed_twice(db: Database, other: Database) -> None:
    await db.write(lambda tx: add_submissions(tx, MANY))
    found = await asyncio.gather(*((db, other)[n % 2].write(claim) for n in range(MANY + 10)))
    ids = Counter(one.id for one in found if one)
    assert len(ids) == MANY
    assert set(ids.values()) == {1}
    assert found.count(None) == 10


async def test_no_message_is_claimed_twice(db: Database, other: Database) -> None:
    def fill(tx: Tx) -> None:
        for number in range(MANY):
            messages.add_notice(tx, f"U{number}", Whisper("baseline"), NOW)

    await db.write(fill)

    def take(number: int) -> Callable[[Tx], list[Message]]:
        now = NOW + timedelta(seconds=number)
        return lambda tx: pace.take_turns(tx, "T1", "chat.postMessage", now, LEASE, 7)

    found = await asyncio.gather(*((db, other)[n % 2].write(take(n)) for n in range(MANY)))
    keys = Counter(message.key for batch in found for message in batch)
    assert len(keys) == MANY
    assert set(keys.values()) == {1}
    assert max(map(len, found)) <= 7


async def test_no_click_is_handled_twice(db: Database, other: Database) -> None:
    def fill(tx: Tx) -> None:
        for number in range(MANY):
            submissions.add_intent(tx, Intent(f"i{number}", "answer", "U1", {}, NOW))

    await db.write(fill)
    found = await asyncio.gather(
        *(
            (db, other)[n % 2].write(lambda tx: submissions.take_intent(tx, NOW))
            for n in range(MANY + 5)
        )
    )
    assert sorted(one.key for one in found if one) == sorted(f"i{n}" for n in range(MANY))


async def test_a_tick_is_claimed_once_an_interval(db: Database, other: Database) -> None:
    interval = timedelta(seconds=30)

    async def claims(now: datetime) -> list[bool]:
        def work(tx: Tx) -> bool:
            return connections.claim_tick(tx, "poll reten", now, interval)

        return await asyncio.gather(*((db, other)[n % 2].write(work) for n in range(8)))

    assert (await claims(NOW)).count(True) == 1
    assert (await claims(NOW + interval - timedelta(seconds=1))).count(True) == 0
    assert (await claims(NOW + interval)).count(True) == 1


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=400)])
async def test_a_tick_far_ahead_binds_nobody(db: Database, back: timedelta) -> None:
    """The interval has become shorter since, or the clock was wrong."""
    await db.write(lambda tx: connections.claim_tick(tx, "poll", NOW + back, timedelta(hours=1)))
    short = timedelta(seconds=30)
    assert await db.write(lambda tx: connections.claim_tick(tx, "poll", NOW, short))
    assert not await db.write(lambda tx: connections.claim_tick(tx, "poll", NOW, short))


# Answers


async def test_nothing_is_claimed_before_its_time(db: Database) -> None:
    soon = NOW + timedelta(seconds=5)
    await db.write(add_tasks)
    await db.write(lambda tx: submissions.add(tx, submission(0, due_at=soon)))
    assert await db.write(claim) is None
    assert await db.read(lambda tx: submissions.next_due(tx, "reten")) == soon
    assert await db.read(lambda tx: submissions.next_due(tx, "close")) is None
    found = await taken(db, soon)
    assert (found.state, found.attempt, found.doubt) == (SubmissionState.SENDING, 1, False)
    assert found.fields == {"comment": "ñ"}


async def test_an_answer_whose_sender_died_comes_back_in_doubt(db: Database) -> None:
    await db.write(add_submissions)
    first = await taken(db)
    assert await db.write(lambda tx: claim(tx, NOW + LEASE - timedelta(seconds=1))) is None
    second = await taken(db, LATER)
    assert (second.attempt, second.doubt) == (2, True)
    done = SubmissionState.DONE
    assert not await db.write(lambda tx: submissions.settle(tx, first, done, now=LATER))
    assert await db.write(lambda tx: submissions.settle(tx, second, done, now=LATER))
    assert not await db.write(lambda tx: submissions.settle(tx, second, done, now=LATER))


@pytest.mark.parametrize(
    ("state", "doubt"), [(SubmissionState.RETRY, False), (SubmissionState.UNKNOWN, True)]
)
async def test_what_was_put_off_comes_back_as_it_was_left(
    db: Database, state: SubmissionState, doubt: bool
) -> None:
    await db.write(add_submissions)
    first, until = await taken(db), NOW + timedelta(seconds=8)
    assert await db.write(
        lambda tx: submissions.settle(
            tx, first, state, now=NOW, due_at=until, error="away", failing_since=NOW
        )
    )
    assert await db.write(claim) is None
    second = await taken(db, until)
    assert (second.doubt, second.error, second.failing_since) == (doubt, "away", NOW)


async def test_doubt_stays(db: Database) -> None:
    """A try that surely failed proves nothing of the one before it."""
    await db.write(add_submissions)
    for state in (SubmissionState.UNKNOWN, SubmissionState.RETRY):
        found = await taken(db)
        await db.write(lambda tx, f=found, s=state: submissions.settle(tx, f, s, now=NOW))  # type: ignore[misc]
    assert (await taken(db)).doubt


async def test_only_a_held_answer_can_be_taken_back(db: Database) -> None:
    await db.write(add_submissions)
    assert not await db.write(lambda tx: submissions.withdraw(tx, "s0", NOW))
    await db.write(lambda tx: tx.run("UPDATE submission SET state = 'held'"))
    assert await db.write(lambda tx: submissions.withdraw(tx, "s0", NOW))
    assert not await db.write(lambda tx: submissions.withdraw(tx, "s0", NOW))
    assert await db.write(claim) is None
    await db.write(lambda tx: submissions.add(tx, submission_again()))


def submission_again() -> Submission:
    again = submission(0)
    return Submission(**{name: getattr(again, name) for name in again.__slots__} | {"id": "s9"})


async def test_the_same_click_is_stored_once(db: Database) -> None:
    intent = Intent("i1", "answer", "U1", {"task": "k"}, NOW)
    assert await db.write(lambda tx: submissions.add_intent(tx, intent))
    assert not await db.write(lambda tx: submissions.add_intent(tx, intent))
    assert await db.write(lambda tx: submissions.take_intent(tx, NOW)) == intent
    assert not await db.write(lambda tx: submissions.add_intent(tx, intent))
    await db.write(lambda tx: submissions.forget_intents(tx, NOW))
    assert not await db.write(lambda tx: submissions.add_intent(tx, intent))
    await db.write(lambda tx: submissions.forget_intents(tx, LATER))
    assert await db.write(lambda tx: submissions.add_intent(tx, intent))


# Messages


def view(title: str = "A") -> CardView:
    return CardView(Face.OPEN, "k", title, "reten", "Reten")


def add_card(tx: Tx, reader: str = "U1", title: str = "A") -> None:
    messages.add_card(tx, "reten", "t0", NewCard(reader, Reason.ASSIGNED, "", view(title)), NOW)


def due(tx: Tx, now: datetime = NOW) -> list[Message]:
    """Whatever is due, claimed."""
    methods = ("chat.postEphemeral", "chat.postMessage", "chat.update", "conversations.history")
    return [one for name in methods for one in pace.take_turns(tx, "T1", name, now, LEASE, 8)]


async def one(db: Database, now: datetime = NOW) -> Message:
    (found,) = await db.write(lambda tx: due(tx, now))
    return found


async def test_a_post_whose_sender_died_is_looked_for_and_not_repeated(db: Database) -> None:
    await db.write(add_tasks)
    await db.write(add_card)
    first = await one(db)
    assert (first.state, first.sending_at) == ("sending", NOW)
    assert await db.write(due) == []
    second = await one(db, LATER)
    assert (second.state, second.sending_at) == ("unknown", NOW)
    assert (await one(db, LATER + 2 * LEASE)).state == "unknown"


async def test_what_comes_of_a_claim_is_stored_only_while_it_holds(db: Database) -> None:
    await db.write(add_tasks)
    await db.write(add_card)
    late = await one(db)
    taken_over = await one(db, LATER)
    assert not await db.write(lambda tx: messages.sent(tx, late, "D1", "1.1", LATER))
    await db.write(lambda tx: messages.put_off(tx, late, "retry", LATER, "late"))
    await db.write(lambda tx: messages.give_up(tx, late, "late"))
    assert (await one(db, LATER + 2 * LEASE)).state == "unknown"
    assert taken_over.key == late.key


async def test_the_first_of_several_posts_stays(db: Database) -> None:
    async def superfluous(key: str, *standing: str) -> list[str]:
        return list(await db.write(lambda tx: messages.keep_first(tx, key, "D1", standing, NOW)))

    await db.write(add_tasks)
    await db.write(add_card)
    posting = await one(db)
    assert await superfluous("a stranger's", "1.1", "2.1") == []
    assert await superfluous(posting.key, "1.1", "2.1") == []
    await db.write(lambda tx: messages.sent(tx, posting, "D1", "2.1", NOW))
    assert await superfluous(posting.key, "2.1") == []
    assert await superfluous(posting.key, "9.1", "10.1") == ["9.1", "10.1"]
    assert await superfluous(posting.key, "1.1", "2.1") == ["2.1"]
    redrawn = await one(db)
    assert (redrawn.state, redrawn.ts) == ("sent", "1.1")
    await db.write(lambda tx: messages.give_up(tx, redrawn, "for good"))
    assert await superfluous(posting.key, "1.1") == ["1.1"]


async def test_a_card_that_changed_on_its_way_is_drawn_anew(db: Database) -> None:
    await db.write(add_tasks)
    await db.write(add_card)
    posted = await one(db)
    await db.write(lambda tx: messages.set_view(tx, posted.key, view("B"), NOW))
    await db.write(lambda tx: messages.sent(tx, posted, "D1", "1.1", NOW))
    again = await one(db)
    assert again.state == "sent"
    assert '"B"' in again.wanted
    await db.write(lambda tx: messages.shown(tx, again, NOW))
    assert await db.read(lambda tx: pace.next_turns(tx, "T1", LATER)) == {}


async def test_changes_of_a_card_that_waits_or_is_being_redrawn_are_one_redraw(
    db: Database,
) -> None:
    await db.write(add_tasks)
    await db.write(add_card)
    posted = await one(db)
    await db.write(lambda tx: messages.sent(tx, posted, "D1", "1.1", NOW))
    for title in "BCD":
        await db.write(lambda tx, t=title: messages.set_view(tx, posted.key, view(t), NOW))  # type: ignore[misc]
    drawn = await one(db)
    assert '"D"' in drawn.wanted
    # It changes again meanwhile: nobody else draws it before this one is done.
    await db.write(lambda tx: messages.set_view(tx, posted.key, view("E"), NOW))
    assert await db.write(due) == []
    await db.write(lambda tx: messages.shown(tx, drawn, NOW))
    assert '"E"' in (await one(db)).wanted


async def test_a_card_that_changes_back_before_its_turn_is_not_redrawn(db: Database) -> None:
    await db.write(add_tasks)
    await db.write(add_card)
    posted = await one(db)
    await db.write(lambda tx: messages.sent(tx, posted, "D1", "1.1", NOW))
    for title in "BA":
        await db.write(lambda tx, t=title: messages.set_view(tx, posted.key, view(t), NOW))  # type: ignore[misc]
    assert await db.write(due) == []


async def test_a_reader_has_one_live_card(db: Database) -> None:
    await db.write(add_tasks)
    for title in "ABC":
        await db.write(lambda tx, t=title: add_card(tx, title=t))  # type: ignore[misc]
    await db.write(lambda tx: add_card(tx, reader="U2"))
    cards = await db.read(lambda tx: messages.cards_of(tx, "reten", "t0"))
    assert Counter(card.reader for card in cards if card.live) == {"U1": 1, "U2": 1}
    assert [card.view.title for card in cards if card.live and card.reader == "U1"] == ["C"]


# Tasks


async def test_old_news_does_not_overwrite_newer(db: Database) -> None:
    await db.write(add_tasks)
    newer = Sighting.of(Task("t0", "Newer"), None)
    older = Sighting.of(Task("t0", "Older"), None)
    assert await db.write(lambda tx: tasks.update(tx, "reten", newer, LATER))
    assert not await db.write(lambda tx: tasks.update(tx, "reten", older, NOW))
    assert not await db.write(lambda tx: tasks.mark_gone(tx, "reten", "t0", NOW))
    stored = await db.read(lambda tx: tasks.find(tx, "reten", "t0"))
    assert stored is not None
    assert stored.task.title == "Newer"
