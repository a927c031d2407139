"""Buttons and menus: what is written into them is read back, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from adapters.contract import Field, FieldKind, Outcome
from bot.domain.lists import Filter, Look, Section, searched
from bot.domain.model import outcome_token, task_key
from bot.slack import actions
from bot.slack.actions import Place

DATE = Field("at", "At", FieldKind.FUTURE_MOMENT)
NOTE = Field("note", "Note", FieldKind.TEXT, required=False)


@given(st.text(), st.text(), st.text(), st.sampled_from([(), (DATE,), (NOTE,), (NOTE, DATE)]))
def test_an_answer_is_read_back(
    connection: str, task: str, code: str, fields: tuple[Field, ...]
) -> None:
    key = task_key(connection, task)
    value = actions.answer_value(key, Outcome(code, "", fields=fields))
    assert len(value) <= 150
    assert actions.read_answer_value(value) == actions.Pressed(
        key, outcome_token(code), form=DATE in fields
    )


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "a:b0:f\n", ":b0:f", "a:b0:f:s", "ä:b0:f"])
def test_a_strange_answer_is_none(value: str) -> None:
    assert actions.read_answer_value(value) is None


@given(st.text())
def test_whatever_comes_back_does_no_harm(value: str) -> None:
    actions.read_answer_value(value)
    assert actions.read_block_id(value) is None or value.startswith("task:")
    actions.read_look(value)


def test_a_block_names_its_task() -> None:
    assert actions.read_block_id(actions.block_id("c0ffee")) == Place("c0ffee")
    assert actions.read_block_id(actions.block_id("c0ffee", "refused")) == Place("c0ffee")
    for shown in (None, "refused"):
        row = actions.block_id("c0ffee", shown, Look(Filter.WEEK, 3))
        assert actions.read_block_id(row) == Place("c0ffee", Look(Filter.WEEK, 3))
    assert actions.block_id("c0ffee", "refused") != actions.block_id("c0ffee")
    for other in ("", "list", "task:", "card:c0ffee", "task:a b"):
        assert actions.read_block_id(other) is None


looks = st.builds(
    Look,
    st.sampled_from(Filter),
    st.integers(1, 99_999),
    st.text(max_size=200).map(lambda text: searched(text).words),
    st.none() | st.from_regex(r"[UW][0-9A-Z]{8,20}", fullmatch=True),
)


@given(st.none() | st.text(), looks)
def test_a_row_names_its_page_too(shown: str | None, look: Look) -> None:
    key = task_key("reten", "1")
    block_id = actions.block_id(key, shown, look)
    assert len(block_id) <= 255
    assert actions.read_block_id(block_id) == actions.Place(key, look)
    assert actions.look_of(actions.place_of(block_id)) == look


@given(looks)
def test_a_page_is_read_back(look: Look) -> None:
    assert actions.read_look(actions.look_value(look)) == look


@pytest.mark.parametrize(
    "value", ["", "today", "today:", "today:-1", "day:1", "TODAY:1", "find:1:U1", "find:1::_w"]
)
def test_a_strange_page_is_none(value: str) -> None:
    assert actions.read_look(value) is None


def test_which_clicks_are_answers() -> None:
    ours = [actions.button_id(0), actions.button_id(2), actions.ANSWER_MENU, actions.ANSWER_SEARCH]
    assert all(actions.ANSWER.match(action_id) for action_id in ours)
    others = [actions.UNDO, actions.OPEN, actions.LIST_REFRESH, "answer.form", "answer.menu.x"]
    assert not any(actions.ANSWER.match(action_id) for action_id in others)
    assert actions.LIST_PAGE.match(actions.LIST_NEXT)
    assert actions.LIST_PAGE.match(actions.LIST_PREVIOUS)
    assert all(actions.LIST_PAGE.match(f"{actions.LIST_FILTER}{one.value}") for one in Filter)
    assert all(actions.LIST_PAGE.match(f"{actions.LIST_LATER}{one.value}") for one in Section)
    assert not actions.LIST_PAGE.match(actions.LIST_REFRESH)
