"""Find things by the beginnings of their words, whatever the case and the accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

FOUND = 90
"""No more are given: whoever sees so many types another letter."""


def matching(query: str, words: Mapping[str, str]) -> list[str]:
    """Those whose words begin with each of the words asked for, by name."""
    asked = split(query)
    return by_name({one: text for one, text in words.items() if begins(asked, text)})[:FOUND]


def begins(asked: Iterable[str], text: str) -> bool:
    """Whether each of the words asked for is the beginning of one."""
    present = split(text)
    return all(any(word.startswith(part) for word in present) for part in asked)


def by_name(names: Mapping[str, str]) -> list[str]:
    """The keys, in the order of what they are called."""
    return sorted(names, key=lambda one: folded(names[one]))


def split(text: str) -> list[str]:
    """The words of a text, as they are compared."""
    return re.findall(r"\w+", folded(text).replace("_", " "))


def folded(text: str) -> str:
    """Without case and accents: `México` is found by `mexico`."""
    parts = unicodedata.normalize("NFKD", text)
    if not parts.isascii():
        parts = "".join(part for part in parts if not unicodedata.combining(part))
    return parts.casefold()
