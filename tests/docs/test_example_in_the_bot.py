"""The tutorial's adapter as a connection of the real bot: set by its key, polled, answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters import registry
from bot.settings import load
from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.reten import RetenSim
from sandbox.providers.vambe import VambeSim
from sandbox.serve import serving
from sandbox.slack import SlackSandbox, Workspace
from tests.docs.tutorial import Desk
from tests.scenarios.world import START, TickingClock, World


@pytest.fixture(autouse=True)
def _installed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(desk.installed))


@asynccontextmanager
async def world_with(sim: Any, folder: Path) -> AsyncIterator[World]:
    """A running bot whose only connection is made by `KANTO_API_KEY`."""
    slack = SlackSandbox(Workspace(sim.clock))
    async with serving(slack.app) as slack.base_url, serving(sim.app) as url:
        environment = {
            "SLACK_BOT_TOKEN": slack.workspace.bot_token,
            "SLACK_SIGNING_SECRET": slack.workspace.signing_secret,
            "SLACK_API_URL": f"{slack.base_url}/api/",
            "KANTO_API_KEY": sim.key,
            "KANTO_BASE_URL": f"{url}/v1",
        }
        settings = load(environment, folder, registry)
        with capture_logs() as logs:
            idle = [kind(sim.clock) for kind in (RetenSim, CloseSim, VambeSim, PlandSim)]
            world = World(sim.clock, slack, *idle, settings, logs)
            async with world.running_bot():
                yield world
        await slack.aclose()


def kanto() -> Any:
    from taskbell_kanto.sim import KantoSim

    return KantoSim(TickingClock(START))


async def test_a_new_task_becomes_a_card_and_a_click_completes_it(tmp_path: Path) -> None:
    sim = kanto()
    async with world_with(sim, tmp_path) as world:
        ana = world.person("Ana Ruiz", email="ana@hoshi.example", timezone="Europe/Madrid")
        user = sim.add_user("Ana Ruiz", "ana@hoshi.example")
        await world.poll()
        due = f"{START + timedelta(hours=6):%Y-%m-%dT%H:%M:%SZ}"
        task = sim.add_task("Order gloves", user, due=due)
        world.clock.advance(timedelta(minutes=1))
        await world.tick()

        card = ana.card("Order gloves")
        assert "16:00" in card.words
        assert "Kanto" in card.words
        await card.click("Done")

        assert (task["status"], task["changed_by"]) == ("done", sim.bot)
        assert card.buttons == ["Undo"]
        await card.click("Undo")
        assert task["status"] == "open"
        assert "Done" in card.buttons
        world.assert_clean()
        world.assert_discreet()
    assert sim.violations == []
    assert sim.key not in repr(world.logs)


async def test_a_click_after_somebody_else_changes_nothing_there(tmp_path: Path) -> None:
    sim = kanto()
    async with world_with(sim, tmp_path) as world:
        ana = world.person("Ana Ruiz", email="ana@hoshi.example")
        user = sim.add_user("Ana Ruiz", "ana@hoshi.example")
        await world.poll()
        task = sim.add_task("Order gloves", user)
        world.clock.advance(timedelta(minutes=1))
        await world.tick()
        sim.change(task["id"], user, status="dropped")
        await ana.card("Order gloves").click("Done")
        assert (task["status"], task["changed_by"]) == ("dropped", user)
        assert ana.card("Order gloves").buttons == []
    assert sim.violations == []
