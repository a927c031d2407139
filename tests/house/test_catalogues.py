"""Every sentence that people read is in every language, and none bypasses the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message

from bot.domain.language import TAGS
from tests.house.catalogues import CODE, SAYING, calls, catalogue, sentences

OTHERS = [tag for tag in TAGS if tag != "en"]
SURFACES = [
    *(CODE / "domain/wording").glob("*.py"),
    *(CODE / "domain" / f"{name}.py" for name in ("story", "reasons", "outlook")),
    *(CODE / "slack").glob("*.py"),
]
FOR_ADMINS = {"bolt", "client", "gate", "inspection", "needs", "trial"}
"""Modules of Slack's whose words go into logs, to `doctor` or to tokens."""
NUMBER = {("n", "", None)}
"""A plural form may say its number in words."""
WORDS = re.compile(r"[^\W\d_]{2,},? [^\W\d_A-Z]{2,}")


def texts(message: Message) -> tuple[str, ...]:
    """What a message says: its one form, or all of them."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def ids(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def named(text: str) -> set[tuple[str, str | None, str | None]]:
    """What stands in braces, with how it is to be formatted."""
    return {(name, form, how) for _, name, form, how in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("tag", OTHERS)
def test_a_catalogue_has_every_sentence_and_no_other(tag: str) -> None:
    wanted = {ids(message)[0] for message in sentences() if message.id}
    known = catalogue(tag)
    there = {ids(message)[0] for message in known if message.id}
    missing, obsolete = sorted(wanted - there), sorted(there - wanted)
    assert missing == [], "`make words` adds them; then translate them"
    assert [*obsolete, *known.obsolete] == [], "`make words` takes them out"


@pytest.mark.parametrize("tag", OTHERS)
def test_each_sentence_is_translated_and_names_the_same(tag: str) -> None:
    known = catalogue(tag)
    said = [message for message in known if message.id]
    empty = [one.id for one in said if not all(text.strip() for text in texts(one))]
    assert empty == [], "not translated"
    for message in said:
        assert not message.fuzzy, message.id
        forms = known.num_plurals if isinstance(message.id, tuple) else 1
        assert len(texts(message)) == forms, message.id
        for text in texts(message):
            there = named(text) | (NUMBER if forms > 1 else set())
            assert there == named(ids(message)[-1]) | (NUMBER if forms > 1 else set()), text
            assert all(form == "" and how is None for _, form, how in named(text)), text


def test_what_is_said_can_be_found_in_the_code() -> None:
    built = (ast.JoinedStr, ast.BinOp)
    wrong = [where for where, said in calls() if any(isinstance(one, built) for one in said)]
    assert not wrong, "a sentence that is put together can't be translated"


def strays(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Literals of several words that are neither said, logged, raised nor documentation."""
    spared = {id(one) for node in ast.walk(tree) for one in _spared(node)}
    for node in ast.walk(tree):
        words = isinstance(node, ast.Constant) and WORDS.search(str(node.value))
        if words and id(node) not in spared:
            yield node.lineno, words.string


def _spared(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "re"))):
            yield from ast.walk(node)
        case ast.Call(func=func) if getattr(func, "attr", getattr(func, "id", "")) in SAYING:
            yield from ast.walk(node)
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key is not None)
        case ast.Raise() | ast.Expr(value=ast.Constant()):
            yield from ast.walk(node)


@pytest.mark.parametrize("path", SURFACES, ids=lambda path: str(path.relative_to(CODE)))
def test_no_sentence_bypasses_the_catalogues(path: Path) -> None:
    if path.parent.name == "slack" and path.stem in FOR_ADMINS:
        return
    assert not list(strays(ast.parse(path.read_text())))


def test_strays_are_found() -> None:
    code = (
        'def f(x):\n    """A doc."""\n    return say("It is said"), f"Some words {x}", "More words"'
    )
    assert {text for _, text in strays(ast.parse(code))} == {"Some words ", "More words"}
