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


FULL = Scale(tasks=10_000, rounds=3, clicks=2_000, starts=5, people=1_000)
QUICK = Scale(tasks=2_000, rounds=2, clicks=800, starts=2, people=1_000)
TINY = Scale(tasks=100, rounds=1, clicks=64, starts=1, people=60)
"""To see that a bench works at all."""
