"""App Home, the team and the admin's overview: that Slack takes them, whatever is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.contract import Outcome
from bot.domain.lists import Filter, Look, arrange
from bot.domain.model import Whisper
from bot.domain.overview import Account, Member, Overview, Stand, Stranger, Team
from bot.slack import actions
from bot.slack.admin import admin_message
from bot.slack.blocks import Block
from bot.slack.desk import Home, OwnTasks
from bot.slack.home import home_view, tasks_modal
from bot.slack.team import team_message
from sandbox.clock import MovableClock
from sandbox.slack import Workspace
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.views import checked_view
from sandbox.slack.words import words_of
from tests.bot.slack.test_lists import ANA, MADRID, NOW, listed, on

EVERY = timedelta(seconds=60)
WELL = Stand("Acme", NOW - timedelta(minutes=1), EVERY)
REFUSED = replace(WELL, trouble="unauthorized", since=NOW - timedelta(days=1))
HOSTILE = "<!channel> *x* & " + "ñ" * 400


def taken(view: Block) -> list[Block]:
    """The blocks of a view, after Slack's own checks."""
    blocks: list[Block] = checked_view(Workspace(MovableClock(NOW)), view, view["type"])["blocks"]
    return blocks


def own(*, linked: bool = True) -> OwnTasks:
    return OwnTasks(arrange([listed()], Look(Filter.TODAY), NOW, MADRID), ANA, linked)


def test_a_home() -> None:
    blocks = taken(home_view(Home(own(), (WELL, REFUSED), creates=True)))
    assert words_of(blocks).splitlines() == [
        *("To do", "Today", "Overdue", "Next 7 days", "All", "Done"),
        "*Today · 1*",
        "🕓 16:00  Botica Norte",
        "Answer",
        "as of 14:03",
        *("Refresh", "New task", "Settings"),
        "🔴 Acme refuses the key since Wed 8 Apr, 14:03. Put in a valid one.",
        "✅ Acme: last read Thu 9 Apr, 14:02, every 60 seconds",
    ]
    styles = [element.get("style") for element in blocks[0]["elements"]]
    assert styles == [None, "primary", None, None, None, None]
    assert [actions.read_look(button["value"]) for button in blocks[0]["elements"]] == [
        Look(chosen) for chosen in Filter if chosen is not Filter.FIND
    ]


def test_a_home_tells_what_became_of_a_click() -> None:
    said = Whisper("gone", {"title": HOSTILE, "connection": "Acme"})
    for view in (home_view(Home(own()), said), tasks_modal(own(), said)):
        assert "is no longer in Acme" in words_of(taken(view))


def test_who_is_not_linked_sees_no_list() -> None:
    words = words_of(taken(home_view(Home(own(linked=False)))))
    assert "isn't linked to an operator" in words
    assert "Botica Norte" not in words


@pytest.mark.parametrize("outcomes", [0, 3, 94, 95, 100, 101])
@pytest.mark.parametrize("title", ["x", HOSTILE, "\N{PILE OF POO}" * 3_000])
def test_the_fullest_page_fits_a_view(outcomes: int, title: str) -> None:
    offered = tuple(Outcome(f"{n}{title}", f"{n} {title}"[:75]) for n in range(outcomes))
    tasks = [listed(f"{title}{n}", on(n // 9 - 1), outcomes=offered) for n in range(30)]
    found = OwnTasks(arrange(tasks, Look(Filter.ALL), NOW, MADRID), ANA, linked=True)
    stands = tuple(replace(WELL, title=f"{HOSTILE}{n}") for n in range(60))
    assert len(taken(home_view(Home(found, stands, creates=True)))) <= 100
    taken(tasks_modal(found))


@pytest.mark.parametrize("people", [0, 1, 40, 41, 1_000])
def test_a_team_of_any_size_fits_a_message(people: int) -> None:
    members = tuple(Member(f"U{n}", n, n % 3, n % 2) for n in range(people))
    team = Team(members, 7, ANA, {one.slack_user: HOSTILE for one in members[1:]})
    message = team_message(team)
    check_message_blocks(message.blocks, iter(map(str, range(999))).__next__)
    assert words_of(message.blocks).count("Tasks") == min(people, 40)
    assert ("more" in words_of(message.blocks)) == (people > 40)


@pytest.mark.parametrize("connections", [1, 20, 60])
def test_any_number_of_connections_fits_a_message(connections: int) -> None:
    strangers = tuple(Stranger(f"{HOSTILE}{n}", n) for n in range(9))
    account = Account(REFUSED, 10_000, 9, strangers, (HOSTILE,) * 9, waiting=3, refused=1)
    accounts = (Account(WELL), *[account] * (connections - 1))
    message = admin_message(Overview(accounts, 1, 2, 3, NOW, ANA))
    check_message_blocks(message.blocks, iter(map(str, range(999))).__next__)
    words = words_of(message.blocks)
    assert words.count("refuses the key") == min(connections - 1, 20)
    for line in ("1 link waits", "2 messages are on", "Slack has refused 3 messages"):
        assert line in words


def test_an_admin_reads_who_is_not_linked_and_what_is_disputed() -> None:
    strangers = tuple(Stranger(f"Op {n}", n) for n in range(1, 9))
    stand = replace(REFUSED, gap="Set ACME_DONE.")
    account = Account(stand, 36, 1, strangers, ("Op 9",), waiting=1, refused=2)
    words = words_of(admin_message(Overview((account,), 0, 0, 0, NOW, ANA)).blocks).splitlines()
    assert words == [
        "1 connection, 1 with trouble.",
        "🔴 Acme refuses the key since Wed 8 Apr, 14:03. Put in a valid one.",
        "⚠️ Set ACME_DONE.",
        "Not linked, with open tasks: Op 8 (8), Op 7 (7), Op 6 (6), Op 5 (5), Op 4 (4) and 3 more",
        "Several people ask to be: Op 9",
        "1 answer is on its way to the provider.",
        "2 answers were refused in the last 24 hours.",
        "36 open tasks  ·  1 operator linked",
    ]


def test_when_all_is_well_an_admin_is_told_so() -> None:
    message = admin_message(Overview((Account(WELL, 5, 2),), 0, 0, 0, NOW, ANA))
    assert words_of(message.blocks).splitlines() == [
        "1 connection, all well.",
        "✅ Acme: last read Thu 9 Apr, 14:02, every 60 seconds",
        "Next: Thu 9 Apr, 14:03",
        "5 open tasks  ·  2 operators linked",
        "Nothing waits, and nothing has failed in the last 24 hours.",
    ]
