"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """`rounds`: of each comparison, floor and figure in turn."""

    tasks: int
    rounds: int
    clicks: int
    starts: int
    people: int
    looks: int
    """So often somebody looks at their tasks; no oftener than Slack's limits allow."""


FULL = Scale(tasks=10_000, rounds=3, clicks=2_000, starts=5, people=1_000, looks=100)
QUICK = Scale(tasks=2_000, rounds=2, clicks=800, starts=2, people=1_000, looks=40)
TINY = Scale(tasks=100, rounds=1, clicks=64, starts=1, people=60, looks=4)
"""To see that a bench works at all."""
