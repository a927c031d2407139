"""Every variable that is read is described, and none is described that is not read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from adapters import registry
from bot.connections import CONNECTIONS, variable
from bot.settings import Settings, load

ROOT = Path(__file__).parents[2]


def read() -> set[str]:
    """The variables that are read."""
    own = {field.alias for field in Settings.model_fields.values() if field.alias}
    adapters = {
        variable(name, option)
        for name in registry.names()
        for option in registry.find(name).options.model_fields
    }
    return {CONNECTIONS, *own, *adapters}


def test_the_example_describes_them() -> None:
    text = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)) == read()


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(text)
    assert load({}, tmp_path, registry) == Settings(directory=tmp_path)


def test_its_examples_are_the_defaults(tmp_path: Path) -> None:
    """A line taken out of its comment changes nothing, but for those without one default."""
    text = re.sub(r"^#([A-Z_]+=)", r"\1", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    (tmp_path / ".env").write_text(text)
    examples = dotenv_values(tmp_path / ".env")
    (tmp_path / "connections.toml").touch()
    settings = load({}, tmp_path, registry)
    assert examples["TASKBELL_POLL_INTERVAL"] == "60"
    assert settings == Settings(directory=tmp_path, poll_interval=60)


def test_the_heroku_manifest_describes_them() -> None:
    env = json.loads((ROOT / "app.json").read_text())["env"]
    assert set(env) == read()
    assert all(one["description"] for one in env.values())
    assert {name for name, one in env.items() if one["required"]} == {
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
    }


@pytest.mark.parametrize("name", registry.names())
def test_a_key_makes_a_connection_with_the_adapters_options(name: str, tmp_path: Path) -> None:
    (found,) = load({variable(name, "api_key"): "key-1234567890"}, tmp_path, registry).connections
    assert (found.name, found.provider) == (name, name)
    assert type(found.options) is registry.find(name).options
