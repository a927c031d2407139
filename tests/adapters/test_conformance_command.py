"""`taskbell adapters check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from adapters import conformance
from bot.cli_adapters import adapters
from bot.cli_base import CommandFailed

MODULE = """
from dataclasses import replace

from adapters import registry
from tests.adapters.mutants import TurnsDaysIntoInstants

RETEN = registry.find("reten")
ACME = replace(RETEN, name="acme", build=TurnsDaysIntoInstants)
BARE = replace(RETEN, name="bare", rig=None)
BENT = replace(RETEN, name="bent", rig="bent_rig:Rig")
"""
POINTS = """[taskbell.adapters]
acme = acme_on_trial:ACME
bare = acme_on_trial:BARE
bent = acme_on_trial:BENT
"""


@pytest.fixture
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package with an adapter that breaks a promise, and two without simulation."""
    (tmp_path / "acme_on_trial.py").write_text(MODULE)
    (tmp_path / "bent_rig.py").write_text("1 / 0")
    about = tmp_path / "acme_on_trial-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-on-trial\nVersion: 1\n")
    (about / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))


def _checked(*args: str) -> Any:
    return CliRunner().invoke(adapters, ["check", *args])


def test_each_promise_gets_a_line() -> None:
    result = _checked("reten")
    assert result.exit_code == 0
    *lines, summary = result.output.splitlines()
    assert len(lines) == len(conformance.checks())
    assert "✓ One task is listed once." in lines
    assert "– A change of a task is pushed and read.  (push is `none`)" in lines
    passed = sum(line.startswith("✓") for line in lines)
    assert summary == f"reten: {passed} passed, {len(lines) - passed} not applicable."


@pytest.mark.usefixtures("_package")
def test_a_broken_adapter_fails_and_json_tells_why() -> None:
    result = _checked("acme", "--json")
    assert isinstance(result.exception, CommandFailed)
    assert "acme does not keep the contract: " in str(result.exception)
    told = json.loads(result.output)
    assert [row["check"] for row in told] == [check.id for check in conformance.checks()]
    (broken,) = [row for row in told if row["state"] == "failed"]
    assert broken["check"] == "reading-spellings"
    assert "a day alone" in broken["why"]


def test_an_unknown_adapter_is_wrong_usage() -> None:
    result = _checked("hubspot")
    assert result.exit_code == click.UsageError.exit_code
    assert "known are close" in result.output


@pytest.mark.usefixtures("_package")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("bare", "set `rig` of its AdapterSpec"),
        ("bent", "bent_rig:Rig, can't be loaded: ZeroDivisionError"),
    ],
)
def test_without_a_simulation_nothing_can_be_tried(name: str, why: str) -> None:
    result = _checked(name)
    assert isinstance(result.exception, CommandFailed)
    assert why in str(result.exception)
