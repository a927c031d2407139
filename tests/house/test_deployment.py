"""What is said of running Taskbell elsewhere holds: commands exist, and stops are waited for."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from bot.app import STOP_SECONDS
from bot.cli import taskbell
from bot.run import DRAIN_SECONDS

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "docs/systemd").glob("*.service"))


def values(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text(), re.MULTILINE)


def processes() -> dict[str, str]:
    """The command of each process of the Procfile."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_the_procfile_runs_commands_that_exist() -> None:
    for command in processes().values():
        *python, words = shlex.split(command)
        assert python == ["python", "-m", "bot"]
        assert words in taskbell.commands


def test_heroku_makes_every_process_and_a_database_for_them() -> None:
    app = json.loads((ROOT / "app.json").read_text())
    assert app["formation"].keys() == processes().keys()
    assert any("postgresql" in one["plan"] for one in app["addons"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_what_exists_and_waits_for_its_end(unit: Path) -> None:
    (start,) = values(unit, "ExecStart")
    assert shlex.split(start)[-1] in taskbell.commands
    (seconds,) = values(unit, "TimeoutStopSec")
    assert int(seconds) > STOP_SECONDS + DRAIN_SECONDS + 5
    assert values(unit, "NoNewPrivileges") == ["yes"]


def test_the_guide_names_every_unit() -> None:
    guide = (ROOT / "docs/running.md").read_text()
    assert UNITS
    assert [unit.name for unit in UNITS if unit.name not in guide] == []
