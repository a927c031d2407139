"""What stands in buttons and menus, and how it is read back: the one place that knows both.

Everything in them is opaque and short; whoever reads a value treats it as untrusted.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from adapters.contract import Outcome
from bot.domain.lists import Filter, Look
from bot.domain.model import token_of
from bot.domain.snoozing import Snooze

ANSWER_BUTTON = "answer.button"
ANSWER_MENU = "answer.menu"
ANSWER_SEARCH = "answer.search"
"""An external select: Bolt's `options` listener serves it, `read_block_id` tells of which task."""

CHANGE_BUTTON = "change.button"
CHANGE_MENU = "change.menu"
"""What else can be done with a task; in the menu, the link to the provider has the value OPEN, and
the question why the card came that of `why_value`."""

ANSWER = re.compile(r"^(?:answer\.(?:button\.\d+|menu|search)|change\.(?:button|menu))$")
"""Every click that answers a task or changes it: value or selected option hold `answer_value`."""

UNDO = "undo"
"""A button; its value is the submission's id."""
OPEN = "open"
"""A link to the provider: Slack reports the click all the same, and it needs only an ack."""

LIST_PAGE = re.compile(r"^list\.(?:previous|next|(?:later|filter)\.[a-z]{1,20})$")
LIST_PREVIOUS = "list.previous"
LIST_NEXT = "list.next"
LIST_LATER = "list.later."
LIST_FILTER = "list.filter."
"""Prefixes: to the page where that section begins, and to the list of that filter."""
LIST_REFRESH = "list.refresh"
"""The value of them all is `look_value`."""

LIST_SHOW = "list.show"
"""The same for a list that comes as a message of its own, below the one with the button."""

LIST_MODAL = "list.view"
MY_TASKS_SHORTCUT = "my_tasks"
"""The shortcut that brings the list in a view of its own, as the manifest names it."""
NEW_TASK = "create.open"
"""A button, wherever it stands, that opens the form of a new task."""

SEEN_TO = "seen_to"
"""A button; its value is a task's key."""

SNOOZE = "snooze"
"""A menu, whose options have the value of `snooze_value`; any other menu of a task may have them,
too."""
WAKE = "snooze.wake"
"""A button; its value is the task's key."""

ANSWER_MODAL = "answer.form"
SNOOZE_MODAL = "snooze.form"

CREATE_MODAL = "create.form"
CREATE_WHERE = "create.where"
CREATE_SUBJECT = "create.subject"
"""A select whose choice changes the form, and an external one."""
CREATE_SHORTCUT = "create_task"
"""The shortcut at a message, as the manifest names it."""

LINK = "link"
"""A button, wherever it stands, that opens the form of a request; its value may be a connection."""
LINK_MODAL = "link.form"
LINK_WHERE = "link.where"
LINK_OPERATOR = "link.operator"
"""A select whose choice changes the form, and an external one."""
LINK_APPROVE = "link.approve"
LINK_REFUSE = "link.refuse"
"""Buttons; their value is `decision_value`."""
UNLINK = "unlink"
"""A button; its value is `operator_value`."""

SETTINGS = "settings"
"""A button, wherever it stands, that opens the form of one's settings."""
SETTINGS_MODAL = "settings.form"
SETTINGS_RESET = "settings.reset"
SETTINGS_ZONE = "settings.zone"
SETTINGS_COUNTRY = "settings.country"
"""External selects."""

_ANSWER_VALUE = re.compile(r"([0-9A-Za-z_-]{1,64}):([0-9a-f]{1,32}):([fs])")
_DECISION = re.compile(r"([0-9a-z]{1,32}):([0-9A-Z]{0,32})")
_WHY_VALUE = re.compile(r"why:([0-9A-Za-z_-]{1,64})")
_SNOOZE_VALUE = re.compile(r"snooze:([0-9A-Za-z_-]{1,64}):([a-z_]{1,20})")
_LOOK = r"[a-z]{1,20}:[0-9]{1,6}(?::[0-9A-Z]{0,30}:[0-9A-Za-z_-]{0,140})?"
_BLOCK_ID = re.compile(rf"task:([0-9A-Za-z_-]{{1,64}})(?::[0-9a-f]*(?::({_LOOK}))?)?")
_LOOK_VALUE = re.compile(_LOOK)


@dataclass(frozen=True, slots=True)
class Pressed:
    """An outcome that was chosen on a task. `form`: it asks for something before it is sent."""

    task_key: str
    token: str
    form: bool


def answer_value(task_key: str, outcome: Outcome) -> str:
    """The value of a button or option; it tells whether a form is needed, since the listener
    must know that before it has looked at anything stored."""
    return f"{task_key}:{token_of(outcome)}:{'f' if outcome.asks else 's'}"


def read_answer_value(value: str) -> Pressed | None:
    """What `answer_value` wrote; None for anything else."""
    match = _ANSWER_VALUE.fullmatch(value)
    return Pressed(match[1], match[2], match[3] == "f") if match else None


def why_value(task_key: str) -> str:
    """The value of the question why this task's card came."""
    return f"why:{task_key}"


def read_why_value(value: str) -> str | None:
    """The task key of `why_value`; None for anything else."""
    match = _WHY_VALUE.fullmatch(value)
    return match[1] if match else None


def snooze_value(task_key: str, choice: Snooze) -> str:
    """The value of an option that puts a task off."""
    return f"snooze:{task_key}:{choice.value}"


def read_snooze_value(value: str) -> tuple[str, Snooze] | None:
    """The task key and the choice of `snooze_value`; None for anything else."""
    match = _SNOOZE_VALUE.fullmatch(value)
    known = {choice.value: choice for choice in Snooze}
    return (match[1], known[match[2]]) if match and match[2] in known else None


def decision_value(proposal: str, holder: str) -> str:
    """The value of a decision about a proposed link; `holder`: who is linked now, as is seen."""
    return f"{proposal}:{holder}"


def read_decision(value: str) -> tuple[str, str] | None:
    """The proposal and the holder of `decision_value`; None for anything else."""
    match = _DECISION.fullmatch(value)
    return (match[1], match[2]) if match else None


def operator_value(connection: str, operator_id: str) -> str:
    """An operator of a connection."""
    return json.dumps([connection, operator_id])


def read_operator(value: str) -> tuple[str, str] | None:
    """What `operator_value` wrote; None for anything else."""
    try:
        match json.loads(value):
            case [str(connection), str(operator_id)]:
                return connection, operator_id
    except ValueError:
        pass
    return None


def button_id(position: int) -> str:
    """The action id of the answer button at that place, unique within its block."""
    return f"{ANSWER_BUTTON}.{position}"


def block_id(task_key: str, shown: object = None, look: Look | None = None) -> str:
    """The id of a block with a task's answers. `shown` is what happened to the task lately: a
    select keeps the person's last choice, and stays mute when it is chosen again, for as long as
    its block keeps its id, so that after a refusal the id must be another one. `look`: the page of
    the list whose row this is, because a click in a private message doesn't bring the message."""
    lately = "" if shown is None else blake2b(repr(shown).encode(), digest_size=4).hexdigest()
    if look is not None:
        return f"task:{task_key}:{lately}:{look_value(look)}"
    return f"task:{task_key}:{lately}" if lately else f"task:{task_key}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer was chosen: on a card, or on a page of a list."""

    task_key: str
    look: Look | None = None


def read_block_id(value: str) -> Place | None:
    """What `block_id` wrote; None for anything else."""
    match = _BLOCK_ID.fullmatch(value)
    return Place(match[1], read_look(match[2] or "")) if match else None


def place_of(value: str) -> dict[str, str | int]:
    """What an intent keeps of the list in which somebody clicked; `value`: the block's id."""
    place = read_block_id(value)
    return look_fields(place.look) if place is not None and place.look is not None else {}


def look_value(look: Look) -> str:
    """Which page of which list a button asks for."""
    value = f"{look.chosen.value}:{look.page}"
    if not (look.words or look.whose):
        return value
    words = urlsafe_b64encode(look.words.encode()).decode().rstrip("=")
    return f"{value}:{look.whose or ''}:{words}"


def read_look(value: str) -> Look | None:
    """What `look_value` wrote; None for anything else."""
    known = {chosen.value: chosen for chosen in Filter}
    if not _LOOK_VALUE.fullmatch(value):
        return None
    chosen, page, whose, words = (*value.split(":"), "", "")[:4]
    if chosen not in known:
        return None
    try:
        found = urlsafe_b64decode(f"{words}{'=' * (-len(words) % 4)}").decode()
    except ValueError:
        return None
    return Look(known[chosen], int(page), found, whose or None)


def look_fields(look: Look) -> dict[str, str | int]:
    """The page of a list as intents keep it; `look_of` reads it."""
    fields: dict[str, str | int] = {"filter": look.chosen.value, "page": look.page}
    more = {"words": look.words, "whose": look.whose or ""}
    return fields | {name: value for name, value in more.items() if value}


def look_of(fields: Mapping[str, object]) -> Look:
    """What `look_fields` kept."""
    page, whose = int(str(fields["page"])), fields.get("whose")
    words = str(fields.get("words") or "")
    return Look(Filter(str(fields["filter"])), page, words, str(whose) if whose else None)
