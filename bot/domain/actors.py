"""Whoever a story speaks of, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.domain.language import Language
from bot.domain.phrases import Mention
from bot.domain.records import CLI, TASKBELL

SLACK_USER = re.compile(r"[UW][A-Z0-9]+")


def who(language: Language, actor: str) -> str | Mention:
    """Whoever did something."""
    if SLACK_USER.fullmatch(actor):
        return Mention(actor)
    if actor == CLI:
        return language.say("an admin at the command line")
    return "Taskbell" if actor == TASKBELL else actor


def place(language: Language, reader: str) -> str | Mention:
    """Who reads a card: a person, or a channel."""
    if SLACK_USER.fullmatch(reader):
        return Mention(reader)
    return language.say("the channel {channel}", channel=reader)


def operator_words(language: Language, operators: Mapping[str, str], ids: Iterable[str]) -> str:
    """`Carlos Ruiz, OP-7`, as `operators` calls them; nobody, where there are none."""
    return ", ".join(operators.get(one, one) for one in ids) or language.say("nobody")
