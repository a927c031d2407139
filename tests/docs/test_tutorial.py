"""What `docs/adapters.md` builds works, and its commands print what it shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters import registry
from tests.docs.tutorial import ROOT, TUTORIAL, Desk, blocks, sessions


@pytest.fixture
def _importable(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(desk.installed))


def test_every_piece_of_code_belongs_to_a_file() -> None:
    languages = {"python": ".py", "toml": ".toml", "markdown": ".md"}
    for block in blocks(TUTORIAL.read_text()):
        if block.language != "console":
            assert block.name, block.text
            assert block.name.endswith(languages[block.language])


@pytest.mark.parametrize(
    ("command", "shown"),
    sessions(TUTORIAL.read_text())[1:],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_commands_print_what_is_shown(desk: Desk, command: str, shown: list[str]) -> None:
    """The first one installs, which `desk` has done."""
    printed = desk.type(command)
    for line in shown:
        assert re.search(_loose(line), printed), f"{command} prints no {line!r}:\n{printed}"


@pytest.mark.usefixtures("_importable")
def test_the_installed_package_is_found_by_its_entry_point() -> None:
    spec = registry.find("kanto")
    assert (spec.name, spec.title) == ("kanto", "Kanto")
    assert "kanto" in registry.names()


@pytest.mark.parametrize(
    "tool",
    [
        ["ruff", "check", "--no-cache"],
        ["ruff", "format", "--check", "--no-cache"],
        ["mypy", "--cache-dir", str(ROOT / ".mypy_cache" / "tutorial")],
    ],
    ids=["lint", "format", "types"],
)
def test_its_code_is_as_tidy_as_ours(desk: Desk, tool: list[str]) -> None:
    option = "--config-file" if tool[0] == "mypy" else "--config"
    done = subprocess.run(  # noqa: S603 - our own tools
        [sys.executable, "-m", *tool, option, str(ROOT / "pyproject.toml"), "taskbell_kanto"],
        cwd=desk.package,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_stays_an_afternoons_work() -> None:
    """The adapter and what it reads, without simulation and rig."""
    code = [b.text for b in blocks(TUTORIAL.read_text()) if b.name and _is_adapter(b.name)]
    assert len("".join(code).splitlines()) <= 250


def _is_adapter(name: str) -> bool:
    return Path(name).name in {"adapter.py", "wire.py"}


def _loose(line: str) -> str:
    """A shown line as a pattern: spaces are of any length, `…` stands for anything."""
    return r"\s+".join(re.escape(word).replace("…", ".*") for word in line.split())
