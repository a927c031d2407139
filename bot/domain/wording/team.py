"""What those are told who look after others, and after the bot itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import when
from bot.domain.language import Language, msg
from bot.domain.overview import Account, Member, Stranger
from bot.domain.wording.labels import DOT

TASKS = msg("Tasks")
NOBODY = msg("Nobody is linked yet.")
ALL_WELL = msg("Nothing waits, and nothing has failed in the last 24 hours.")

_NAMED = 5
"""So many operators without a link are named; more are counted."""


def team_text(language: Language, people: int, overdue: int) -> str:
    """The team in one sentence."""
    late = language.count("{n} overdue task", "{n} overdue tasks", overdue)
    return language.count(
        "Your team: {n} person, {overdue}.", "Your team: {n} people, {overdue}.", people,
        overdue=late,
    )  # fmt: skip


def member(language: Language, name: str, one: Member) -> str:
    """`🔴 Ana Ruiz — 3 overdue  ·  2 today  ·  9 open`."""
    counts = (
        language.count("{n} overdue", "{n} overdue", one.overdue) if one.overdue else "",
        language.count("{n} today", "{n} today", one.today) if one.today else "",
        language.count("{n} open", "{n} open", one.open),
    )
    mark = "🔴" if one.overdue else "•"
    return f"{mark} {name} — {DOT.join(count for count in counts if count)}"


def more_people(language: Language, n: int) -> str:
    return language.count("And {n} more person with less.", "And {n} more people with less.", n)


def unclaimed(language: Language, n: int) -> str:
    return language.count(
        "{n} open task belongs to nobody who is linked.",
        "{n} open tasks belong to nobody who is linked.",
        n,
    )


def tasks_and_links(language: Language, account: Account) -> str:
    """How much a connection brings, and to how many."""
    tasks = language.count("{n} open task", "{n} open tasks", account.open)
    linked = language.count("{n} operator linked", "{n} operators linked", account.linked)
    return f"{tasks}{DOT}{linked}"


def next_poll(language: Language, at: datetime, now: datetime, tz: ZoneInfo) -> str:
    """When a connection is read again, if all goes well."""
    today = when.local_day(now, tz)
    return language.say("Next: {time}", time=language.moment(max(at, now), tz, today))


def strangers(language: Language, found: Iterable[Stranger]) -> str:
    """Operators who have open tasks and nobody in Slack, those with most tasks first."""
    ordered = sorted(found, key=lambda one: (-one.tasks, one.name))
    names = ", ".join(f"{one.name} ({one.tasks})" for one in ordered[:_NAMED])
    if len(ordered) > _NAMED:
        names = language.count(
            "{names} and {n} more", "{names} and {n} more", len(ordered) - _NAMED, names=names
        )
    return language.say("Not linked, with open tasks: {names}", names=names)


def disputed(language: Language, names: Iterable[str]) -> str:
    """Operators whom several people ask to be."""
    found = ", ".join(names)
    return language.say("Several people ask to be: {names}", names=found)


def waiting(language: Language, n: int) -> str:
    return language.count(
        "{n} answer is on its way to the provider.",
        "{n} answers are on their way to the provider.",
        n,
    )


def refused(language: Language, n: int) -> str:
    return language.count(
        "{n} answer was refused in the last 24 hours.",
        "{n} answers were refused in the last 24 hours.",
        n,
    )


def messages(language: Language, n: int) -> str:
    return language.count(
        "{n} message is on its way to Slack.", "{n} messages are on their way to Slack.", n
    )


def undelivered(language: Language, n: int) -> str:
    return language.count(
        "Slack has refused {n} message in the last 24 hours.",
        "Slack has refused {n} messages in the last 24 hours.",
        n,
    )


def proposals(language: Language, n: int) -> str:
    return language.count("{n} link waits to be confirmed.", "{n} links wait to be confirmed.", n)


def admin_text(language: Language, connections: int, troubled: int) -> str:
    """Everything in one sentence."""
    known = language.count("{n} connection", "{n} connections", connections)
    if not troubled:
        return language.say("{connections}, all well.", connections=known)
    return language.count(
        "{connections}, {n} with trouble.", "{connections}, {n} with trouble.", troubled,
        connections=known,
    )  # fmt: skip
