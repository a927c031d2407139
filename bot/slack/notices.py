"""Messages that are one sentence of ours: summaries, alerts, whispers, help."""

from __future__ import annotations

from bot.domain.language import Language
from bot.domain.model import Whisper
from bot.domain.wording import notices
from bot.slack.blocks import Rendered, cut, escape, plain_section, rendered

_LONGEST = 3_000


def notice(text: str) -> Rendered:
    """Words of ours as a message: what they name stays uninterpreted."""
    return rendered(escape(cut(text, _LONGEST)), [plain_section(text)])


def notice_message(language: Language, told: Whisper) -> Rendered:
    """A message that stays: a summary for a person, or a word to the admins."""
    return notice(notices.notice(language, told))
