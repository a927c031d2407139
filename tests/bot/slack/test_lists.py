"""Lists in Slack: what rows say in each state, that Slack takes them whatever is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.contract import Capabilities, Due, Outcome, Result, Task
from bot.domain.lists import Ending, Filter, ListedTask, Look, arrange
from bot.domain.model import (
    Connection,
    Person,
    Standing,
    StoredTask,
    Submission,
    SubmissionState,
    task_key,
)
from bot.domain.snoozing import Snooze
from bot.slack import actions
from bot.slack.blocks import Rendered
from bot.slack.lists import list_message
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.words import words_of

MADRID = ZoneInfo("Europe/Madrid")
ANA = Person("U1", "Europe/Madrid")
NOW = datetime(2026, 4, 9, 12, 3, tzinfo=UTC)
TODAY = date(2026, 4, 9)
OUTCOMES = (Outcome("SALE", "Venta completada"), Outcome("NO", "No interesado"))
AT_FOUR = Due(at=datetime(2026, 4, 9, 14, tzinfo=UTC))


def listed(
    title: str = "Botica Norte",
    due: Due | None = AT_FOUR,
    *,
    details: tuple[str, ...] = (),
    standing: Standing = Standing.OPEN,
    answer: SubmissionState | None = None,
    error: str | None = None,
    ours: bool = True,
    outcomes: tuple[Outcome, ...] = OUTCOMES,
    result: Result | None = None,
) -> ListedTask:
    task = Task(title, title, due=due, details=details, result=result)
    key = task_key("acme", title)
    stored = StoredTask("acme", key, task, standing, NOW, "s1" if answer and ours else None)
    submission = None
    if answer is not None:
        submission = Submission(
            "s1", "acme", title, "SALE", "Venta", {}, "U1", None, NOW, answer, NOW, error=error
        )
    return ListedTask(stored, Connection("acme", "Acme", outcomes), submission)


def shown(
    *tasks: ListedTask, chosen: Filter = Filter.ALL, page: int = 1, now: datetime = NOW
) -> Rendered:
    """The list, after Slack's own checks of it."""
    message = list_message(arrange(tasks, Look(chosen, page), now, MADRID), ANA)
    names = count()
    check_message_blocks(message.blocks, lambda: f"b{next(names)}")
    assert 0 < len(message.text) <= 4_000
    return message


def row(task: ListedTask) -> dict[str, Any]:
    return shown(task).blocks[1]


def on(days: int) -> Due:
    return Due(on=TODAY + timedelta(days=days))


def test_a_list() -> None:
    message = shown(
        listed("Farmacia Central", on(-2), details=("Riesgo de fuga",)),
        listed(details=("Visita", "Ruta Norte")),
        listed("Later", on(9)),
    )
    assert words_of(message.blocks).splitlines() == [
        "*Overdue · 1*",
        "🔴 Farmacia Central — Riesgo de fuga — 2 days",
        "Answer",
        "*Today · 1*",
        "🕓 16:00  Botica Norte — Visita, Ruta Norte",
        "Answer",
        "*Later · 1*",
        "🕓 Later — Sat 18 Apr",
        "Answer",
        "as of 14:03",
        "Refresh",
    ]
    assert message.text.splitlines() == [
        "Your tasks: 1 overdue, 1 today, 1 later.",
        "🔴 Farmacia Central — Riesgo de fuga — 2 days",
        "🕓 16:00  Botica Norte — Visita, Ruta Norte",
        "🕓 Later — Sat 18 Apr",
    ]


@pytest.mark.parametrize(
    ("task", "line", "answerable"),
    [
        (listed(), "🕓 16:00  Botica Norte", True),
        (listed(due=on(0)), "🕓 Botica Norte", True),
        (listed(due=on(-1)), "🔴 Botica Norte — 1 day", True),
        (listed(due=Due(at=NOW - timedelta(hours=1))), "🔴 Botica Norte — since 13:03", True),
        (listed(due=Due(at=NOW + timedelta(days=1))), "🕓 Botica Norte — Fri 10 Apr, 14:03", True),
        (listed(due=on(300)), "🕓 Botica Norte — Wed 3 Feb 2027", True),
        (listed(due=None, details=("Visita",)), "• Botica Norte — Visita", True),
        (listed(""), "🕓 16:00  (no title)", True),
        (listed(outcomes=()), "🕓 16:00  Botica Norte", False),
        (listed(answer=SubmissionState.HELD), "⏳ Botica Norte — “Venta”…", False),
        (listed(answer=SubmissionState.RETRY), "⏳ Botica Norte — “Venta”…", False),
        (
            listed(answer=SubmissionState.REFUSED, error="date is missing"),
            "⚠️ Botica Norte — date is missing",
            True,
        ),
        (listed(answer=SubmissionState.REFUSED), "⚠️ Botica Norte — refused", True),
        (
            listed(standing=Standing.DONE, answer=SubmissionState.DONE),
            "✅ Botica Norte — “Venta”",
            False,
        ),
        (listed(standing=Standing.DONE), "✅ Botica Norte — done", False),
        (
            listed(
                standing=Standing.DONE,
                answer=SubmissionState.REFUSED,
                ours=False,
                result=Result("Visitado"),
            ),
            "✅ Botica Norte — “Visitado”",
            False,
        ),
    ],
)
def test_a_row_in_each_state(task: ListedTask, line: str, answerable: bool) -> None:
    block = row(task)
    assert block["text"] == {"type": "plain_text", "text": line, "emoji": False}
    assert (block.get("accessory", {}).get("type") == "static_select") is answerable
    place = actions.Place(task.stored.key, Look(Filter.ALL))
    assert actions.read_block_id(block["block_id"]) == place


def test_a_row_is_answered_in_place() -> None:
    task = listed()
    menu, key = row(task)["accessory"], task.stored.key
    assert (menu["type"], menu["placeholder"]["text"]) == ("static_select", "Answer")
    answering, snoozing = menu["option_groups"]
    assert [group["label"]["text"] for group in menu["option_groups"]] == ["Answer", "Snooze"]
    assert [option["value"] for option in answering["options"]] == [
        actions.answer_value(key, outcome) for outcome in OUTCOMES
    ]
    assert [actions.read_snooze_value(option["value"]) for option in snoozing["options"]] == [
        (key, choice) for choice in Snooze
    ]


TAKES_BACK = Connection(
    "acme", "Acme", (replace(OUTCOMES[0], reversible=True),), Capabilities(reopen=True)
)


@pytest.mark.parametrize(
    ("task", "undone"),
    [
        (listed(answer=SubmissionState.HELD), True),
        (listed(answer=SubmissionState.PENDING), False),
        (listed(answer=SubmissionState.REFUSED), False),
        (listed(standing=Standing.DONE, answer=SubmissionState.DONE), False),
        (
            replace(
                listed(standing=Standing.DONE, answer=SubmissionState.DONE), connection=TAKES_BACK
            ),
            True,
        ),
        (
            replace(
                listed(standing=Standing.DONE, answer=SubmissionState.DONE, ours=False),
                connection=TAKES_BACK,
            ),
            False,
        ),
    ],
)
def test_what_can_be_taken_back(task: ListedTask, undone: bool) -> None:
    assert (row(task).get("accessory", {}).get("action_id") == actions.UNDO) is undone
    assert task.submission is not None
    others = replace(task, submission=replace(task.submission, slack_user="U2"))
    assert row(others).get("accessory", {}).get("action_id") != actions.UNDO


def test_only_one_s_own_tasks_are_put_off_and_nothing_asks_before_it() -> None:
    grave = tuple(replace(one, grave=True) for one in OUTCOMES)
    for task in (replace(listed(), whose=("Ben",)), listed(outcomes=grave)):
        assert "options" in row(task)["accessory"]


FOUND = Look(Filter.FIND, words="botica <!here>")
ENDED = Ending(NOW - timedelta(hours=5))


@pytest.mark.parametrize(
    ("task", "line"),
    [
        (replace(listed(), whose=("Ben Okafor",)), "🕓 16:00  Botica Norte — Ben Okafor"),
        (
            replace(listed(), snoozed=NOW + timedelta(hours=2)),
            "💤 Botica Norte — back at Thu 9 Apr, 16:03",
        ),
        (
            replace(listed(standing=Standing.DONE), ending=replace(ENDED, by_user="U1")),
            "✅ Botica Norte — done by you, Thu 9 Apr, 09:03",
        ),
        (
            replace(listed(standing=Standing.DONE), ending=replace(ENDED, by_name="Ben")),
            "✅ Botica Norte — done by Ben, Thu 9 Apr, 09:03",
        ),
        (
            replace(listed(standing=Standing.DONE, result=Result("Visitado")), ending=ENDED),
            "✅ Botica Norte — “Visitado”, Thu 9 Apr, 09:03",
        ),
    ],
)
def test_what_else_a_row_tells(task: ListedTask, line: str) -> None:
    assert row(task)["text"]["text"] == line


def test_a_list_that_is_not_one_s_own_by_due_says_which_it_is() -> None:
    found = list_message(arrange([listed()], FOUND, NOW, MADRID), ANA)
    assert found.blocks[0]["text"]["text"] == "Open tasks with “botica <!here>”"
    assert found.text.startswith("Open tasks with “botica &lt;!here&gt;”: 1 today.\n")
    bens = replace(arrange([listed()], Look(Filter.ALL), NOW, MADRID), owner="Ben <!here>")
    told = list_message(bens, ANA)
    assert told.blocks[0]["text"]["text"] == "Tasks of Ben <!here>"
    assert told.text.startswith("Tasks of Ben &lt;!here&gt;: 1 today.\n")


def test_what_begins_on_a_later_page_is_one_click_away() -> None:
    tasks = [listed(f"Task {n}", on(-1)) for n in range(12)] + [listed("Soon", on(3))]
    blocks = shown(*tasks, chosen=Filter.DEFAULT).blocks
    assert blocks[-3]["text"]["text"] == "*Next 7 days · 1*"
    show = blocks[-3]["accessory"]
    assert (show["text"]["text"], show["value"]) == ("Show", "default:2")
    assert actions.LIST_PAGE.match(show["action_id"])


def test_more_than_a_hundred_outcomes_are_searched() -> None:
    many = tuple(Outcome(str(n), f"Outcome {n}") for n in range(101))
    assert row(listed(outcomes=many))["accessory"]["type"] == "external_select"
    assert row(listed(outcomes=many[:100]))["accessory"]["type"] == "static_select"


@pytest.mark.parametrize(
    ("number", "page", "labels", "line"),
    [
        (10, 1, ["Refresh"], "as of 14:03"),
        (11, 1, ["Next ›", "Refresh"], "‹ 1 of 2 ›  ·  as of 14:03"),
        (500, 7, ["‹ Previous", "Next ›", "Refresh"], "‹ 7 of 50 ›  ·  as of 14:03"),
        (500, 99, ["‹ Previous", "Refresh"], "‹ 50 of 50 ›  ·  as of 14:03"),
    ],
)
def test_paging(number: int, page: int, labels: list[str], line: str) -> None:
    tasks = [listed(f"Task {n}") for n in range(number)]
    blocks = shown(*tasks, chosen=Filter.TODAY, page=page).blocks
    buttons = blocks[-1]["elements"]
    assert [button["text"]["text"] for button in buttons] == labels
    assert blocks[-2]["elements"][0]["text"] == line
    pages = [actions.read_look(button["value"]) for button in buttons]
    shown_page = min(page, -(-number // 10))
    steps = {"‹ Previous": -1, "Next ›": 1, "Refresh": 0}
    assert pages == [Look(Filter.TODAY, shown_page + steps[label]) for label in labels]


@pytest.mark.parametrize(
    ("tasks", "chosen", "line"),
    [
        ([], Filter.DEFAULT, "Nothing due."),
        ([], Filter.TODAY, "Nothing due today."),
        ([], Filter.OVERDUE, "Nothing overdue."),
        ([], Filter.WEEK, "Nothing due in the next 7 days."),
        ([], Filter.ALL, "No open tasks."),
        ([], Filter.DONE, "Nothing finished in the last 7 days."),
        (
            [listed(due=Due(at=NOW + timedelta(days=5)))],
            Filter.TODAY,
            "Nothing due today. Next: Botica Norte, Tue 14:03.",
        ),
        ([listed(due=on(9))], Filter.DEFAULT, "Nothing due. Next: Botica Norte, Sat 18 Apr."),
        ([listed()], Filter.OVERDUE, "Nothing overdue. Next: Botica Norte, Thu 9 Apr, 16:00."),
    ],
)
def test_an_empty_list_says_so(tasks: list[ListedTask], chosen: Filter, line: str) -> None:
    message = shown(*tasks, chosen=chosen)
    assert message.blocks[0]["text"]["text"] == message.text == line
    assert message.blocks[-1]["elements"][0]["action_id"] == actions.LIST_REFRESH


HOSTILE = "<!channel> *x* :smile: <https://evil.example|click> & @here"


@pytest.mark.parametrize("text", [HOSTILE, "", " \n", "x" * 20_000, "&<>" * 9_000])
@pytest.mark.parametrize("outcomes", [0, 1, 100, 300])
def test_whatever_others_write_slack_takes_it_and_interprets_nothing(
    text: str, outcomes: int
) -> None:
    offered = tuple(Outcome(f"{n}{text}", text) for n in range(outcomes))
    states = [None, *SubmissionState]
    tasks = [
        listed(
            f"{text}{' ' * n}",
            Due(on=TODAY + timedelta(days=n - 3)) if n else None,
            details=(text,) * 5,
            answer=states[n],
            error=text,
            outcomes=offered,
            result=Result(text),
            standing=Standing.DONE if n % 2 else Standing.OPEN,
        )
        for n in range(len(states))
    ]
    for message in (shown(*tasks), shown(*tasks[-1:], chosen=Filter.OVERDUE)):
        assert "<" not in message.text
        for block in message.blocks:
            if block["type"] == "section" and block["text"]["type"] == "mrkdwn":
                assert block["text"]["text"].startswith("*")
                assert "x" not in block["text"]["text"].removeprefix("*Next")
