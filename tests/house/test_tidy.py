"""The house is tidy: sizes, names, borders, and nothing committed that belongs to one machine."""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters import registry
from bot.cli import taskbell

ROOT = Path(__file__).parents[2]
ROOMS = ("adapters", "bot", "sandbox", "bench", "tests")
LONGEST = 400


def committed() -> Iterator[Path]:
    """All files but those that git ignores, found without git: an archive has none."""
    ignored = [".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().split())]
    for directory, below, files in os.walk(ROOT):
        below[:] = [name for name in below if not any(fnmatch(name, one) for one in ignored)]
        for name in files:
            if not any(fnmatch(name, one) for one in ignored):
                yield Path(directory, name)


def sources(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """The full names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def test_no_file_is_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources(*ROOMS)}
    assert [
        str(path.relative_to(ROOT)) for path, length in lengths.items() if length > LONGEST
    ] == []


WORDS = {
    "close": r"""["']close["'](?!: plain\()|import .*\bclose\b|adapters\.close|\bclose_wire\b"""
    r"""|CLOSE_|(?<=[a-z,] )Close\b|["']Close["':’]|\bClose[A-Z]|close\.(com|io)""",
    "reten": r"(?i:reten(?!tion|tive))",
}
"""How names that are English words too look where the provider is meant. (In Slack's forms there is
a button `close`.)"""


def named(name: str, line: str) -> bool:
    """Whether a line of code means the provider of this name."""
    return bool(re.search(WORDS.get(name, f"(?i:{name})"), line))


@pytest.mark.parametrize("name", sorted(registry.names()))
def test_the_bot_names_no_provider(name: str) -> None:
    """What a provider can do its adapter says; the demo alone chooses some."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sources("bot")
        if not path.relative_to(ROOT / "bot").parts[0].startswith("demo")
        for line in path.read_text().splitlines()
        if named(name, line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'if connection.provider == "close":',
        '        case "close":',
        "PACE = {'close': 5}",
        "from adapters import close, reten",
        "from adapters.close_wire import COMPLETE",
        'key = env["CLOSE_API_KEY"]',
        "# a lead of Close may have none",
        'title = "Close"',
        "options: CloseOptions",
        'BASE = "https://api.close.com"',
    ],
)
def test_a_provider_is_told_from_the_word(line: str) -> None:
    assert named("close", line)


@pytest.mark.parametrize(
    "line",
    [
        "await self._http.close()",
        '        "close": plain(wording.CANCEL, _TITLE),',
        "CLOSED_WAIT = timedelta(hours=1)",
        '    """Close the file; nothing is written any more."""',
        "the conversation is closed to us, close to the end",
        "retention = timedelta(days=90)",
    ],
)
def test_the_word_is_told_from_the_provider(line: str) -> None:
    assert not any(named(name, line) for name in registry.names())


@pytest.mark.parametrize("name", ["reten", "vambe", "pland"])
def test_other_names_are_found_in_whatever_form(name: str) -> None:
    assert name in registry.names()
    for line in (f"{name}_key", f"{name.title()}Options", f"# as {name.upper()} does"):
        assert named(name, line)


def test_the_domain_is_pure() -> None:
    """It imports nothing of the project but itself and the adapters' contract."""
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources("bot/domain")
        for name in imported(path)
        if name.partition(".")[0] in ROOMS
        and not within(name, "bot.domain")
        and not within(name, "adapters.contract")
    ]
    assert found == []


def test_only_the_command_line_starts_the_demo() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources("bot")
        if path != ROOT / "bot/cli.py"
        and not path.relative_to(ROOT / "bot").parts[0].startswith("demo")
        for name in imported(path)
        if within(name, "bot.demo")
    ]
    assert found == []


def test_nothing_reads_beside_the_checkout() -> None:
    """Neither a registry's host, nor a path of somebody's machine, nor what lies outside."""
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
    ]
    homes = [
        "/".join(("", *parts, "")) for parts in (("home", r"\w+"), ("Users", r"\w+"), ("work",))
    ]
    foreign = re.compile("|".join([*map(re.escape, hosts), *homes, r"\.\./" + "shared"]))
    found = []
    for path in committed():
        text = path.read_bytes().decode(errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in foreign.finditer(text)]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    form = re.compile(r"[a-z0-9-]+==\S+( ; .*?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert lines
    assert [line[:60] for line in lines if not form.fullmatch(line.strip())] == []


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = project["optional-dependencies"]
    extras = [wish for name in optional.keys() - {"engines"} for wish in optional[name]]
    for wishes, name in (
        (project["dependencies"], "requirements.txt"),
        ([*project["dependencies"], *extras], "requirements-dev.txt"),
    ):
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(), re.MULTILINE))
        assert {re.split(r"[^\w-]", wish)[0] for wish in wishes} <= locked


def test_the_version_is_told_once() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    said = CliRunner().invoke(taskbell, ["--version"])
    assert version in said.output


def test_the_readme_names_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make demo" in readme
    assert "make test" in readme


def test_make_has_its_targets_and_nothing_else_is_promised() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    promised = set(re.findall(r"`make ([a-z]+)`", (ROOT / "CONTRIBUTING.md").read_text()))
    assert targets == promised
    assert targets == {
        "install",
        "demo",
        "test",
        "lint",
        "bench",
        "torture",
        "words",
        "screenshots",
        "lock",
        "clean",
    }
