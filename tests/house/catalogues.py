"""Gather our sentences from the code, and merge them into the catalogues: `make words`.

`python -m tests.house.catalogues`. New sentences come in empty, those that are gone go out; a test
fails until each is translated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
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
SAYING = {"say": 1, "phrase": 1, "msg": 1, "count": 2}
"""The functions that say sentences, and how many of their arguments are one."""


def calls() -> Iterator[tuple[str, list[ast.expr]]]:
    """Every place where a sentence is said: where it is, and what is said."""
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in SAYING and len(node.args) >= SAYING[name]:
                    yield f"{path.relative_to(CODE)}:{node.lineno}", node.args[: SAYING[name]]


def sentences() -> Catalog:
    """Every sentence that stands in the code."""
    found = Catalog(fuzzy=False)
    for _, said in calls():
        texts = [one.value for one in said if isinstance(one, ast.Constant)]
        if len(texts) == len(said) and all(isinstance(text, str) for text in texts):
            found.add(tuple(map(str, texts)) if len(texts) > 1 else str(texts[0]))
    return found


def catalogue(tag: str) -> Catalog:
    """The stored catalogue of a language."""
    with (CATALOGUES / f"{tag}.po").open("rb") as source:
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
