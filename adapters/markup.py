"""HTML descriptions as plain text."""

from __future__ import annotations

from html.parser import HTMLParser

LONGEST_READ = 20_000
"""Characters of a description that are looked at: pictures can be part of the text."""

_SILENT = frozenset({"script", "style", "title", "template"})
_WITHIN_WORDS = frozenset({"a", "b", "em", "font", "i", "mark", "s", "span", "strong", "sub", "u"})
"""Elements that do not part words; all others stand on their own."""


def plain_text(html: str, longest: int) -> str:
    """The readable text on one line, cut to `longest` characters."""
    if "<" not in html and "&" not in html:
        return _cut(html[:LONGEST_READ], longest)
    reader = _Reader()
    reader.feed(html[:LONGEST_READ])
    if len(html) <= LONGEST_READ:
        reader.close()
    return _cut("".join(reader.pieces), longest)


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - only text counts
        if tag in _SILENT:
            self._silent += 1
        elif tag not in _WITHIN_WORDS:
            self.pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - as above
        self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag not in _WITHIN_WORDS:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)
