"""Gather our sentences from the code, and merge them into the catalogues: `make words`.

`python -m tests.house.catalogues`. New sentences come in empty, those that are gone go out; a test
fails until each is translated.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.domain.language import CATALOGUES, TAGS

CODE = Path(__file__).parents[2] / "bot"
HEADER = """# `make words` keeps this file complete; docs/adr/0010-languages.md tells how.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {tag}\\n"
"Plural-Forms: {plurals}\\n"

"""
KEYWORDS = {"say": None, "phrase": None, "msg": None, "count": (1, 2)}


def sentences() -> Catalog:
    """Every sentence that the code says, with where."""
    found = Catalog(fuzzy=False)
    for file, line, message, comments, _ in extract_from_dir(
        CODE, method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        found.add(message, locations=[(f"bot/{file}", line)], auto_comments=comments)
    return found


def catalogue(tag: str) -> Catalog:
    """The stored catalogue of a language."""
    path = CATALOGUES / f"{tag}.po"
    with path.open("rb") as source:
        return read_po(source, locale=tag)


def merge(tag: str, template: Catalog) -> None:
    """Bring a language's catalogue up to date with the code."""
    path = CATALOGUES / f"{tag}.po"
    known = catalogue(tag) if path.exists() else Catalog(tag, fuzzy=False)
    known.update(template, no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    with path.open("wb") as target:
        target.write(HEADER.format(tag=tag, plurals=known.plural_forms).encode())
        write_po(target, known, width=100, sort_output=True, omit_header=True, no_location=True)


def main() -> None:
    template = sentences()
    for tag in TAGS:
        if tag != "en":
            merge(tag, template)


if __name__ == "__main__":
    main()
