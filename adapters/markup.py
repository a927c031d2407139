"""HTML descriptions as plain text."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser

LONGEST_READ = 20_000
"""Characters of a description that are looked at: pictures can be part of the text."""

_CHUNK = 1_000
"""Characters that are read together; of a short text, all. Only short ones are kept."""
_KEPT = 16_384
"""Short texts whose reading is remembered: a listing brings the same ones at every poll."""

_SILENT = frozenset({"script", "style", "title", "template"})
_WITHIN_WORDS = frozenset({"a", "b", "em", "font", "i", "mark", "s", "span", "strong", "sub", "u"})
"""Elements that do not part words; all others stand on their own."""


def plain_text(html: str, longest: int) -> str:
    """The readable text on one line, cut to `longest` characters."""
    if "<" not in html and "&" not in html:
        return _cut(" ".join(html[:LONGEST_READ].split()), longest)
    return (_read_again if len(html) <= _CHUNK else _read)(html, longest)


def _read(html: str, longest: int) -> str:
    reader = _Reader()
    for start in range(0, min(len(html), LONGEST_READ), _CHUNK):
        reader.feed(html[start : start + _CHUNK])
        if len(reader.line()) > longest:
            break
    else:
        if len(html) <= LONGEST_READ:
            reader.close()
    return _cut(reader.line(), longest)


_read_again = lru_cache(_KEPT)(_read)


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent = 0

    def line(self) -> str:
        """What there is to read until now."""
        return " ".join("".join(self._pieces).split())

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - only text counts
        if tag in _SILENT:
            self._silent += 1
        elif tag not in _WITHIN_WORDS:
            self._pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - as above
        self._pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag not in _WITHIN_WORDS:
            self._pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(data)
