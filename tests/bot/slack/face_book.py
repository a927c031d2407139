"""Every state of a card, a list and a form, as people read them in each language.

`python -m tests.bot.slack.face_book` writes `faces/*.txt` anew; look at what changed before it is
committed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.contract import (
    Capabilities,
    Due,
    Effect,
    Field,
    FieldKind,
    Outcome,
    Subject,
    Task,
)
from bot.domain.changes import own_changes
from bot.domain.language import TAGS
from bot.domain.lists import Filter, ListedTask, Look, arrange
from bot.domain.model import (
    AnswerLine,
    CardView,
    Connection,
    Face,
    Person,
    Reason,
    Standing,
    StoredTask,
)
from bot.slack.blocks import Rendered
from bot.slack.cards import card_message
from bot.slack.lists import list_message
from bot.slack.modals import answer_modal
from sandbox.clock import MovableClock
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.views import checked_view
from sandbox.slack.words import Reader, words_of
from sandbox.slack.workspace import Workspace

FACES = Path(__file__).parent / "faces"
NOW = datetime(2026, 4, 9, 12, 2, tzinfo=UTC)
ZONE = "Europe/Madrid"
WHEN = Field("call_at", "New date and time", FieldKind.FUTURE_MOMENT)
NOTE = Field("comment", "Comment", FieldKind.TEXT, required=False)
LATER = Outcome("LATER", "Llamar luego", fields=(WHEN, NOTE))
OUTCOMES = (
    Outcome("SALE", "Venta completada", completes=True),
    Outcome("NO", "No interesado", grave=True),
    LATER,
    Outcome("NONE", "Sin contacto"),
)
ACME = Connection(
    "acme", "Acme", OUTCOMES, Capabilities(reschedule=True, reassign=True, comment=True)
)
TASK = Task("t1", "Farmacia Central", due=Due(at=NOW + timedelta(hours=2)))
VIEW = CardView(
    face=Face.OPEN,
    task_key="00c0ffee",
    title=TASK.title,
    connection="acme",
    connection_title="Acme",
    subject=Subject("Ana López", "https://crm.example/people/7"),
    details=("Riesgo de fuga", "Ruta Norte"),
    due=TASK.due,
    priority="Alta",
    url="https://crm.example/tasks/1",
    outcomes=OUTCOMES,
    changes=own_changes(ACME, TASK),
)
YOURS = AnswerLine("Venta completada", by_user="U1", at=NOW)
BENS = AnswerLine("Visitado", by_name="Ben Okafor", at=NOW - timedelta(minutes=22))
TOMORROW = Due(on=date(2026, 4, 10))
OUT_OF_ORDER = "Acme is out of order (status 503)."

CARDS: Mapping[str, dict[str, Any]] = {
    "open": {},
    "open, tomorrow": {"due": TOMORROW},
    "open, overdue": {"due": Due(at=NOW - timedelta(days=2)), "overdue": True},
    "open, without a date": {"due": None},
    "open, due soon": {"reminder": Reason.DUE_SOON},
    "open, due now": {"reminder": Reason.DUE},
    "open, back from a snooze": {"reminder": Reason.RETURNED},
    "open, refused": {"refusal": "future date is missing"},
    "open, refused in words of ours": {"refusal": OUT_OF_ORDER},
    "open, recorded": {"answer": YOURS},
    "open, taken back": {"answer": replace(YOURS, effect=Effect.REOPEN)},
    "open, rescheduled": {"answer": replace(YOURS, effect=Effect.RESCHEDULE, was=TOMORROW)},
    "open, reassigned": {"answer": replace(YOURS, effect=Effect.REASSIGN)},
    "open, commented": {"answer": replace(YOURS, effect=Effect.COMMENT)},
    "held": {"face": Face.HELD, "until": NOW, "submission_id": "s1", "answer": YOURS},
    "sending": {"face": Face.SENDING, "answer": YOURS},
    "sending a change of ours": {
        "face": Face.SENDING,
        "answer": AnswerLine("Reschedule", by_user="U1", effect=Effect.RESCHEDULE),
    },
    "waiting": {"face": Face.WAITING, "answer": YOURS, "until": NOW},
    "waiting, with a reason": {"face": Face.WAITING, "answer": YOURS, "refusal": OUT_OF_ORDER},
    "done by you": {"face": Face.DONE, "answer": YOURS, "submission_id": "s1"},
    "done by somebody": {"face": Face.DONE, "answer": replace(YOURS, by_user="U2")},
    "done elsewhere": {"face": Face.DONE_ELSEWHERE, "answer": BENS},
    "cancelled": {"face": Face.CANCELLED, "answer": replace(BENS, label=None)},
    "moved": {"face": Face.MOVED, "moved_to": ("U2",)},
    "moved to nobody known": {"face": Face.MOVED},
    "snoozed": {
        "face": Face.SNOOZED,
        "answer": AnswerLine(None, by_user="U1", at=NOW),
        "until": NOW + timedelta(hours=2),
    },
    "gone": {"face": Face.GONE},
    "folded": {"face": Face.FOLDED},
    "folded for a reminder": {"face": Face.FOLDED, "reminder": Reason.DUE},
}


def listed(title: str, due: Due | None) -> ListedTask:
    task = Task(title, title, due=due)
    return ListedTask(StoredTask("acme", title, task, Standing.OPEN, NOW), ACME)


LISTS = {
    "a list": [
        listed("Farmacia Central", Due(on=date(2026, 4, 7))),
        listed("Call back", Due(at=NOW - timedelta(hours=1))),
        listed("Botica Norte", TASK.due),
        listed("Send the contract", TOMORROW),
        listed("Renew", Due(on=date(2027, 1, 4))),
        listed("Some day", None),
    ],
    "an empty list": [listed("Botica Norte", Due(at=NOW + timedelta(days=1)))],
}


def pages(tag: str) -> Iterator[str]:
    """What somebody reads, a page for each state: the text of a lock screen, then the screen."""
    reader, workspace = Person("U1", ZONE, locale=tag), Workspace(MovableClock(NOW))
    for name, changes in CARDS.items():
        yield _page(name, card_message(replace(VIEW, **changes), reader, NOW))
    for name, tasks in LISTS.items():
        look = Look(Filter.ALL if len(tasks) > 1 else Filter.TODAY)
        yield _page(name, list_message(arrange(tasks, look, NOW, ZoneInfo(ZONE)), reader))
    for outcome in (LATER, *VIEW.changes):
        form = answer_modal(TASK.title, ACME, outcome, "{}", reader, NOW)
        checked_view(workspace, form, "modal")
        heads = [form[part]["text"] for part in ("title", "submit", "close")]
        yield f"# form of {outcome.code}\n{' | '.join(heads)}\n{words_of(form['blocks'])}\n"


def _page(name: str, message: Rendered) -> str:
    names = count()
    check_message_blocks(message.blocks, lambda: f"b{next(names)}")
    words = words_of(message.blocks, Reader(ZoneInfo(ZONE), lambda: NOW))
    return f"# {name}\n> {message.text}\n{words}\n"


def book(tag: str) -> str:
    return "\n".join(pages(tag))


if __name__ == "__main__":
    for tag in TAGS:
        (FACES / f"{tag}.txt").write_text(book(tag))
