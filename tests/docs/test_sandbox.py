"""What `docs/sandbox.md` shows works: its files are put together, and its tests are run."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from sandbox.faults import Fault
from sandbox.slack import Hands, SlackSandbox, Workspace
from tests.docs.tutorial import ROOT, blocks, files

GUIDE = ROOT / "docs" / "sandbox.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the guide."""
    folder = tmp_path_factory.mktemp("desk")
    for name, text in files(GUIDE.read_text()).items():
        (folder / name).write_text(text)
    return folder


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(  # noqa: S603 - our own tools
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_its_tests_pass(folder: Path) -> None:
    options = ("-q", "-o", "asyncio_mode=auto", "-p", "no:cacheprovider")
    done = run("pytest", *options, "test_desk.py", cwd=folder)
    assert done.returncode == 0, done.stdout
    count = GUIDE.read_text().count("async def test_")
    assert f"{count} passed" in done.stdout


def test_its_code_is_tidy(folder: Path) -> None:
    done = run("ruff", "format", "--check", "--no-cache", "--line-length", "100", ".", cwd=folder)
    assert done.returncode == 0, done.stdout


async def test_its_demo_can_be_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    town = runpy.run_path("demo.py")["desk_town"](folder)
    async with (
        town.opened() as origin,
        httpx2.AsyncClient(base_url=origin, trust_env=False) as client,
    ):
        ana = town.tour[0].target.seat
        moments = (await client.get("/api/clock", params={"person": ana})).json()["moments"]
        step = (await client.get("/api/tour")).json()["step"]
        program = (await client.get("/api/troubles")).json()["program"]
    assert [one["name"] for one in moments] == ["The next morning"]
    assert (step["title"], step["waits"]) == ("Ask", True)
    assert program["state"] == "stopped"


def test_its_options_are_those_of_the_program(folder: Path) -> None:
    told = run("sandbox", "--help", cwd=folder).stdout
    options = {word.strip("[]") for word in told.split() if word.strip("[]").startswith("--")}
    shown = {
        line.split("`")[1].split()[0] for line in GUIDE.read_text().splitlines() if "| `--" in line
    }
    assert shown == options - {"--help"}


def test_what_it_says_can_be_called_can_be() -> None:
    known = {name for kind in (Hands, SlackSandbox, Workspace, Fault) for name in dir(kind)}
    table = [line for line in GUIDE.read_text().splitlines() if line.startswith("| ")]
    called = set(re.findall(r"`(?:\w+\.)?([a-z_]+)\(", "\n".join(table)))
    assert {"add_person", "retry_event"} <= called <= known


def test_every_block_is_a_file_or_is_typed() -> None:
    for block in blocks(GUIDE.read_text()):
        assert block.name or block.language == "console", block.text
