"""The command line about one task, about everything on record, and about answers that fail."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Operator, Task
from bot.domain.model import Submission, SubmissionState
from bot.store import connections, people, submissions, tasks
from bot.store.connections import Polled
from bot.store.database import Tx, to_ms
from bot.store.people import Link
from bot.store.sqlite import SqliteDatabase
from bot.store.tasks import Sighting
from tests.bot.test_cli import Shell

AT = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
EVERYTHING = 2_345
"""More records than a page of the audit holds."""


def do(folder: Path, work: Callable[[Tx], object]) -> None:
    async def run() -> None:
        db = SqliteDatabase(folder / "taskbell.db", owner=False)
        try:
            await db.write(work)
        finally:
            await db.close()

    asyncio.run(run())


def seed(tx: Tx) -> None:
    """A task of Ana's, with an answer that was tried in vain, and one of somebody unknown."""
    connections.ensure(tx, "reten", "reten")
    connections.polled(tx, "reten", Polled(AT - timedelta(days=1)))
    people.add_link(tx, Link("reten", "OP-1", "U1", "admin", "cli", AT - timedelta(days=2)))
    hers = Task("t-10", "Botica Norte", operators=(Operator("OP-1", "Carlos"),))
    theirs = Task("t-20", "Botica Sur", operators=(Operator("OP-2"),))
    sightings = [Sighting.of(one, None) for one in (hers, theirs)]
    tasks.add(tx, "reten", sightings, AT, baseline=False)
    one = Submission(
        "s1", "reten", "t-10", "SOLD", "Sold", {}, "U1", "OP-1", AT, SubmissionState.PENDING, AT
    )
    submissions.add(tx, one)
    people.audit(tx, AT, "U1", "answer", "reten", "t-10", {"label": "Sold"})
    claimed = submissions.claim(tx, "reten", AT, timedelta(seconds=90))
    assert claimed is not None
    submissions.settle(
        tx, claimed, SubmissionState.UNKNOWN, now=AT, due_at=AT, error="Out of order",
        failing_since=AT,
    )  # fmt: skip


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Shell]:
    monkeypatch.chdir(tmp_path)
    before = [*logging.getLogger().handlers]
    do(tmp_path, seed)
    yield Shell(tmp_path, monkeypatch, capsys)
    logging.getLogger().handlers[:] = before


def test_the_story_of_a_task(shell: Shell) -> None:
    said = shell("why", "reten:t-10", TASKBELL_TIMEZONE="Europe/Madrid")
    assert said.out.splitlines() == [
        "Botica Norte (reten:t-10)",
        "",
        "Wed 15 Apr, 10:00  Seen for the first time in Reten.",
        "Wed 15 Apr, 10:00  U1 answered “Sold”.",
        "",
        "Who was told:",
        "- It is assigned to Carlos (OP-1) in Reten; U1 is linked to that operator since Mon 13 "
        "Apr, 10:00, by an admin at the command line. A card is about to be made.",
        "",
        "Now:",
        "- Open, no due date, assigned to Carlos (OP-1).",
        "- “Sold” by U1 is on its way, after 1 try. Out of order.",
        "Next: “Sold” is tried again Wed 15 Apr, 10:00.",
    ]


def test_the_story_for_machines(shell: Shell) -> None:
    found = json.loads(shell("why", "reten:t-10", "--json").out)
    assert (found["task"], found["title"], found["standing"]) == (
        "reten:t-10", "Botica Norte", "open",
    )  # fmt: skip
    assert [(one["who"], one["what"]) for one in found["events"]] == [
        (None, None),
        ("U1", "answer"),
    ]
    (ana,) = found["people"]
    assert (ana["slack_user"], ana["told"]) == ("U1", False)
    assert found["next"]["at"] == "2026-04-15T08:00:00+00:00"
    other = json.loads(shell("why", "reten:t-20", "--json").out)
    assert other["not_told"] == "Linked to nobody in Slack, and so not told: OP-2."


def test_why_somebody_did_not_get_it(shell: Shell) -> None:
    said = shell("why", "reten:t-20", "--user", "U1")
    assert said.out.splitlines() == [
        "Botica Sur (reten:t-20)",
        "- U1 is OP-1 in Reten, and it is assigned to OP-2.",
    ]
    found = json.loads(shell("why", "reten:t-20", "--user", "U9", "--json").out)
    assert found["people"] == [
        {"slack_user": "U9", "told": False, "why": "U9 is linked to no operator in Reten."}
    ]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("reten:t-1", "I know no task reten:t-1. Near it: reten:t-10."),
        ("reten:0", "I know no task reten:0. Near it: reten:t-10, reten:t-20."),
        ("reten:100%", "I know no task reten:100%. It is written CONNECTION:TASK"),
        ("Botica", "I know no task Botica. It is written CONNECTION:TASK"),
        ("close:t-10", "I know no task close:t-10. It is written CONNECTION:TASK"),
    ],
)
def test_an_unknown_task_is_told_in_one_line(shell: Shell, task: str, words: str) -> None:
    (line,) = shell("why", task, status=1).err.splitlines()
    assert line.startswith(words)


def test_the_audit_is_told_whole_and_oldest_first(shell: Shell) -> None:
    def write(tx: Tx) -> None:
        for number in range(EVERYTHING):
            at = AT + timedelta(seconds=number // 7)
            people.audit(tx, at, "taskbell", "seen", "reten", f"n-{number}", {"said": "a,\n“b”"})

    do(shell.folder, write)
    rows = list(csv.DictReader(io.StringIO(shell("audit").out)))
    assert list(rows[0]) == ["when", "who", "what", "connection", "task_or_operator", "detail"]
    assert [row["task_or_operator"] for row in rows] == [
        "t-10", *(f"n-{number}" for number in range(EVERYTHING)),
    ]  # fmt: skip
    assert json.loads(rows[-1]["detail"]) == {"said": "a,\n“b”"}
    lines = [json.loads(line) for line in shell("audit", "--json").out.splitlines()]
    assert [line["task_or_operator"] for line in lines] == [row["task_or_operator"] for row in rows]
    assert (lines[0]["who"], lines[0]["what"]) == ("U1", "answer")


@pytest.mark.parametrize(
    ("since", "count"),
    [("2026-04-15", 1), ("2026-04-16", 0), ("2026-04-15T10:00:01+02:00", 0), ("1h", 0)],
)
def test_the_audit_since_a_moment(shell: Shell, since: str, count: int) -> None:
    assert len(shell("audit", "--since", since, "--json").out.splitlines()) == count


@pytest.mark.parametrize("since", ["yesterday", "0d", "2026-13-01", "h", ""])
def test_a_moment_that_is_none_is_wrong_use(shell: Shell, since: str) -> None:
    assert "is not 24h, 7d" in shell("audit", "--since", since, status=2).err


def failed(shell: Shell) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shell("submissions", "list", "--failed", "--json").out)
    return found


def test_failed_answers_are_listed(shell: Shell) -> None:
    (one,) = failed(shell)
    assert one == {
        "id": "s1",
        "task": "reten:t-10",
        "answer": "Sold",
        "who": "U1",
        "when": "2026-04-15T08:00:00+00:00",
        "state": "unknown",
        "tries": 1,
        "failing_since": "2026-04-15T08:00:00+00:00",
        "next_try": "2026-04-15T08:00:00+00:00",
        "said": "Out of order",
    }
    assert "Out of order" in shell("submissions", "list").out


def test_an_answer_on_its_way_is_no_failed_one(shell: Shell) -> None:
    do(shell.folder, lambda tx: tx.run("UPDATE submission SET failing_since = NULL"))
    assert failed(shell) == []
    (one,) = json.loads(shell("submissions", "list", "--json").out)
    assert one["failing_since"] is None


def test_a_failed_answer_is_sent_again(shell: Shell) -> None:
    later = to_ms(datetime.now(UTC) + timedelta(hours=1))
    do(shell.folder, lambda tx: tx.run("UPDATE submission SET due_at = :at", {"at": later}))
    said = shell("submissions", "retry", "s1")
    assert said.out == "Sold for reten:t-10 is sent again by the running bot.\n"
    (one,) = failed(shell)
    assert datetime.fromisoformat(one["next_try"]) <= datetime.now(UTC)
    assert (one["state"], one["tries"]) == ("unknown", 1)


def test_a_failed_answer_is_given_up(shell: Shell) -> None:
    assert shell("submissions", "give-up", "s1").out == "Sold for reten:t-10 is given up.\n"
    (one,) = failed(shell)
    assert (one["state"], one["next_try"]) == ("refused", None)
    assert one["said"] == "An admin gave it up; it may have arrived all the same, so look there."
    (line,) = shell("submissions", "give-up", "s1", status=1).err.splitlines()
    assert line == "It is refused already. Nothing was changed."
    told = shell("audit", "--json").out.splitlines()[-1]
    assert (json.loads(told)["who"], json.loads(told)["what"]) == ("cli", "given up")


@pytest.mark.parametrize("command", ["retry", "give-up"])
def test_an_unknown_answer_is_told(shell: Shell, command: str) -> None:
    (line,) = shell("submissions", command, "nothing", status=1).err.splitlines()
    assert line.startswith("There is no submission nothing; list them")


@pytest.mark.parametrize(
    "words",
    [("why",), ("audit",), ("submissions",), ("submissions", "list"), ("submissions", "retry"),
     ("submissions", "give-up")],
)  # fmt: skip
def test_every_command_tells_its_use(shell: Shell, words: tuple[str, ...]) -> None:
    said = shell(*words, "--help", PORT="no port")
    assert said.out.startswith("Usage: taskbell")
