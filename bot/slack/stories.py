"""The story of a task as `/tasks why` shows it."""

from __future__ import annotations

from bot.domain import reasons
from bot.domain.language import Language
from bot.domain.phrases import Moment, Phrase
from bot.domain.wording import labels
from bot.slack.blocks import Block, Rendered, phrase_text, plain_section, rendered, rich_line, title
from bot.slack.desk import Story, Unclear
from bot.slack.notices import notice

_LINES = 15
"""So many events fit into a message, whatever stands in them; the newest tell most."""


def answer_message(language: Language, words: str, found: Story | Unclear) -> Rendered:
    """What to say to somebody who asked why."""
    if isinstance(found, Story):
        return story_message(found)
    if not words:
        return notice(language.say(reasons.WHICH))
    if not found.known:
        return notice(reasons.unknown_task(language, words))
    return notice(reasons.several(language, words, found.known, found.count))


def story_message(told: Story) -> Rendered:
    """What happened, how it stands, and what comes next."""
    newest = told.lines[-_LINES:]
    language, earlier = told.reader.language, len(told.lines) - len(newest)
    phrases: list[Phrase] = [(reasons.earlier(language, earlier),)] if earlier else []
    phrases += [(Moment(line.at, day=True), labels.DOT, *line.words) for line in newest]
    happened = [rich_line(phrase, told.reader) for phrase in phrases]
    blocks: list[Block] = [
        title(language, told.title),
        *(rich_line(phrase, told.reader) for phrase in told.why),
        *happened,
        plain_section(language.say(reasons.NOW)),
        *(rich_line(phrase, told.reader) for phrase in (*told.now, told.next)),
    ]
    return rendered(_text(told), blocks)


def _text(told: Story) -> str:
    """The story without what happened, which the blocks tell."""
    phrases = (*told.why, *told.now, told.next)
    return " ".join(phrase_text(phrase, told.reader) for phrase in phrases)
