"""`docs/adapters.md` taken at its word: its blocks of code as files, its commands as commands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "adapters.md"
PACKAGE = "taskbell-kanto"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"(?:# |// |<!-- )(\S+)(?: -->)?\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `name` is the file that it belongs to, if its first line tells one."""

    language: str
    name: str | None
    text: str


def blocks(markdown: str) -> Iterator[Block]:
    for language, text in _BLOCK.findall(markdown):
        named = _NAME.match(text)
        yield Block(language, named[1] if named else None, text[named.end() :] if named else text)


def files(markdown: str) -> Mapping[str, str]:
    """The files of the package: the pieces of one in their order, a blank line between them."""
    found: dict[str, str] = {}
    for block in blocks(markdown):
        if block.name is not None:
            before = found.get(block.name)
            found[block.name] = block.text if before is None else f"{before}\n{block.text}"
    return found


def sessions(markdown: str) -> list[tuple[str, list[str]]]:
    """What the reader types after `$` in the blocks of a console, each with the lines that are
    shown as its answer."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks(markdown):
        if block.language == "console":
            for line in block.text.splitlines():
                if line.startswith("$ "):
                    found.append((line[2:], []))
                else:
                    found[-1][1].append(line)
    return found


def assemble(folder: Path) -> Path:
    """Write the tutorial's package below `folder`; gives its directory."""
    package = folder / PACKAGE
    for name, text in files(TUTORIAL.read_text()).items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return package


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the reader sits: a directory with the package in it, and a place that `pip` installs
    to, which leaves this environment as it is."""

    folder: Path

    @property
    def package(self) -> Path:
        return self.folder / PACKAGE

    @property
    def installed(self) -> Path:
        return self.folder / "installed"

    def type(self, command: str) -> str:
        """Run a command of the tutorial; gives what it prints. AssertionError where it fails."""
        environment = {
            **{name: value for name, value in os.environ.items() if not _ours(name)},
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PIP_TARGET": str(self.installed),
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTHONPATH": str(self.installed),
            "COLUMNS": "200",
        }
        done = subprocess.run(  # noqa: S603 - our own commands
            shlex.split(command),
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout


def _ours(name: str) -> bool:
    """Whether a variable would change what the commands do."""
    return name.startswith(("PYTEST_", "TASKBELL_", "SLACK_", "KANTO_", "PIP_"))
