"""Keep: what somebody clicks before they are linked is carried out once they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from adapters.contract import Outcome
from bot.domain.answering import decide
from bot.domain.linking import KEPT, its_turn, worth_keeping
from bot.domain.model import StoredTask, Whisper
from bot.domain.records import TASKBELL
from bot.ground import Ground
from bot.store import kept_clicks, messages, people, proposals, submissions, tasks
from bot.store.database import Tx
from bot.store.kept_clicks import KeptClick
from bot.store.people import Link
from bot.store.submissions import Intent

_MARK = "kept"
"""In the body of an intent that was kept."""


def refused(
    tx: Tx, ground: Ground, intent: Intent, stored: StoredTask, refusal: Whisper
) -> Whisper:
    """What to say to somebody whose answer is refused. Where they are only not linked yet, it is
    kept."""
    if refusal.code != "unlinked" or _MARK in intent.body:
        return refusal
    known = {**refusal.params, "where": stored.connection}
    actor = ground.actor(tx, intent.slack_user, stored.connection)
    as_if_allowed = decide(
        stored,
        ground.connection(tx, stored.connection),
        str(intent.body["outcome"]),
        replace(actor, oversees=True),
        submissions.newest(tx, stored.connection, stored.task.id),
        ground.rules.undo,
        intent.received_at,
    )
    if not worth_keeping(as_if_allowed):
        return Whisper(refusal.code, known)
    click = KeptClick(
        connection=stored.connection,
        task_id=stored.task.id,
        slack_user=intent.slack_user,
        key=intent.key,
        body={name: intent.body[name] for name in ("task", "outcome")},
        clicked_at=intent.received_at,
        channel=intent.channel,
    )
    kept_clicks.keep(tx, click)
    return Whisper("unlinked_kept", known)


def carry_out(tx: Tx, ground: Ground, link: Link) -> None:
    """Somebody is linked: take what they clicked before as if they clicked it now."""
    now = ground.clock.now()
    asking = any(
        one.connection == link.connection for one in proposals.waiting_of(tx, link.slack_user)
    )
    for click in kept_clicks.of_user(tx, link.connection, link.slack_user):
        stored = tasks.find(tx, click.connection, click.task_id)
        theirs = stored is not None and link.operator_id in {o.id for o in stored.task.operators}
        turn = its_turn(theirs=theirs, asking=asking, clicked_at=click.clicked_at, now=now)
        if turn and kept_clicks.take(tx, click):
            submissions.add_intent(tx, _intent(click, now))


def _intent(click: KeptClick, now: datetime) -> Intent:
    return Intent(
        key=f"{_MARK}:{click.key}",
        kind="answer",
        slack_user=click.slack_user,
        body={**click.body, _MARK: True},
        received_at=now,
        channel=click.channel,
    )


def tell_sent(tx: Tx, ground: Ground, intent: Intent, stored: StoredTask, outcome: Outcome) -> None:
    """A click that was kept is on its way: tell whoever made it, who has long looked away."""
    known = {
        "title": stored.task.title,
        "connection": ground.connection(tx, stored.connection).title,
        "label": outcome.label,
        "effect": outcome.effect.value,
    }
    _tell(tx, ground, intent, Whisper("kept_sent", known))


def tell_refused(tx: Tx, ground: Ground, intent: Intent, why: Whisper) -> bool:
    """The same where it could not be done; False for a click that was not kept."""
    known = {"connection": "", **why.params, "why": why.code}
    return _tell(tx, ground, intent, Whisper("kept_refused", known))


def _tell(tx: Tx, ground: Ground, intent: Intent, notice: Whisper) -> bool:
    kept = _MARK in intent.body
    if kept:
        messages.add_notice(tx, intent.slack_user, notice, ground.clock.now())
    return kept


def drop(tx: Tx, ground: Ground, connection: str, slack_user: str) -> int:
    """Keep nothing more of somebody at a connection; how many clicks those were."""
    kept = kept_clicks.of_user(tx, connection, slack_user)
    for click in kept:
        _forget(tx, click, ground.clock.now())
    return len(kept)


def tidy(tx: Tx, now: datetime) -> None:
    """Forget the clicks that were kept for long enough."""
    for click in kept_clicks.before(tx, now - KEPT):
        _forget(tx, click, now)


def _forget(tx: Tx, click: KeptClick, now: datetime) -> None:
    if kept_clicks.take(tx, click):
        detail = {"slack_user": click.slack_user}
        people.audit(tx, now, TASKBELL, "click forgotten", click.connection, click.task_id, detail)
