"""How everything is: what `/tasks admin` shows to admins."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import when
from bot.domain.overview import Account, Overview
from bot.domain.wording import echoes, home, team as wording
from bot.slack.blocks import Block, Rendered, context, cut, plain_section, rendered, spoken

CONNECTIONS = 20
"""So many fit into a message, two blocks each; those with trouble come first."""

_LINE = 600
# What all of them may hold together, of Slack's 13,000 characters.
_ROOM = 10_000


def admin_message(overview: Overview) -> Rendered:
    """Each connection, then what waits and what failed."""
    language = overview.reader.language
    troubled = sum(one.stand.trouble is not None for one in overview.accounts)
    text = wording.admin_text(language, len(overview.accounts), troubled)
    blocks = [plain_section(text)]
    ordered = sorted(overview.accounts, key=lambda one: one.stand.trouble is None)
    shown = ordered[:CONNECTIONS]
    for account in shown:
        blocks += _account(account, overview, _ROOM // len(shown))
    told = "\n".join(_waiting(overview)) or _all_well(overview)
    return rendered(spoken(text), [*blocks, plain_section(told)] if told else blocks)


def _all_well(overview: Overview) -> str:
    quiet = not any(one.waiting or one.refused for one in overview.accounts)
    return overview.reader.language.say(wording.ALL_WELL) if quiet else ""


def _account(account: Account, overview: Overview, room: int) -> list[Block]:
    language, tz = overview.reader.language, when.zone(overview.reader.timezone)
    stand, now = account.stand, overview.now
    lines = [home.health(language, stand, now, tz)]
    if stand.good_at is not None and stand.trouble is None:
        lines.append(wording.next_poll(language, stand.good_at + stand.every, now, tz))
    if stand.gap:
        lines.append(f"⚠️ {echoes.echo(language, stand.gap)}")
    if account.strangers:
        lines.append(wording.strangers(language, account.strangers))
    if account.disputed:
        lines.append(wording.disputed(language, account.disputed))
    if account.waiting:
        lines.append(wording.waiting(language, account.waiting))
    if account.refused:
        lines.append(wording.refused(language, account.refused))
    told = "\n".join(cut(line, _LINE) for line in lines)
    return [plain_section(cut(told, room)), context(wording.tasks_and_links(language, account))]


def _waiting(overview: Overview) -> Iterator[str]:
    language = overview.reader.language
    if overview.proposals:
        yield wording.proposals(language, overview.proposals)
    if overview.messages:
        yield wording.messages(language, overview.messages)
    if overview.undelivered:
        yield wording.undelivered(language, overview.undelivered)
