"""What App Home and the list in a view of its own say beside the list."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import when
from bot.domain.language import Language, msg
from bot.domain.overview import Stand

MY_TASKS = msg("My tasks")
NEW_TASK = msg("New task")
SETTINGS = msg("Settings")

_TROUBLES = {
    "unauthorized": msg("{connection} refuses the key since {time}. Put in a valid one."),
    "unavailable": msg("{connection} has not answered since {time}. I keep trying."),
    "malformed": msg("{connection} answers what I can't read since {time}. I keep trying."),
}


def health(language: Language, stand: Stand, now: datetime, tz: ZoneInfo) -> str:
    """How a connection is, in one line."""
    today, title = when.local_day(now, tz), stand.title
    if stand.trouble is not None:
        since = language.moment(stand.since or now, tz, today)
        sentence = _TROUBLES.get(stand.trouble, _TROUBLES["unavailable"])
        return f"🔴 {language.say(sentence, connection=title, time=since)}"
    if stand.good_at is None:
        return f"⏳ {language.say('{connection} has not been read yet.', connection=title)}"
    read = language.moment(stand.good_at, tz, today)
    every = round(stand.every.total_seconds())
    told = language.count(
        "{connection}: last read {time}, every {n} second",
        "{connection}: last read {time}, every {n} seconds",
        every,
        connection=title,
        time=read,
    )
    return f"✅ {told}"
