"""What a bench found, and the table that tells it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `floor` is what the figure is compared with, measured in the same
    run; `target` in words, `met` whether the figure meets it; None: told for information."""

    name: str
    figure: str
    floor: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "pass" if self.met else "FAIL"


_HEAD = Figure("bench", "figure", "floor", "ratio", "target")
_WIDTHS = (58, 16, 16, 8, 10)


def line(found: Figure) -> str:
    """One line of the table."""
    texts = (found.name, found.figure, found.floor, found.ratio, found.target)
    cells = [f"{text:<{width}}" for text, width in zip(texts, _WIDTHS, strict=True)]
    return " ".join((*cells, found.verdict)).rstrip()


def head() -> str:
    """The first lines of the table."""
    return f"{line(_HEAD)}\n{'-' * (sum(_WIDTHS) + len(_WIDTHS) + 4)}"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def at_most(name: str, value: float, floor: float, limit: float, unit: str) -> Figure:
    """A figure that must be at most `limit` times its floor."""
    ratio = value / floor
    return Figure(
        name,
        f"{value:,.1f} {unit}",
        f"{floor:,.1f} {unit}",
        f"{ratio:.2f}",
        f"<= {limit:g}x",
        ratio <= limit,
    )


def bounded(name: str, value: float, limit: float, unit: str) -> Figure:
    """A figure that must be at most `limit` as it is."""
    text = f"{value:,.2f} {unit}" if limit < 10 else f"{value:,.1f} {unit}"
    return Figure(name, text, target=f"<= {limit:g} {unit}", met=value <= limit)
