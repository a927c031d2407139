"""The files of the page fit together: there is no build that would tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sandbox.page

STATIC = Path(sandbox.page.__file__).with_name("static")
DOCUMENTS = ("index.html", "seat.html")
MODULES = sorted(path.name for path in STATIC.glob("*.js"))

_LINK = re.compile(r'(?:href|src)="/static/([^"]+)"')
_IMPORT = re.compile(r'import \{([^}]+)\} from "\./([^"]+)"')
_EXPORT = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)", re.MULTILINE)


def text(name: str) -> str:
    return (STATIC / name).read_text()


def imports(module: str) -> dict[str, set[str]]:
    """The names that a module takes from each other one."""
    return {
        source: {name.strip() for name in names.split(",") if name.strip()}
        for names, source in _IMPORT.findall(text(module))
    }


def loaded(document: str) -> set[str]:
    """The files that a document loads, its modules' modules too."""
    waiting, known = [document], set[str]()
    while waiting:
        name = waiting.pop()
        found = imports(name) if name.endswith(".js") else _LINK.findall(text(name))
        waiting += [one for one in found if one not in known]
        known |= set(found)
    return known


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_takes_another_one_gives(module: str) -> None:
    for source, names in imports(module).items():
        assert names <= set(_EXPORT.findall(text(source))), source


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_looks_for_stands_in_a_document(module: str) -> None:
    places = [text(document) for document in DOCUMENTS if module in loaded(document)]
    for wanted in re.findall(r'getElementById\("([^"]+)"\)', text(module)):
        assert any(f'id="{wanted}"' in place for place in places), wanted


def test_no_file_is_there_for_nothing() -> None:
    used = {*DOCUMENTS, *(name for document in DOCUMENTS for name in loaded(document))}
    parts = {path.name for path in STATIC.iterdir() if path.suffix in (".js", ".css", ".html")}
    assert parts == used


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_has_nothing_that_its_policy_forbids(document: str) -> None:
    assert not re.findall(r'\s(?:style|on\w+)="|<script(?![^>]*\ssrc=)|<style', text(document))
    ids = re.findall(r'\sid="([^"]+)"', text(document))
    assert len(ids) == len(set(ids))
