"""Cards: what each state shows, that Slack takes it, and that nothing of others is interpreted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from adapters.contract import Due, Field, FieldKind, Outcome, Subject
from bot.domain.language import ENGLISH
from bot.domain.model import AnswerLine, CardView, Face, Person, Reason
from bot.slack import actions
from bot.slack.blocks import Rendered, found_options
from bot.slack.cards import card_message
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.words import Reader, words_of

NOW = datetime(2026, 4, 9, 12, 2, tzinfo=UTC)
ANA = Person("U1", "Europe/Madrid")
MOMENT = Field("call_at", "Call at", FieldKind.FUTURE_MOMENT)
SALE = Outcome("SALE", "Venta completada", completes=True)
OUTCOMES = (
    SALE,
    Outcome("NO", "No interesado"),
    Outcome("LATER", "Llamar luego", fields=(MOMENT,)),
    Outcome("NONE", "Sin contacto"),
)
VIEW = CardView(
    face=Face.OPEN,
    task_key="00c0ffee",
    title="Farmacia Central",
    connection="acme",
    connection_title="Acme",
    subject=Subject("Ana López", "https://crm.example/people/7"),
    details=("Riesgo de fuga", "Ruta Norte"),
    due=Due(at=datetime(2026, 4, 9, 14, tzinfo=UTC)),
    url="https://crm.example/tasks/1",
    outcomes=OUTCOMES,
)
YOURS = AnswerLine("Venta completada", by_user="U1", at=NOW)
BENS = AnswerLine(None, by_name="Ben Okafor", at=NOW - timedelta(minutes=22))
HOSTILE = "<!channel> *x* _y_ :smile: `z` <https://evil.example|click> <@U2> &amp; @here"


def shown(view: CardView, reader: Person = ANA, now: datetime = NOW) -> Rendered:
    """The card, after Slack's own checks of it."""
    message = card_message(view, reader, now)
    names = count()
    check_message_blocks(message.blocks, lambda: f"b{next(names)}")
    assert 0 < len(message.text) <= 4_000
    return message


def lines(view: CardView, reader: Person = ANA) -> list[str]:
    seen_by = Reader(ZoneInfo(reader.timezone), lambda: NOW)
    return words_of(shown(view, reader).blocks, seen_by).splitlines()


def elements(view: CardView) -> list[dict[str, Any]]:
    rows = [block["elements"] for block in shown(view).blocks if block["type"] == "actions"]
    return [e for row in rows for e in row if e["action_id"] != actions.SNOOZE]


def nodes(value: object) -> Iterator[dict[str, Any]]:
    """Every object in the blocks."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)


def test_an_open_card() -> None:
    assert lines(VIEW) == [
        "Farmacia Central",
        "Riesgo de fuga  ·  Ruta Norte  ·  Ana López",
        "🕓 Due Today 16:00",
        "Venta completada",
        "No interesado",
        "Llamar luego",
        *("More", "Snooze", "Acme"),
    ]
    assert (
        shown(VIEW).text
        == "Farmacia Central: due today 16:00 (Riesgo de fuga, Ruta Norte, Ana López)"
    )


def test_an_instant_is_a_token_whose_words_are_the_readers_own_time() -> None:
    blocks = json.dumps(shown(VIEW).blocks, ensure_ascii=False)
    stamp = int(datetime(2026, 4, 9, 14, tzinfo=UTC).timestamp())
    assert f"<!date^{stamp}^{{date_short_pretty}} {{time}}|Thu 9 Apr, 16:00>" in blocks
    nepal = json.dumps(shown(VIEW, Person("U9", "Asia/Kathmandu")).blocks)
    assert "Thu 9 Apr, 19:45" in nepal


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Nowhere/At_All"])
def test_a_day_is_never_shifted(zone: str) -> None:
    view = replace(VIEW, due=Due(on=date(2026, 4, 9)))
    blocks = shown(view, Person("U1", zone)).blocks
    assert "🕓 Due Thu 9 Apr" in words_of(blocks)
    assert "!date" not in json.dumps(blocks)
    late = shown(replace(view, overdue=True), Person("U1", zone)).blocks
    assert "🔴 Overdue since Thu 9 Apr" in words_of(late)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"overdue": True}, "🔴 Overdue since Today 16:00"),
        ({"reminder": Reason.DUE_SOON}, "⏰ Due soon"),
        ({"reminder": Reason.DUE}, "⏰ Due now"),
        (
            {"refusal": "future date is missing"},
            "⚠️ Acme refused it: future date is missing. Nothing was sent.",
        ),
        ({"answer": YOURS}, "✅ “Venta completada” recorded · you, 14:02"),
        ({"status_label": "Nueva", "priority": "alta"}, "Acme  ·  Nueva  ·  Priority: alta"),
    ],
)
def test_what_an_open_card_adds(changes: dict[str, Any], line: str) -> None:
    view = replace(VIEW, **changes)
    assert line in lines(view)
    assert "Venta completada" in lines(view)


def test_due_soon_goes_once_it_is_overdue() -> None:
    assert "⏰ Due soon" not in lines(replace(VIEW, reminder=Reason.DUE_SOON, overdue=True))


CLOSED = [
    (
        {"face": Face.DONE, "answer": YOURS},
        "✅ Venta completada · you, 14:02",
        "“Venta completada” done by you, 14:02",
    ),
    (
        {"face": Face.DONE, "answer": replace(YOURS, by_user="U2", at=None)},
        "✅ Venta completada · @U2",
        "“Venta completada” done by <@U2>",
    ),
    ({"face": Face.DONE}, "✅ Done", "done"),
    (
        {"face": Face.DONE_ELSEWHERE, "answer": BENS},
        "✅ Completed in Acme by Ben Okafor, 13:40",
        "Completed in Acme by Ben Okafor, 13:40",
    ),
    (
        {"face": Face.DONE_ELSEWHERE, "answer": replace(BENS, label="Visitado", at=None)},
        "✅ Completed in Acme as “Visitado” by Ben Okafor",
        "Completed in Acme as “Visitado” by Ben Okafor",
    ),
    ({"face": Face.DONE_ELSEWHERE}, "✅ Completed in Acme", "Completed in Acme"),
    ({"face": Face.CANCELLED}, "🚫 Cancelled in Acme", "Cancelled in Acme"),
    ({"face": Face.MOVED, "moved_to": ("U2",)}, "➡️ Now with @U2", "Now with <@U2>"),
    (
        {"face": Face.MOVED, "moved_to_names": ("Ben", "Cai")},
        "➡️ Now with Ben, Cai",
        "Now with Ben, Cai",
    ),
    ({"face": Face.MOVED}, "➡️ No longer assigned to you", "No longer assigned to you"),
    (
        {"face": Face.GONE},
        "No longer in Acme (deleted or not visible to me).",
        "No longer in Acme (deleted or not visible to me).",
    ),
    ({"face": Face.FOLDED}, "↓ Newer card below", "Newer card below"),
    ({"face": Face.FOLDED, "reminder": Reason.DUE}, "↓ Reminder below", "Reminder below"),
]


@pytest.mark.parametrize(("changes", "line", "text"), CLOSED)
def test_a_closed_card_is_its_title_and_one_line(
    changes: dict[str, Any], line: str, text: str
) -> None:
    view = replace(VIEW, **changes)
    assert lines(view) == ["Farmacia Central", line, "Acme"]
    assert elements(view) == []
    assert shown(view).text == f"Farmacia Central: {text}"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"face": Face.HELD, "until": NOW}, "⏳ “Venta completada” is about to be sent"),
        ({"face": Face.SENDING}, "⏳ Sending “Venta completada” to Acme…"),
        (
            {"face": Face.WAITING, "until": NOW},
            "⏳ Acme is not answering. I keep trying since 14:02; nothing is lost.",
        ),
        (
            {"face": Face.WAITING},
            "⏳ Acme is not answering. I keep trying; nothing is lost.",
        ),
    ],
)
def test_an_answer_on_its_way(changes: dict[str, Any], line: str) -> None:
    view = replace(VIEW, answer=YOURS, **changes)
    assert lines(view)[:4] == [
        "Farmacia Central",
        "Riesgo de fuga  ·  Ruta Norte  ·  Ana López",
        "🕓 Due Today 16:00",
        line,
    ]
    assert elements(view) == []


def test_what_is_held_or_done_can_be_undone() -> None:
    held = replace(VIEW, face=Face.HELD, answer=YOURS, submission_id="sub-1")
    undoable = {Face.HELD, Face.DONE, Face.CANCELLED}
    for face in undoable:
        (undo,) = elements(replace(held, face=face))
        assert (undo["action_id"], undo["value"], undo["text"]["text"]) == ("undo", "sub-1", "Undo")
        assert elements(replace(held, face=face, submission_id=None)) == []
    for face in set(Face) - undoable - {Face.OPEN, Face.SNOOZED}:
        assert elements(replace(held, face=face)) == []


def test_an_undo_that_was_refused_says_so_on_the_finished_card() -> None:
    refused = replace(VIEW, face=Face.DONE, answer=YOURS, submission_id="s", refusal="It is locked")
    assert "⚠️ Acme refused it: It is locked. Nothing was sent." in lines(refused)


def many(number: int, length: int = 8) -> tuple[Outcome, ...]:
    return tuple(Outcome(f"C{n}", f"{n:<{length}}"[:length]) for n in range(number))


@pytest.mark.parametrize(
    ("outcomes", "kinds"),
    [
        (0, ["overflow"]),
        (1, ["button", "overflow"]),
        (3, ["button"] * 3 + ["overflow"]),
        (4, ["button"] * 3 + ["static_select", "overflow"]),
        (100, ["button"] * 3 + ["static_select", "overflow"]),
        (101, ["button"] * 3 + ["external_select", "overflow"]),
        (300, ["button"] * 3 + ["external_select", "overflow"]),
    ],
)
def test_how_outcomes_are_offered(outcomes: int, kinds: list[str]) -> None:
    found = elements(replace(VIEW, outcomes=many(outcomes)))
    assert [element["type"] for element in found] == kinds
    assert len({element["action_id"] for element in found}) == len(found)
    for element in found[:-1]:
        assert actions.ANSWER.match(element["action_id"])
    assert len(found[3]["options"]) == outcomes - 3 if "static_select" in kinds else True


def test_a_menu_of_very_long_labels_becomes_a_search() -> None:
    kinds = [element["type"] for element in elements(replace(VIEW, outcomes=many(100, 90)))]
    assert "external_select" in kinds


def test_a_search_finds_among_all_outcomes() -> None:
    outcomes = (*many(300), SALE)
    assert len(found_options(ENGLISH, "k", outcomes, "")) == 100
    (option,) = found_options(ENGLISH, "k", outcomes, " VENTA ")
    assert option["value"] == actions.answer_value("k", SALE)
    assert found_options(ENGLISH, "k", outcomes, "nothing like it") == []


@pytest.mark.parametrize(
    ("completing", "styled"), [((), []), ((1,), [1]), ((0, 1), []), ((3,), [])]
)
def test_the_one_outcome_that_completes_is_primary(
    completing: tuple[int, ...], styled: list[int]
) -> None:
    outcomes = tuple(replace(o, completes=n in completing) for n, o in enumerate(many(4)))
    found = elements(replace(VIEW, outcomes=outcomes))
    assert [n for n, element in enumerate(found) if element.get("style") == "primary"] == styled


def test_a_menu_forgets_its_choice_after_a_refusal() -> None:
    """Slack's clients keep it for as long as the block keeps its id."""

    def block_id(view: CardView) -> str:
        return str(next(b["block_id"] for b in shown(view).blocks if b["type"] == "actions"))

    ids = {block_id(replace(VIEW, refusal=reason)) for reason in (None, "no", "never")}
    assert len(ids) == 3


@pytest.mark.parametrize("face", Face)
def test_an_unchanged_view_never_changes_its_blocks(face: Face) -> None:
    view = replace(VIEW, face=face, answer=YOURS, until=NOW, overdue=True, reminder=Reason.DUE)
    later = NOW + timedelta(days=400)
    assert card_message(view, ANA, NOW).blocks == card_message(view, ANA, later).blocks


@pytest.mark.parametrize(
    ("due", "overdue", "text"),
    [
        (Due(at=NOW + timedelta(days=1)), False, "due tomorrow 14:02"),
        (Due(on=date(2026, 4, 9)), False, "due today"),
        (Due(on=date(2027, 1, 4)), False, "due Mon 4 Jan 2027"),
        (Due(at=NOW - timedelta(hours=1)), True, "overdue since Thu 9 Apr, 13:02"),
        (None, False, "no due date"),
    ],
)
def test_the_text_says_when(due: Due | None, overdue: bool, text: str) -> None:
    view = replace(VIEW, due=due, overdue=overdue, details=(), subject=None)
    assert shown(view).text == f"Farmacia Central: {text}"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"reminder": Reason.DUE_SOON, "details": ()},
            "due soon, due today 16:00 (Ana López)",
        ),
        ({"refusal": "No."}, "Acme refused it: No. Nothing was sent."),
        (
            {"answer": YOURS, "details": (), "subject": None},
            "“Venta completada” recorded · you, 14:02; due today 16:00",
        ),
    ],
)
def test_the_text_of_an_open_card(changes: dict[str, Any], text: str) -> None:
    assert shown(replace(VIEW, **changes)).text == f"Farmacia Central: {text}"


def hostile(face: Face, text: str) -> CardView:
    """A card on which everything that others write is this text."""
    return CardView(
        face=face,
        task_key="00c0ffee",
        title=text,
        connection="acme",
        connection_title=text,
        subject=Subject(text, "https://crm.example/<x>"),
        details=(text,) * 9,
        due=Due(at=NOW),
        priority=text,
        status_label=text,
        url="https://crm.example",
        outcomes=tuple(Outcome(f"{n}{text}", text) for n in range(300))[: 50 if text else 300],
        refusal=text,
        answer=AnswerLine(text, by_name=text, at=NOW),
        submission_id="sub-1",
        until=NOW,
        moved_to_names=(text,) * 300,
    )


@pytest.mark.parametrize("face", Face)
def test_nothing_of_others_is_interpreted(face: Face) -> None:
    message = shown(hostile(face, HOSTILE))
    assert message.blocks[0]["text"]["text"] == HOSTILE
    for node in nodes(message.blocks):
        if node.get("type") == "mrkdwn":
            assert "evil" not in node["text"]
            assert "channel" not in node["text"]
        if node.get("type") == "plain_text":
            assert node["emoji"] is False
        assert node.get("type") not in ("broadcast", "emoji", "user")
    assert "<" not in message.text
    assert "&lt;!channel&gt;" in message.text


@pytest.mark.parametrize("text", ["", " \n\t", "x" * 20_000, "&<>" * 9_000, "\n".join("ab" * 999)])
@pytest.mark.parametrize("face", Face)
def test_every_face_stays_inside_slacks_limits(face: Face, text: str) -> None:
    shown(hostile(face, text))
    shown(replace(hostile(face, text), refusal=None, answer=None, due=None, url="ftp://x"))


@given(st.text(max_size=400), st.sampled_from(Face))
def test_any_title_stands_in_one_element_as_it_is(title: str, face: Face) -> None:
    block = shown(replace(VIEW, title=title, face=face)).blocks[0]
    title = title if title.strip() else "(no title)"
    fits = len(title) <= 150 and "\n" not in title
    assert block["type"] == ("header" if fits else "section")
    assert block["text"]["text"] == title
    assert block["text"]["type"] == "plain_text"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://", "https://a b", "", "x", "https://[::1", "h" * 4_000]
)
def test_only_web_addresses_are_linked(url: str) -> None:
    view = replace(VIEW, url=url, subject=Subject("Ana", url), outcomes=())
    (menu,) = elements(view)
    assert [one["text"]["text"] for one in menu["options"]] == ["Why did I get this?"]
    assert not [node for node in nodes(shown(view).blocks) if node.get("type") == "link"]


@pytest.mark.parametrize("year", [1, 1969, 3001, 9999])
def test_a_date_that_slack_cannot_show_is_written_out(year: int) -> None:
    view = replace(VIEW, due=Due(at=datetime(year, 12, 31, 23, 59, tzinfo=UTC)))
    assert "!date" not in json.dumps(shown(view).blocks)
