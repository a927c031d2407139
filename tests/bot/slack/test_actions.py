"""Buttons and menus: what is written into them is read back, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from adapters.contract import Field, FieldKind, Outcome
from bot.domain.lists import Filter
from bot.domain.model import outcome_token, task_key
from bot.slack import actions
from bot.slack.actions import Place

DATE = Field("at", "At", FieldKind.FUTURE_MOMENT)
NOTE = Field("note", "Note", FieldKind.TEXT, required=False)


@settings(deadline=None)
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


@settings(deadline=None)
@given(st.text())
def test_whatever_comes_back_does_no_harm(value: str) -> None:
    actions.read_answer_value(value)
    assert actions.read_block_id(value) is None or value.startswith("task:")
    actions.read_page_value(value)


def test_a_block_names_its_task() -> None:
    assert actions.read_block_id(actions.block_id("c0ffee")) == Place("c0ffee")
    assert actions.read_block_id(actions.block_id("c0ffee", "refused")) == Place("c0ffee")
    for shown in (None, "refused"):
        row = actions.block_id("c0ffee", shown, (Filter.WEEK, 3))
        assert actions.read_block_id(row) == Place("c0ffee", Filter.WEEK, 3)
    assert actions.block_id("c0ffee", "refused") != actions.block_id("c0ffee")
    for other in ("", "list", "task:", "card:c0ffee", "task:a b"):
        assert actions.read_block_id(other) is None


@settings(deadline=None)
@given(st.none() | st.text(), st.sampled_from(Filter), st.integers(1, 99_999))
def test_a_row_names_its_page_too(shown: str | None, chosen: Filter, page: int) -> None:
    block_id = actions.block_id("c0ffee", shown, (chosen, page))
    assert actions.read_block_id(block_id) == actions.Place("c0ffee", chosen, page)


@pytest.mark.parametrize("chosen", Filter)
def test_a_page_is_read_back(chosen: Filter) -> None:
    assert actions.read_page_value(actions.page_value(chosen, 12)) == (chosen, 12)


@pytest.mark.parametrize("value", ["", "today", "today:", "today:-1", "someday:1", "TODAY:1"])
def test_a_strange_page_is_none(value: str) -> None:
    assert actions.read_page_value(value) is None


def test_which_clicks_are_answers() -> None:
    ours = [actions.button_id(0), actions.button_id(2), actions.ANSWER_MENU, actions.ANSWER_SEARCH]
    assert all(actions.ANSWER.match(action_id) for action_id in ours)
    others = [actions.UNDO, actions.OPEN, actions.LIST_REFRESH, "answer.form", "answer.menu.x"]
    assert not any(actions.ANSWER.match(action_id) for action_id in others)
    assert actions.LIST_PAGE.match(actions.LIST_NEXT)
    assert actions.LIST_PAGE.match(actions.LIST_PREVIOUS)
    assert not actions.LIST_PAGE.match(actions.LIST_REFRESH)
