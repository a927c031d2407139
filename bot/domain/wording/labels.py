"""What stands on buttons, in menus and above fields; and names inside sentences."""

from __future__ import annotations

from adapters.contract import Effect, Field, Outcome
from bot.domain.language import Language, msg
from bot.domain.wording import echoes

MORE = msg("More")
ANSWER = msg("Answer")
SEARCH = msg("Search an answer")
UNDO = msg("Undo")
OPEN = msg("Open")
WHY = msg("Why did I get this?")
RESCHEDULE = msg("Reschedule")
REASSIGN = msg("Reassign")
REASSIGN_TO = msg("Give it to")
COMMENT = msg("Comment")
CREATE_TASK = msg("Create task")
ASSIGNED_TO = msg("Assigned to")
NOTE = msg("Note")
NEW_DAY = msg("New date")
NEW_MOMENT = msg("New date and time")
SURE = msg("Are you sure?")
YES = msg("Yes")
NO = msg("No")
NAMELESS = msg("(no title)")
PREVIOUS = msg("‹ Previous")
NEXT = msg("Next ›")
REFRESH = msg("Refresh")
SHOW = msg("Show")
SEND = msg("Send")
CANCEL = msg("Cancel")
CHOOSE = msg("Choose")
FINISHED = msg("done")
REFUSED = msg("refused")

DOT = "  ·  "


def quoted(language: Language, label: str | None) -> str:
    """An outcome's name inside a sentence."""
    if not (label and label.strip()):
        return language.say("Your answer")
    return language.say("“{label}”", label=label)


_OUR_FIELDS = (ASSIGNED_TO, NOTE)
_OURS = (UNDO, RESCHEDULE, REASSIGN, COMMENT, CREATE_TASK)


def given(language: Language, label: str | None, effect: str = Effect.ANSWER) -> str | None:
    """An answer's name: the provider's own, or that of a change of ours."""
    return language.say(label) if effect != Effect.ANSWER and label in _OURS else label


def outcome(language: Language, offered: Outcome) -> str:
    """The provider's label, its code where there is none; or that of a change of ours."""
    label = given(language, offered.label, offered.effect)
    return label if label and label.strip() else offered.code


def field(language: Language, offered: Outcome, asked: Field) -> str:
    """What stands above a field."""
    if offered.effect is not Effect.ANSWER or asked.label in _OUR_FIELDS:
        return language.say(asked.label)
    return echoes.label(language, asked.label) if asked.label.strip() else asked.key


def sentence(text: str) -> str:
    """Somebody else's words as a sentence of ours."""
    words = text.strip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."
