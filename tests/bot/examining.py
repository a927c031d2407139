"""`taskbell doctor` in a world, without a process of its own."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from bot.checks.finding import Finding, State
from bot.doctor import examine
from sandbox.clock import MovableClock
from tests.scenarios.world import World

HEX = "5ec2e7c0ffee5ec2e7c0ffee5ec2e7c0"


class Findings(dict[str, Finding]):
    """By check."""

    def wrong(self) -> set[str]:
        return {one.check for one in self.values() if one.state is State.WRONG}

    def warned(self) -> set[str]:
        return {one.check for one in self.values() if one.state is State.WARNING}


async def doctor(
    world: World, *, clock: MovableClock | None = None, live: str | None = None,
    budget: float = 20, **rules: Any,
) -> Findings:  # fmt: skip
    """What it finds, and that no finding holds a secret or lacks a remedy."""
    found: list[Finding] = []
    settings = world.settings.model_copy(update={"slack_signing_secret": SecretStr(HEX), **rules})
    await examine(settings, clock or world.clock, found.extend, live=live, budget=budget)
    words = " ".join(f"{one.said} {one.remedy}" for one in found)
    workspace = world.slack.workspace
    secrets = [workspace.bot_token, workspace.app_token, HEX, world.reten.key, world.close.key]
    assert [secret for secret in secrets if secret in words] == []
    for one in found:
        assert (one.remedy is None) == (one.state is State.OK), one
        assert one.said.endswith("."), one
        assert one.remedy is None or one.remedy.endswith((".", "!")), one
    by_check = Findings((one.check, one) for one in found)
    assert len(by_check) == len(found)
    return by_check
