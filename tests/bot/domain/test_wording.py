"""Sentences: notices, whispers, and that no parameter can break one."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bot.domain.language import ENGLISH, TAGS, language
from bot.domain.model import Whisper
from bot.domain.overview import Rights
from bot.domain.wording import commands, linking, whispers
from bot.domain.wording.notices import notice as notice_words
from bot.slack.linking import whisper_message
from bot.slack.notices import notice, notice_message
from sandbox.slack.blocks import check_message_blocks

CODES = [
    *("unlinked", "not_yours", "already_finished", "already_sending", "gone"),
    *("outcome_gone", "withdrawn", "refused", "too_late_to_undo", "form_expired"),
    *("not_finished", "nobody_else", "unlinked_kept", "link_asked", "link_asked_nobody"),
    *("asked_enough", "already_linked", "operator_gone", "admins_only", "link_decided"),
    *("link_changed", "link_removed", "not_linked"),
    "a code that nobody knows",
]
TAIL = "/tasks lists them; from now on new ones come as cards."


def told(code: str, params: dict[str, str]) -> str:
    return notice_words(ENGLISH, Whisper(code, params))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((12, 2, 3), "12 open tasks, 2 overdue, 3 due today"),
        ((1, 0, 1), "1 open task, 1 due today"),
        ((0, 0, 0), "no open tasks"),
    ],
)
def test_what_was_there_is_told_once(counts: tuple[int, int, int], words: str) -> None:
    keys = ("open", "overdue", "today")
    params = {"connection": "Acme", **dict(zip(keys, map(str, counts), strict=True))}
    assert told("baseline", params) == f"Acme is connected: {words}. {TAIL}"
    linked = told("linked", {**params, "operator": "Ana López"})
    assert linked == f"You are linked to Ana López in Acme: {words}. {TAIL}"


@pytest.mark.parametrize(
    ("code", "params", "sentence"),
    [
        (
            "unlinked",
            {"connection": "Acme"},
            "Your Slack user isn't linked to an operator in Acme yet. "
            "Nothing was sent; ask an admin, or send the request.",
        ),
        (
            "already_finished",
            {"label": "Venta", "by": "Ben", "at": "14:02"},
            "This task is already finished: “Venta” by Ben, 14:02. Your click was not sent.",
        ),
        ("already_finished", {}, "This task is already finished. Your click was not sent."),
        (
            "already_sending",
            {"label": "Venta"},
            "“Venta” is already on its way for this task. "
            "The card will tell how it went; your click was not sent.",
        ),
        (
            "gone",
            {"connection": "Acme"},
            "This task is no longer in Acme (deleted or not visible to me). Nothing was sent.",
        ),
        (
            "outcome_gone",
            {"connection": "Acme"},
            "Your answer is no longer offered in Acme. Nothing was sent; choose another answer.",
        ),
        ("withdrawn", {"label": "Venta"}, "“Venta” was taken back. Nothing was sent."),
        (
            "too_late_to_undo",
            {"label": "Venta", "connection": "Acme"},
            "“Venta” is already sent or on its way, so I can't take it back. "
            "If it was a mistake, correct it in Acme.",
        ),
        ("?", {}, "That did not work. Nothing was sent; please try again."),
    ],
)
def test_whispers(code: str, params: dict[str, str], sentence: str) -> None:
    assert whispers.whisper(ENGLISH, Whisper(code, params)) == sentence


@given(st.sampled_from(TAGS), st.sampled_from(CODES), st.dictionaries(st.text(), st.text()))
def test_any_whisper_is_one_that_slack_takes(tag: str, code: str, params: dict[str, str]) -> None:
    spoken = language(tag)
    message = whisper_message(spoken, Whisper(code, {**params, "label": "{label} <!here>"}))
    check_message_blocks(message.blocks, lambda: "b")
    assert message.text.endswith(".")
    assert "<!here>" not in message.text
    assert "!" not in whispers.whisper(spoken, Whisper(code))


@pytest.mark.parametrize("tag", TAGS)
def test_every_code_has_its_own_sentence(tag: str) -> None:
    spoken = language(tag)
    assert len({whispers.whisper(spoken, Whisper(code)) for code in CODES}) == len(CODES)


def test_a_change_of_ours_is_named_in_the_readers_language_and_an_answer_is_not() -> None:
    undo = {"label": "Undo", "effect": "reopen"}
    assert whispers.whisper(language("de"), Whisper("withdrawn", undo)).startswith("„Rückgängig“")
    answer = Whisper("withdrawn", {"label": "Undo"})
    assert whispers.whisper(language("de"), answer).startswith("„Undo“")


@pytest.mark.parametrize(
    ("tag", "counts", "words"),
    [
        ("es", ("1", "0", "1"), "Acme está conectado: 1 tarea abierta, 1 vence hoy."),
        ("es", ("3", "2", "0"), "Acme está conectado: 3 tareas abiertas, 2 vencidas."),
        ("de", ("1", "1", "0"), "Acme ist verbunden: 1 offene Aufgabe, 1 überfällig."),
        ("de", ("0", "0", "0"), "Acme ist verbunden: keine offenen Aufgaben."),
        (
            "pt",
            ("2", "1", "2"),
            "Acme está conectado: 2 tarefas abertas, 1 atrasada, 2 vencem hoje.",
        ),
    ],
)
def test_counts_in_other_languages(tag: str, counts: tuple[str, str, str], words: str) -> None:
    keys = ("open", "overdue", "today")
    params = {"connection": "Acme", **dict(zip(keys, counts, strict=True))}
    assert notice_words(language(tag), Whisper("baseline", params)).startswith(words)


def test_help_names_every_list_and_unknown_words_get_it() -> None:
    words = commands.tasks_help(ENGLISH, Rights())
    for command in ("today", "overdue", "week", "all", "whoami", "help"):
        assert f"/tasks {command} — " in words
    unknown = commands.unknown_command(ENGLISH, "frobnicate", Rights())
    assert unknown.startswith("I don't know “frobnicate”.")
    assert words in unknown


def test_whoami() -> None:
    links = [("Acme", "Ana López"), ("Globex", "OP-7")]
    assert linking.whoami(ENGLISH, links, ["Initech"], "Europe/Madrid") == (
        "Acme: you are Ana López.\nGlobex: you are OP-7.\nInitech: you are not linked.\n"
        "Your time zone is Europe/Madrid.\nYour language is English."
    )
    assert linking.whoami(ENGLISH, [], ["Acme"], "UTC").startswith(
        "Your Slack user isn't linked to an operator yet."
    )


@pytest.mark.parametrize(
    ("code", "params", "words"),
    [
        ("baseline", {"open": "2", "overdue": "1", "today": "0"}, "Acme is connected: 2 open"),
        (
            "linked",
            {"operator": "Ana", "open": "0", "overdue": "0", "today": "0"},
            "You are linked to Ana in Acme: no open tasks.",
        ),
        ("connection_unauthorized", {"reason": "HTTP 401"}, "Acme refuses the key"),
        ("connection_unavailable", {"reason": "timed out"}, "Acme is not answering: timed out."),
        ("connection_malformed", {"reason": "no id"}, "Acme answers something that I cannot read"),
        ("connection_recovered", {}, "Acme is answering again."),
        (
            "link_refused",
            {"operator": "Ana", "dropped": "0"},
            "An admin has not linked you to Ana in Acme. If that is wrong, ask them.",
        ),
        (
            "link_refused",
            {"operator": "Ana", "dropped": "2"},
            "An admin has not linked you to Ana in Acme. If that is wrong, ask them. The 2 answers",
        ),
        ("link_overtaken", {"operator": "Ana"}, "Ana in Acme has been linked to somebody else"),
        ("link_ended", {"operator": "Ana"}, "An admin has linked Ana in Acme to somebody else."),
        (
            "kept_sent",
            {"label": "Undo", "effect": "reopen", "title": "Call"},
            "You are linked now, so I carry out what you clicked before: “Undo” for “Call” is on",
        ),
        (
            "kept_refused",
            {"why": "gone", "title": "Call"},
            "What you clicked before you were linked could not be carried out. “Call” is no longer",
        ),
        (
            "polls_stuck",
            {"reason": "last good poll: never"},
            "I have stopped hearing from Acme, and no poll says why (last good poll: never).",
        ),
        (
            "slack_recovered",
            {"reason": "Slack did not answer auth.test", "minutes": "1"},
            "Slack is back after a minute: Slack did not answer auth.test. What waited",
        ),
    ],
)
def test_notices_that_are_stored_as_codes(code: str, params: dict[str, str], words: str) -> None:
    message = notice_message(ENGLISH, Whisper(code, {"connection": "Acme", **params}))
    check_message_blocks(message.blocks, lambda: "b")
    assert message.text.startswith(words)


def test_an_unknown_notice_is_a_mistake_of_ours() -> None:
    with pytest.raises(LookupError):
        notice_message(ENGLISH, Whisper("?", {"connection": "Acme"}))


def test_a_notice_interprets_nothing_and_is_never_too_long() -> None:
    message = notice(commands.unknown_command(ENGLISH, "<!channel>" + "x" * 9_000, Rights()))
    check_message_blocks(message.blocks, lambda: "b")
    assert "<" not in message.text
    assert message.blocks[0]["text"]["type"] == "plain_text"
