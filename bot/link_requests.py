"""Requests: somebody asks to be linked or unlinked, and an admin decides about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog

from bot import asking, keeping
from bot.domain.linking import Offered, Step, first_step, may_decide, offered
from bot.domain.model import Whisper
from bot.ground import Ground
from bot.linking import Directory, add_link, remove_link
from bot.slack.client import Profile, SlackTrouble
from bot.slack.desk import LinkForm, OwnLink, OwnLinks
from bot.store import messages, people, proposals
from bot.store.database import Tx
from bot.store.people import Link
from bot.store.proposals import NEW, OPEN, REFUSED, Proposal
from bot.store.submissions import Intent
from bot.troubles import those_who_hear

LOOK_SECONDS = 5.0
"""How long Slack may take to tell whose an address is, before the admins are asked."""

log = structlog.get_logger(__name__)


def ask(ground: Ground, tx: Tx, intent: Intent) -> None:
    """Somebody asks to be an operator: link them, or see to it that somebody decides."""
    name, operator_id = _meant(intent)
    said = _ask(ground, tx, intent, name, operator_id) if name in ground.live else None
    if said is not None:
        _whisper(ground, tx, intent, said, name, operator_id)


def _ask(ground: Ground, tx: Tx, intent: Intent, name: str, operator_id: str) -> Whisper | None:
    user, now = intent.slack_user, ground.clock.now()
    holder = people.link_of(tx, name, operator_id)
    step = first_step(
        user,
        people.operator(tx, name, operator_id),
        holder.slack_user if holder else None,
        admin=user in ground.rules.admins,
        by_email=ground.rules.link_by_email,
        refused_by=proposals.refused_by(tx, name, operator_id, user),
        waiting=len(proposals.waiting_of(tx, user)),
    )
    if isinstance(step, Whisper):
        return step
    people.see_person(tx, user)
    state = OPEN if step is Step.ASK else NEW
    if proposals.add(tx, name, operator_id, user, "self", state, now, intent.channel):
        people.audit(tx, now, user, "link asked", name, operator_id)
    if step is Step.LINK:
        add_link(tx, ground, Link(name, operator_id, user, "admin", user, now))
    return _asked(ground) if step is Step.ASK else None


def _asked(ground: Ground) -> Whisper:
    return Whisper("link_asked" if those_who_hear(ground) else "link_asked_nobody")


def approve(ground: Ground, tx: Tx, intent: Intent) -> None:
    """An admin agrees: make the link, in the place of the one that they saw in its way."""
    proposal = _to_decide(ground, tx, intent)
    if proposal is None:
        return
    name, operator_id, admin = proposal.connection, proposal.operator_id, intent.slack_user
    before = remove_link(tx, ground, name, operator_id, admin)
    if before is not None:
        known = asking.named(tx, ground, name, operator_id)
        notice = Whisper("link_ended", known)
        messages.add_notice(tx, before.slack_user, notice, ground.clock.now())
    now = ground.clock.now()
    link = Link(name, operator_id, proposal.slack_user, proposal.provenance, admin, now)
    add_link(tx, ground, link)


def refuse(ground: Ground, tx: Tx, intent: Intent) -> None:
    """An admin does not agree: whoever has asked hears it."""
    proposal = _to_decide(ground, tx, intent)
    if proposal is None:
        return
    now, name, user = ground.clock.now(), proposal.connection, proposal.slack_user
    proposals.decide(tx, proposal.id, REFUSED, intent.slack_user, now)
    people.audit(
        tx, now, intent.slack_user, "link refused", name, proposal.operator_id, {"slack_user": user}
    )
    asking.follow(tx, ground, proposal.id)
    if proposal.provenance == "self":
        still = any(one.connection == name for one in proposals.waiting_of(tx, user))
        dropped = 0 if still else keeping.drop(tx, ground, name, user)
        asking.tell(tx, ground, proposal, "link_refused", dropped=str(dropped))


def _to_decide(ground: Ground, tx: Tx, intent: Intent) -> Proposal | None:
    """The proposal about which an admin may decide now; None when they are told why not."""
    body: dict[str, Any] = dict(intent.body)
    proposal = proposals.find(tx, str(body["proposal"]))
    if proposal is None:
        return None
    link = people.link_of(tx, proposal.connection, proposal.operator_id)
    refused = may_decide(
        admin=intent.slack_user in ground.rules.admins,
        waits=proposal.state == OPEN and proposal.connection in ground.live,
        holder=link.slack_user if link else None,
        shown=str(body["holder"]) or None,
    )
    if refused is None:
        return proposal
    asking.follow(tx, ground, proposal.id)
    _whisper(ground, tx, intent, refused, proposal.connection, proposal.operator_id)
    return None


def unlink(ground: Ground, tx: Tx, intent: Intent) -> None:
    """Somebody gives up being an operator."""
    name, operator_id = _meant(intent)
    link = people.link_of(tx, name, operator_id)
    theirs = link is not None and link.slack_user == intent.slack_user
    if theirs:
        remove_link(tx, ground, name, operator_id, intent.slack_user)
    said = Whisper("link_removed" if theirs else "not_linked")
    _whisper(ground, tx, intent, said, name, operator_id)


def _meant(intent: Intent) -> tuple[str, str]:
    body: dict[str, Any] = dict(intent.body)
    return str(body["connection"]), str(body["operator"])


def _whisper(
    ground: Ground, tx: Tx, intent: Intent, said: Whisper, name: str, operator_id: str
) -> None:
    known = asking.named(tx, ground, name, operator_id)
    what = Whisper(said.code, {**known, **said.params})
    messages.add_whisper(tx, intent.slack_user, intent.channel, what, ground.clock.now())


class LinkRequests:
    """Finds out what addresses tell of requests, and puts the others before the admins."""

    def __init__(self, ground: Ground, slack: Directory, changed: Callable[[], None]) -> None:
        self._ground = ground
        self._slack = slack
        self._changed = changed

    async def work(self) -> datetime | None:
        """See to all that waits; new requests wake it."""
        for proposal in await self._ground.db.read(proposals.waiting):
            if proposal.state == NEW:
                await self._look(proposal)
        if await self._ground.db.read(lambda tx: asking.to_ask(tx, self._ground)):
            await self._ground.db.write(lambda tx: asking.ask(tx, self._ground))
            self._changed()
        return None

    async def _look(self, proposal: Proposal) -> None:
        profile = await self._whose(proposal)
        await self._ground.db.write(lambda tx: self._looked(tx, proposal, profile))
        self._changed()

    async def _whose(self, proposal: Proposal) -> Profile | None:
        """Who has the operator's address; nobody, where Slack does not say."""
        operator = await self._ground.db.read(
            lambda tx: people.operator(tx, proposal.connection, proposal.operator_id)
        )
        address = (operator.email or "").strip() if operator else ""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._slack.profile_by_email(address) if address else None
        except (SlackTrouble, TimeoutError) as trouble:
            log.warning("address not looked up", error=str(trouble))
            return None

    def _looked(self, tx: Tx, proposal: Proposal, profile: Profile | None) -> None:
        if not proposals.open_it(tx, proposal.id):
            return
        ground, now = self._ground, self._ground.clock.now()
        name, operator_id, user = proposal.connection, proposal.operator_id, proposal.slack_user
        if profile is not None and profile.usable and profile.id == user:
            add_link(tx, ground, Link(name, operator_id, user, "email", "taskbell", now))
        else:
            known = asking.named(tx, ground, name, operator_id)
            said = Whisper(_asked(ground).code, known)
            messages.add_whisper(tx, user, proposal.channel, said, now)


def form(ground: Ground, tx: Tx, slack_user: str, where: str) -> LinkForm | None:
    """What to ask somebody who wants to be linked: at that connection, else at the first at which
    they are nobody yet. None where there is no connection."""
    titles = {name: live.title for name, live in ground.live.items()}
    if not titles:
        return None
    missing = own_links(ground, tx, slack_user).missing
    chosen = where if where in titles else next(iter(missing or titles))
    admin = slack_user in ground.rules.admins
    return LinkForm(ground.person(tx, slack_user), titles, chosen, admin)


def found(
    ground: Ground, tx: Tx, slack_user: str, where: str, typed: str
) -> Sequence[tuple[Offered, str | None]]:
    """The operators for what was typed, each with who is linked to them: only admins see who."""
    if where not in ground.live:
        return ()
    operators = people.operators(tx, where)
    holders = people.linked_users(tx, where, (one.id for one in operators))
    admin = slack_user in ground.rules.admins
    return [
        (one, _called(ground, tx, one.holder) if admin and one.holder else None)
        for one in offered(operators, holders, typed)
    ]


def _called(ground: Ground, tx: Tx, slack_user: str) -> str:
    return ground.person(tx, slack_user).name or slack_user


def _named(ground: Ground, tx: Tx, link: Link) -> dict[str, str]:
    return asking.named(tx, ground, link.connection, link.operator_id)


def own_links(ground: Ground, tx: Tx, slack_user: str) -> OwnLinks:
    """Whom somebody is linked to, and at which connections they are nobody yet."""
    links = tuple(
        OwnLink(one.connection, one.operator_id, **_named(ground, tx, one))
        for one in people.links_of_user(tx, slack_user)
    )
    mine = {link.where for link in links}
    missing = {name: live.title for name, live in ground.live.items() if name not in mine}
    return OwnLinks(ground.person(tx, slack_user), links, missing)
