"""Messages that are one sentence of ours: summaries, alerts, whispers, help."""

from __future__ import annotations

from bot.domain import wording
from bot.domain.model import Whisper
from bot.slack.blocks import Rendered, cut, escape, plain_section, rendered

_LONGEST = 3_000


def notice(text: str) -> Rendered:
    """Words of `wording` as a message: what they name stays uninterpreted."""
    return rendered(escape(cut(text, _LONGEST)), [plain_section(text)])


def whisper_message(told: Whisper) -> Rendered:
    """A private sentence to one person."""
    return notice(wording.whisper(told))
