"""How everything is: what `/tasks admin` shows to admins."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import when
from bot.domain.overview import Account, Overview
from bot.domain.wording import home, team as wording
from bot.slack.blocks import Block, Rendered, context, cut, plain_section, rendered, spoken

_LINE, _CONNECTIONS = 600, 20
"""So many connections fit into a message, two blocks each; those with trouble come first."""


def admin_message(overview: Overview) -> Rendered:
    """Each connection, then what waits and what failed."""
    language = overview.reader.language
    troubled = sum(one.stand.trouble is not None for one in overview.accounts)
    text = wording.admin_text(language, len(overview.accounts), troubled)
    blocks = [plain_section(text)]
    ordered = sorted(overview.accounts, key=lambda one: one.stand.trouble is None)
    for account in ordered[:_CONNECTIONS]:
        blocks += _account(account, overview)
    waits = list(_waiting(overview))
    blocks.append(plain_section("\n".join(waits or [language.say(wording.ALL_WELL)])))
    return rendered(spoken(text), blocks)


def _account(account: Account, overview: Overview) -> list[Block]:
    language, tz = overview.reader.language, when.zone(overview.reader.timezone)
    stand, now = account.stand, overview.now
    lines = [home.health(language, stand, now, tz)]
    if stand.good_at is not None:
        lines.append(wording.next_poll(language, stand.good_at + stand.every, now, tz))
    if account.strangers:
        lines.append(wording.strangers(language, account.strangers))
    if account.disputed:
        lines.append(wording.disputed(language, account.disputed))
    if account.waiting:
        lines.append(wording.waiting(language, account.waiting))
    if account.refused:
        lines.append(wording.refused(language, account.refused))
    told = "\n".join(cut(line, _LINE) for line in lines)
    return [plain_section(told), context(wording.tasks_and_links(language, account))]


def _waiting(overview: Overview) -> Iterator[str]:
    language = overview.reader.language
    if overview.proposals:
        yield wording.proposals(language, overview.proposals)
    if overview.messages:
        yield wording.messages(language, overview.messages)
    if overview.undelivered:
        yield wording.undelivered(language, overview.undelivered)
