"""How often each method may be called, in one table.

Slack names tiers ("50 and more a minute") and forgives bursts of unknown size; here a tier is its
number, and may be spent at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Budget:
    """So many calls a minute in the long run, and so many at once."""

    per_minute: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one method may be called: by the app in the workspace, and for each channel."""

    workspace: Budget
    channel: Budget | None = None
    why: str = ""


def _tier(number: int, per_minute: int) -> Allowance:
    return Allowance(Budget(per_minute, per_minute), why=f"tier {number}")


_TIER_2, _TIER_3, _TIER_4 = _tier(2, 20), _tier(3, 50), _tier(4, 100)

BUDGETS: Mapping[str, Allowance] = MappingProxyType(
    {
        "apps.connections.open": _TIER_3,
        "auth.test": Allowance(Budget(600, 600), why="special: hundreds a minute"),
        "chat.delete": _TIER_3,
        "chat.postEphemeral": _TIER_4,
        "chat.postMessage": Allowance(
            Budget(300, 20),
            Budget(60, 4),
            why="special: one a second and channel, several hundred a minute and workspace; "
            "short bursts pass, how long is not told",
        ),
        "chat.update": _TIER_3,
        "conversations.history": _TIER_3,
        "conversations.info": _TIER_3,
        "conversations.open": _TIER_3,
        "users.info": _TIER_4,
        "users.list": _TIER_2,
        "users.lookupByEmail": _TIER_3,
        "views.open": _TIER_4,
        "views.publish": _TIER_4,
        "views.push": _TIER_4,
        "views.update": _TIER_4,
    }
)
