"""Overview: what those may see who look after others, and who may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from adapters.contract import Due
from bot.domain.creating import may_create
from bot.domain.overview import (
    Account,
    Overview,
    Rights,
    Stand,
    Stranger,
    Team,
    burdened,
)
from bot.ground import Ground
from bot.store import backlog, connections, listed, people, proposals
from bot.store.backlog import Backlog, Waiting
from bot.store.connections import PollState
from bot.store.database import Row, Tx
from bot.store.proposals import Proposal

LATELY = timedelta(days=1)
"""For how long what failed is counted."""


def rights(ground: Ground, tx: Tx, slack_user: str) -> Rights:
    """What somebody may ask for."""
    creates = any(
        may_create(ground.connection(tx, name), ground.actor(tx, slack_user, name))
        for name in ground.live
    )
    rules = ground.rules
    return Rights(rules.oversees(slack_user), slack_user in rules.admins, creates)


def team(ground: Ground, tx: Tx, slack_user: str) -> Team | None:
    """How much waits for whom; None for those who oversee nobody."""
    if not ground.rules.oversees(slack_user):
        return None
    dues: dict[str, list[Due | None]] = {one.slack_user: [] for one in people.links(tx)}
    for burden in listed.burdens(tx):
        dues[burden.slack_user].append(burden.due)
    known = {user: ground.person(tx, user) for user in dues}
    zones = {user: person.timezone for user, person in known.items()}
    members = burdened(dues, zones, ground.clock.now())
    unclaimed = listed.unclaimed(tx)
    nobody = sum(n for name, n in unclaimed.items() if name in ground.live)
    names = {user: person.name for user, person in known.items() if person.name}
    return Team(members, nobody, ground.person(tx, slack_user), names)


def connections_now(ground: Ground, tx: Tx) -> tuple[Stand, ...]:
    """How each connection is."""
    return tuple(_stand(ground, state) for state in _states(ground, tx))


class _Facts(NamedTuple):
    """What is read once for all connections."""

    open: Mapping[str, int]
    unlinked: Sequence[Row]
    asked: Sequence[Proposal]
    backlog: Backlog
    failed: Counter[str | None]


def admin(ground: Ground, tx: Tx, slack_user: str) -> Overview | None:
    """How everything is; None for whoever is no admin."""
    if slack_user not in ground.rules.admins:
        return None
    now = ground.clock.now()
    facts = _Facts(
        listed.open_by_connection(tx),
        people.unlinked(tx),
        [one for one in proposals.waiting(tx) if one.connection in ground.live],
        backlog.backlog(tx, now),
        backlog.failed_since(tx, now - LATELY),
    )
    return Overview(
        accounts=tuple(_account(ground, tx, state, facts) for state in _states(ground, tx)),
        proposals=len(facts.asked),
        messages=facts.backlog.deliveries.count,
        undelivered=facts.failed[None],
        now=now,
        reader=ground.person(tx, slack_user),
    )


def _states(ground: Ground, tx: Tx) -> list[PollState]:
    found = [state for state in connections.states(tx) if state.name in ground.live]
    return [ground.quiet.seen(state) for state in found]


def _stand(ground: Ground, state: PollState) -> Stand:
    live = ground.live[state.name]
    return Stand(
        live.title, state.good_at, live.poll_interval, state.trouble, state.trouble_since, state.gap
    )


def _account(ground: Ground, tx: Tx, state: PollState, facts: _Facts) -> Account:
    name = state.name
    asked = Counter(one.operator_id for one in facts.asked if one.connection == name)
    disputed = [operator for operator, number in asked.items() if number > 1]
    names = people.names(tx, name, disputed)
    return Account(
        stand=_stand(ground, state),
        open=facts.open.get(name, 0),
        linked=len(people.linked_operators(tx, name)),
        strangers=tuple(
            Stranger(row["name"] or row["operator_id"], row["tasks"])
            for row in facts.unlinked
            if row["connection"] == name
        ),
        disputed=tuple(names.get(one, one) for one in disputed),
        waiting=facts.backlog.submissions.get(name, Waiting()).count,
        refused=facts.failed[name],
    )
