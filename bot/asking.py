"""Ask: put proposed links before the admins, and let what they see follow what was decided."""

from __future__ import annotations

import secrets

from bot.domain.linking import PROPOSED, full_name
from bot.domain.model import Whisper
from bot.ground import Ground
from bot.store import messages, people, proposals
from bot.store.database import Tx, to_ms
from bot.store.people import Link
from bot.store.proposals import LINKED, OVERTAKEN, Proposal
from bot.troubles import those_who_hear


def to_ask(tx: Tx, ground: Ground) -> list[tuple[Proposal, str]]:
    """The proposals that wait, each with whoever was not asked about it yet."""
    readers = those_who_hear(ground)
    return [one for one in proposals.not_asked(tx, readers) if one[0].connection in ground.live]


def ask(tx: Tx, ground: Ground) -> None:
    """Ask them."""
    for proposal, reader in to_ask(tx, ground):
        key = secrets.token_hex(12)
        if proposals.ask(tx, proposal.id, reader, key):
            question = _question(tx, ground, proposal)
            messages.add_notice(tx, reader, question, ground.clock.now(), key=key)


def _question(tx: Tx, ground: Ground, proposal: Proposal) -> Whisper:
    name, operator_id = proposal.connection, proposal.operator_id
    operator = people.operator(tx, name, operator_id)
    known = {
        "proposal": proposal.id,
        "provenance": proposal.provenance,
        "user": proposal.slack_user,
        "operator": full_name(operator_id, operator.name if operator else None),
        "connection": ground.connection(tx, name).title,
    }
    return Whisper(PROPOSED, {**known, **_standing(tx, proposal)})


def _standing(tx: Tx, proposal: Proposal) -> dict[str, str]:
    """What of a question changes."""
    link = people.link_of(tx, proposal.connection, proposal.operator_id)
    decided = to_ms(proposal.decided_at) if proposal.decided_at else ""
    return {
        "state": proposal.state,
        "holder": link.slack_user if link else "",
        "by": proposal.decided_by or "",
        "at": str(decided),
    }


def follow(tx: Tx, ground: Ground, proposal_id: str) -> None:
    """Let the messages that ask about a proposal show how it stands now."""
    proposal = proposals.find(tx, proposal_id)
    if proposal is not None:
        for key in proposals.asked(tx, proposal_id):
            messages.set_notice(tx, key, ground.clock.now(), _standing(tx, proposal))


def follow_all(tx: Tx, ground: Ground, connection: str, operator_id: str) -> None:
    """The same for all that still propose that operator."""
    for proposal in proposals.waiting_for(tx, connection, operator_id):
        follow(tx, ground, proposal.id)


def settle(tx: Tx, ground: Ground, link: Link) -> bool:
    """An operator was linked: whatever proposed that is decided, and who asked in vain hears it.
    Whether the one who is linked has asked for it."""
    asked = False
    for proposal in proposals.waiting_for(tx, link.connection, link.operator_id):
        own, self_made = proposal.slack_user == link.slack_user, proposal.provenance == "self"
        state = LINKED if own else OVERTAKEN
        proposals.decide(tx, proposal.id, state, link.actor, link.created_at)
        follow(tx, ground, proposal.id)
        asked |= own and self_made
        if self_made and not own:
            tell(tx, ground, proposal, "link_overtaken")
    return asked


def tell(tx: Tx, ground: Ground, proposal: Proposal, code: str, **more: str) -> None:
    """Say to whoever asked what has become of it."""
    known = named(tx, ground, proposal.connection, proposal.operator_id)
    notice = Whisper(code, {**known, **more})
    messages.add_notice(tx, proposal.slack_user, notice, ground.clock.now())


def named(tx: Tx, ground: Ground, connection: str, operator_id: str) -> dict[str, str]:
    """An operator, and where, as sentences name them."""
    operator = people.operator(tx, connection, operator_id)
    name = operator.name if operator and operator.name else operator_id
    return {"operator": name, "connection": ground.connection(tx, connection).title}
