"""What the adapters say in English of their own accord is known again, and said in any language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import errors
from bot.domain.language import ENGLISH, TAGS, language
from bot.domain.wording.echoes import echo, label, says_by_whom

ADAPTERS = Path(errors.__file__).parent
ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.ProviderError)
} | {"Passing"}
FOR_LOGS = {"close_push", "pland_hooks"}
"""Modules whose errors are told to who calls, and to nobody else."""
FOR_US = "This provider calls nobody."
GERMAN = language("de")


class Strings(ast.NodeVisitor):
    """The sentences of a module: what its errors are made with, as far as it stands there."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: list[str] = []
        self._values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            for target in node.targets if isinstance(node, ast.Assign) else []:
                if isinstance(target, ast.Name) and isinstance(node, ast.Assign):
                    self._values.setdefault(target.id, []).append(node.value)
        self.visit(tree)

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ERRORS and node.args:
            self.found += [text for one in node.args[:1] for text in self._texts(one)]
            self.found += [text for one in node.args[1:2] for text in self._field_texts(one)]
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        match node.targets:
            case [ast.Subscript(value=ast.Name(id="wrong"))]:
                self.found += self._texts(node.value)
        self.generic_visit(node)

    def _field_texts(self, node: ast.expr) -> Iterator[str]:
        """What is wrong with fields."""
        for value in node.values if isinstance(node, ast.Dict) else []:
            yield from self._texts(value)

    def _texts(self, node: ast.expr) -> Iterator[str]:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.Name(id=name):
                for value in self._values.get(name, []):
                    yield from self._texts(value)
            case ast.IfExp(body=one, orelse=other):
                yield from (*self._texts(one), *self._texts(other))
            case ast.JoinedStr(values=parts):
                yield from self._joined(parts)
            case ast.BinOp(left=left, right=right):
                yield from (a + b for a in self._texts(left) for b in self._texts(right))

    def _joined(self, parts: list[ast.expr]) -> Iterator[str]:
        texts = [""]
        for part in parts:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            more = list(self._texts(inner)) or ["Acme"]
            texts = [text + one for text in texts for one in more]
        yield from texts


def sentences() -> list[str]:
    found: set[str] = set()
    for path in sorted(ADAPTERS.glob("*.py")):
        if path.stem not in FOR_LOGS:
            found |= set(Strings(ast.parse(path.read_text())).found)
    return sorted(found - {FOR_US})


def test_there_are_many() -> None:
    assert len(sentences()) > 50


@pytest.mark.parametrize("text", sentences())
def test_each_sentence_is_known_again(text: str) -> None:
    assert echo(ENGLISH, text) == text
    assert echo(GERMAN, text) != text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Close refused it: lead is not answering", "Close hat abgelehnt: lead is not answering"),
        (
            "PlanD took the change and can't be asked: PlanD is out of order (status 503).",
            "PlanD hat die Änderung angenommen, lässt sich aber nicht fragen: PlanD ist gestört"
            " (Status 503).",
        ),
        (
            "A task needs a title. This is no person of PlanD.",
            "Eine Aufgabe braucht einen Titel. Diese Person gibt es in PlanD nicht.",
        ),
        ("My Close is not answering", "My Close antwortet nicht"),
        ("My Close asks for a pause", "My Close bittet um eine Pause"),
        ("My Close no longer has this task", "My Close hat diese Aufgabe nicht mehr"),
        ("Slack refused chat.update: cant_update", "Slack hat chat.update abgelehnt: cant_update"),
        ("last good poll: 2026-04-15 08:00 UTC", "letzte gelungene Abfrage: 2026-04-15 08:00 UTC"),
        ("A task needs a title. La fecha falta.", "A task needs a title. La fecha falta."),
        ("future date is missing", "future date is missing"),
        ("", ""),
    ],
)
def test_what_providers_say_is_left_as_it_is(text: str, words: str) -> None:
    assert echo(GERMAN, text) == words


@pytest.mark.parametrize("tag", TAGS)
def test_only_labels_of_ours_are_translated(tag: str) -> None:
    assert label(language(tag), "Venta completada") == "Venta completada"
    assert (label(language(tag), "Result status") == "Result status") is (tag == "en")


def test_whether_a_refusal_says_by_whom() -> None:
    assert says_by_whom("Close refused it: no such lead")
    assert not says_by_whom("This task is already complete in Close.")
