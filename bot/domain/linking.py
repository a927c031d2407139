"""Who may become whom: what is offered to those who ask, and what comes of a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from adapters.contract import Operator
from bot.domain.answering import Accepted
from bot.domain.model import Whisper
from bot.domain.searching import matching

ENOUGH = 5
"""So many requests of one person may wait for the admins."""

PROPOSED = "link_proposed"
"""The code of the notice that asks the admins, and tells what was decided."""

KEPT = timedelta(days=7)
"""How long a click is kept of somebody who is not linked."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An operator whom somebody may ask to be. `holder`: the Slack user who is linked to them."""

    id: str
    name: str
    holder: str | None = None


def offered(operators: Iterable[Operator], holders: Mapping[str, str], typed: str) -> list[Offered]:
    """The operators for what was typed, by name; those of the same name with their id."""
    present = [one for one in operators if one.active]
    shared = Counter((one.name or "").casefold() for one in present)
    named = {
        one.id: full_name(one.id, one.name) if shared[(one.name or "").casefold()] > 1
        else one.name or one.id
        for one in present
    }  # fmt: skip
    found = matching(typed, {key: f"{name} {key}" for key, name in named.items()})
    return [Offered(key, named[key], holders.get(key)) for key in found]


def full_name(operator_id: str, name: str | None) -> str:
    """`Ana Ruiz (OP-042)`."""
    return f"{name} ({operator_id})" if name else operator_id


class Step(StrEnum):
    """What is done first about a request: link at once, ask Slack for the operator's address, or
    ask the admins."""

    LINK = "link"
    LOOK = "look"
    ASK = "ask"


def first_step(
    asker: str,
    operator: Operator | None,
    holder: str | None,
    *,
    admin: bool,
    by_email: str,
    refused_by: Collection[str],
    waiting: int,
) -> Step | Whisper:
    """What to do about somebody's wish to be an operator, or the sentence why nothing is done.

    `holder`: who is linked to them now. `by_email`: what the settings say. `refused_by`: who has
    refused or undone this very link before. `waiting`: how many requests of theirs wait.
    """
    if operator is None or not operator.active:
        return Whisper("operator_gone")
    if holder == asker:
        return Whisper("already_linked")
    if holder is None and admin:
        return Step.LINK
    if waiting >= ENOUGH:
        return Whisper("asked_enough")
    vouched = bool((operator.email or "").strip())
    trusted = by_email == "auto" and not set(refused_by) - {asker}
    return Step.LOOK if holder is None and vouched and trusted else Step.ASK


def may_decide(
    *, admin: bool, waits: bool, holder: str | None, shown: str | None
) -> Whisper | None:
    """None where somebody may decide about a proposed link now, else the sentence why not.
    `shown`: who was linked to the operator as far as they saw, `holder`: who is."""
    if not admin:
        return Whisper("admins_only")
    if not waits:
        return Whisper("link_decided")
    return None if holder == shown else Whisper("link_changed")


def worth_keeping(as_if_allowed: Accepted | Whisper) -> bool:
    """Whether a click of somebody who may not answer yet can be carried out later: nothing but the
    link is missing, and no form."""
    return isinstance(as_if_allowed, Accepted) and not as_if_allowed.outcome.asks


def its_turn(*, theirs: bool, asking: bool, clicked_at: datetime, now: datetime) -> bool:
    """Whether to carry out a kept click, now that somebody is linked. `theirs`: the task is of the
    operator who they are now; else it waits while they are still `asking` to be another."""
    return now - clicked_at < KEPT and (theirs or not asking)
