"""What lists of tasks say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.contract import Due
from bot.domain import when
from bot.domain.language import Language, msg
from bot.domain.lists import Filter, Listing, Section
from bot.domain.wording import labels

SECTIONS: Mapping[Section, str] = {
    Section.OVERDUE: msg("Overdue"),
    Section.TODAY: msg("Today"),
    Section.WEEK: msg("Next 7 days"),
    Section.LATER: msg("Later"),
    Section.UNDATED: msg("No date"),
    Section.DONE: msg("Finished in the last 7 days"),
}
FILTERS: Mapping[Filter, str] = {
    Filter.DEFAULT: msg("To do"),
    Filter.TODAY: msg("Today"),
    Filter.OVERDUE: msg("Overdue"),
    Filter.WEEK: msg("Next 7 days"),
    Filter.ALL: msg("All"),
    Filter.DONE: msg("Done"),
}
"""What the buttons say that choose a list."""
_NOTHING: Mapping[Filter, str] = {
    Filter.DEFAULT: msg("Nothing due."),
    Filter.TODAY: msg("Nothing due today."),
    Filter.OVERDUE: msg("Nothing overdue."),
    Filter.WEEK: msg("Nothing due in the next 7 days."),
    Filter.ALL: msg("No open tasks."),
    Filter.DONE: msg("Nothing finished in the last 7 days."),
    Filter.FIND: msg("No open task has these words."),
}


def section_line(language: Language, section: Section, total: int) -> str:
    return f"*{language.say(SECTIONS[section])} · {total}*"


def overdue_for(language: Language, days: int, hour: str | None) -> str:
    """How long a row is overdue; `hour`: when it was due, on the day itself."""
    if hour and not days:
        return language.say("since {time}", time=hour)
    return language.count("{n} day", "{n} days", days)


def nothing(language: Language, listing: Listing, tz: ZoneInfo) -> str:
    """What an empty list says: `Nothing due. Next: Botica Norte, Thu 10:00.`"""
    upcoming = listing.upcoming
    task = upcoming.stored.task if upcoming else None
    empty = language.say(_NOTHING[listing.chosen])
    if task is None or task.due is None:
        return empty
    return language.say(
        "{nothing} Next: {title}, {due}.",
        nothing=empty,
        title=task.title.strip() or language.say(labels.NAMELESS),
        due=near(language, task.due, when.local_day(listing.as_of, tz), tz),
    )


def near(language: Language, due: Due, today: date, tz: ZoneInfo) -> str:
    """`Thu 10:00` for the days until this weekday comes again, else with the date."""
    day = when.due_day(due, tz)
    if not timedelta() < day - today < timedelta(days=7):
        return language.due(due, today, tz)
    weekday = language.weekday(day)
    return f"{weekday} {language.clock(due.at, tz)}" if due.at else weekday


def heading(language: Language, listing: Listing) -> str | None:
    """What stands above a list of other tasks than the reader's own by due."""
    if listing.chosen is Filter.FIND:
        return language.say("Open tasks with “{words}”", words=listing.look.words)
    return language.say("Tasks of {who}", who=listing.owner) if listing.owner else None


def list_text(language: Language, listing: Listing) -> str:
    """The list in one sentence, for a lock screen."""
    counts = ", ".join(_counted(language, part, total) for part, total in listing.totals)
    if listing.chosen is Filter.FIND:
        words = listing.look.words
        return language.say("Open tasks with “{words}”: {counts}.", words=words, counts=counts)
    if listing.owner:
        return language.say("Tasks of {who}: {counts}.", who=listing.owner, counts=counts)
    return language.say("Your tasks: {counts}.", counts=counts)


def ended(language: Language, done: str, at: str, who: str, *, own: bool) -> str:
    """How a task was finished, when, and by whom if that is known."""
    if own:
        return language.say("{done} by you, {time}", done=done, time=at)
    if who:
        return language.say("{done} by {who}, {time}", done=done, who=who, time=at)
    return language.say("{done}, {time}", done=done, time=at)


def back_at(language: Language, at: str) -> str:
    """When a task that was put off comes back."""
    return language.say("back at {time}", time=at)


def _counted(language: Language, section: Section, n: int) -> str:
    match section:
        case Section.OVERDUE:
            return language.count("{n} overdue", "{n} overdue", n)
        case Section.TODAY:
            return language.count("{n} today", "{n} today", n)
        case Section.WEEK:
            return language.count("{n} next 7 days", "{n} next 7 days", n)
        case Section.LATER:
            return language.count("{n} later", "{n} later", n)
        case Section.UNDATED:
            return language.count("{n} no date", "{n} no date", n)
        case Section.DONE:
            return language.count("{n} finished", "{n} finished", n)


def page_line(language: Language, page: int, pages: int, as_of: datetime, tz: ZoneInfo) -> str:
    """`‹ 1 of 2 ›  ·  as of 14:03`; a single page needs no number."""
    stand = language.say("as of {time}", time=language.clock(as_of, tz))
    if pages == 1:
        return stand
    number = language.say("‹ {page} of {pages} ›", page=page, pages=pages)
    return f"{number}{labels.DOT}{stand}"
