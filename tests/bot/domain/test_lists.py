"""Lists: which rows, in which order, on which page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from adapters.contract import Due, Task
from bot.domain.lists import (
    Ending,
    Filter,
    ListedTask,
    Listing,
    Look,
    RowState,
    Section,
    arrange,
    searched,
)
from bot.domain.model import (
    Connection,
    Standing,
    StoredTask,
    Submission,
    SubmissionState,
    task_key,
)

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 4, 9, 12, 3, tzinfo=UTC)  # Thursday 14:03 in Madrid
TODAY = date(2026, 4, 9)
ACME = Connection("acme", "Acme")


def listed(
    title: str,
    due: Due | None = None,
    *,
    standing: Standing = Standing.OPEN,
    answer: SubmissionState | None = None,
) -> ListedTask:
    stored = StoredTask("acme", task_key("acme", title), Task(title, title, due=due), standing, NOW)
    return ListedTask(stored, ACME, submission(title, answer) if answer else None)


def submission(task_id: str, state: SubmissionState) -> Submission:
    return Submission(
        "s", "acme", task_id, "OK", "Ok", {}, "U1", None, NOW, state, NOW, error="No."
    )


def on(days: int) -> Due:
    return Due(on=TODAY + timedelta(days=days))


def at(days: int, hour: int, minute: int = 0) -> Due:
    """That hour in Madrid, where it is UTC+2."""
    return Due(at=datetime(2026, 4, 9, hour, minute, tzinfo=UTC) + timedelta(days=days, hours=-2))


TASKS = [
    listed("undated"),
    listed("later", on(8)),
    listed("week end", on(7)),
    listed("tomorrow 9", at(1, 9)),
    listed("tomorrow", on(1)),
    listed("today 18", at(0, 18)),
    listed("today 16", at(0, 16)),
    listed("today b", on(0)),
    listed("Today a", on(0)),
    listed("this morning", at(0, 9)),
    listed("yesterday", on(-1)),
    listed("long ago", on(-40)),
]
OVERDUE = ["long ago", "yesterday", "this morning"]
TODAYS = ["Today a", "today b", "today 16", "today 18"]
WEEK = ["tomorrow", "tomorrow 9", "week end"]


def titles(listing: Listing) -> list[str]:
    return [row.listed.stored.task.title for part in listing.parts for row in part.rows]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter.DEFAULT, OVERDUE + TODAYS + WEEK),
        (Filter.TODAY, ["this morning", *TODAYS]),
        (Filter.OVERDUE, OVERDUE),
        (Filter.WEEK, ["this morning", *TODAYS, *WEEK]),
        (Filter.ALL, [*OVERDUE, *TODAYS, *WEEK, "later", "undated"]),
    ],
)
def test_what_a_filter_shows_and_in_which_order(chosen: Filter, expected: list[str]) -> None:
    listing = arrange(TASKS, Look(chosen), NOW, MADRID, page_size=50)
    assert titles(listing) == expected
    assert (listing.chosen, listing.as_of, listing.upcoming) == (chosen, NOW, None)


def test_sections_count_over_all_pages() -> None:
    first = arrange(TASKS, Look(Filter.ALL), NOW, MADRID, page_size=5)
    second = arrange(TASKS, Look(Filter.ALL, 2), NOW, MADRID, page_size=5)
    totals = (
        (Section.OVERDUE, 3),
        (Section.TODAY, 4),
        (Section.WEEK, 3),
        (Section.LATER, 1),
        (Section.UNDATED, 1),
    )
    assert first.totals == second.totals == totals
    assert [(p.section, p.total, len(p.rows)) for p in first.parts] == [
        (Section.OVERDUE, 3, 3),
        (Section.TODAY, 4, 2),
    ]
    assert [(p.section, p.total, len(p.rows)) for p in second.parts] == [
        (Section.TODAY, 4, 2),
        (Section.WEEK, 3, 3),
    ]


@pytest.mark.parametrize(("page", "shown"), [(-4, 1), (0, 1), (1, 1), (2, 2), (9, 2)])
def test_a_page_that_is_not_there_is_the_nearest(page: int, shown: int) -> None:
    listing = arrange(TASKS, Look(Filter.DEFAULT, page), NOW, MADRID, page_size=6)
    assert (listing.page, listing.pages) == (shown, 2)


dues = st.one_of(
    st.none(),
    st.builds(on, st.integers(-10, 10)),
    st.builds(at, st.integers(-10, 10), st.integers(0, 23)),
)


@given(st.lists(dues, max_size=60), st.integers(1, 12), st.sampled_from(Filter))
def test_the_pages_together_are_the_list(
    given_dues: list[Due | None], size: int, chosen: Filter
) -> None:
    tasks = [listed(f"t{number}", due) for number, due in enumerate(given_dues)]
    whole = arrange(tasks, Look(chosen), NOW, MADRID, page_size=100)
    pages = arrange(tasks, Look(chosen), NOW, MADRID, page_size=size).pages
    paged = [arrange(tasks, Look(chosen, n + 1), NOW, MADRID, page_size=size) for n in range(pages)]
    assert [title for listing in paged for title in titles(listing)] == titles(whole)
    assert all(titles(listing) for listing in paged) or not titles(whole)
    assert sum(total for _, total in whole.totals) == len(titles(whole))


@pytest.mark.parametrize(
    ("standing", "answer", "state"),
    [
        (Standing.OPEN, None, RowState.OPEN),
        (Standing.OPEN, SubmissionState.WITHDRAWN, RowState.OPEN),
        (Standing.OPEN, SubmissionState.DONE, RowState.OPEN),
        (Standing.OPEN, SubmissionState.HELD, RowState.ON_ITS_WAY),
        (Standing.OPEN, SubmissionState.UNKNOWN, RowState.ON_ITS_WAY),
        (Standing.OPEN, SubmissionState.REFUSED, RowState.REFUSED),
        (Standing.DONE, SubmissionState.DONE, RowState.ANSWERED),
        (Standing.DONE, None, RowState.ANSWERED),
    ],
)
def test_what_state_a_row_is_in(
    standing: Standing, answer: SubmissionState | None, state: RowState
) -> None:
    task = listed("x", on(0), standing=standing, answer=answer)
    (part,) = arrange([task], Look(Filter.DEFAULT), NOW, MADRID).parts
    assert [row.state for row in part.rows] == [state]


def test_what_is_finished_comes_newest_first() -> None:
    tasks = [
        replace(listed(title, standing=Standing.DONE), ending=Ending(NOW - timedelta(hours=hours)))
        for title, hours in (("b", 30), ("c", 1), ("a", 2))
    ]
    listing = arrange(tasks, Look(Filter.DONE), NOW, MADRID)
    assert titles(listing) == ["c", "a", "b"]
    assert listing.totals == ((Section.DONE, 3),)
    assert arrange([], Look(Filter.DONE), NOW, MADRID).upcoming is None


def test_sections_behind_the_page_tell_where_they_begin() -> None:
    def later(page: int) -> list[tuple[Section, int, int]]:
        listing = arrange(TASKS, Look(Filter.ALL, page), NOW, MADRID, page_size=4)
        return [(one.section, one.total, one.page) for one in listing.later]

    behind = [(Section.WEEK, 3, 2), (Section.LATER, 1, 3), (Section.UNDATED, 1, 3)]
    assert later(1) == behind
    assert later(2) == behind[1:]
    assert later(3) == []


def test_what_is_searched_is_short_enough_for_a_button() -> None:
    assert searched("  the   quote ").words == "the quote"
    assert searched("ñ" * 99).words == "ñ" * 50
    assert len(searched("€" * 99).words.encode()) <= 100


def test_a_page_learns_what_else_is_known_of_its_tasks_alone() -> None:
    asked: list[str] = []

    def told(one: ListedTask) -> ListedTask:
        asked.append(one.stored.task.title)
        return replace(one, whose=("Ana",))

    listing = arrange(TASKS, Look(Filter.ALL), NOW, MADRID, page_size=3).with_rows(told)
    assert asked == titles(listing) == OVERDUE
    assert {row.listed.whose for row in listing.rows} == {("Ana",)}


def test_an_answered_row_stays_in_its_place() -> None:
    done = listed("long ago", on(-40), standing=Standing.DONE, answer=SubmissionState.DONE)
    listing = arrange([*TASKS[:-1], done], Look(Filter.OVERDUE), NOW, MADRID)
    assert titles(listing) == OVERDUE


def test_cancelled_and_gone_tasks_are_left_out_and_doubles_stand_once() -> None:
    tasks = [
        listed("a", on(0), standing=Standing.CANCELLED),
        listed("b", on(0), standing=Standing.GONE),
        listed("c", on(0)),
        listed("c", on(0)),
    ]
    assert titles(arrange(tasks, Look(Filter.ALL), NOW, MADRID)) == ["c"]


@pytest.mark.parametrize(
    ("tasks", "chosen", "upcoming"),
    [
        ([], Filter.DEFAULT, None),
        ([listed("undated")], Filter.DEFAULT, None),
        ([listed("late", on(9)), listed("later", on(30))], Filter.DEFAULT, "late"),
        ([listed("old", on(-1)), listed("late", on(9))], Filter.TODAY, "late"),
        ([listed("old", on(-1))], Filter.TODAY, None),
        ([listed("soon", at(0, 18))], Filter.OVERDUE, "soon"),
        ([listed("soon", on(9), standing=Standing.DONE)], Filter.DEFAULT, None),
    ],
)
def test_an_empty_list_knows_what_comes_next(
    tasks: list[ListedTask], chosen: Filter, upcoming: str | None
) -> None:
    listing = arrange(tasks, Look(chosen, 3), NOW, MADRID)
    assert (listing.parts, listing.totals, listing.page, listing.pages) == ((), (), 1, 1)
    found = listing.upcoming
    assert (found.stored.task.title if found else None) == upcoming


def test_the_reader_s_zone_decides_which_day_it_is() -> None:
    task = listed("at midnight", Due(at=datetime(2026, 4, 9, 22, 30, tzinfo=UTC)))
    for zone, section in (("Europe/Madrid", Section.WEEK), ("Atlantic/Azores", Section.TODAY)):
        (part,) = arrange([task], Look(Filter.DEFAULT), NOW, ZoneInfo(zone)).parts
        assert part.section is section
