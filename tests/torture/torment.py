"""A storm from its beginning to its judgement."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.databases.kinds import OnServer, SqliteFile
from tests.torture.arena import Arena, arena
from tests.torture.judge import Judge
from tests.torture.ledger import faults_in
from tests.torture.storm import Figures, Storm

SETTLING_SECONDS = 60.0
"""How long everything may take to come to rest after a storm; most of it is over in two."""


async def torment(folder: Path, seed: int, kills: int, database: str = "") -> Figures:
    """Prepare an arena, let a storm rage over it, let it settle, and judge."""
    async with arena(folder, database) as made:
        await made.prepare()
        storm = Storm(made, seed)
        await storm.rage(kills)
        async with made.calm():
            storm.figures.violations += await _settled(made, storm)
        kept = OnServer(database) if database else SqliteFile(folder / "taskbell.db")
        storm.figures.violations += faults_in(kept, made.people, storm.clicks)
        _complete(made, storm.figures)
        return storm.figures


async def _settled(made: Arena, storm: Storm) -> list[str]:
    """What is still wrong when everything has come to rest, or should have."""
    judge = Judge(made)
    deadline = time.monotonic() + SETTLING_SECONDS
    found = judge.verdict(storm.clicks)
    while found and time.monotonic() < deadline:
        await asyncio.sleep(0.25)
        found = judge.verdict(storm.clicks)
    # Once more: what held for a moment must go on to hold.
    await asyncio.sleep(1.5)
    return found or judge.verdict(storm.clicks)


def _complete(made: Arena, figures: Figures) -> None:
    figures.tasks = len(made.items)
    figures.answers = sum(item.by_us for item in made.items)
    figures.cards = len(made.slack.calls_of("chat.postMessage"))
    figures.removed = sum(call.ok for call in made.slack.calls_of("chat.delete"))
    words = made.zygote.out.read_text()
    if "Traceback" in words:
        figures.violations.append(f"a mistake of ours: {words[words.index('Traceback') - 500 :]}")


def report(figures: Figures) -> str:
    """The figures in lines."""
    points = "\n".join(f"  {figures.at_points[name]:5}  {name}" for name in sorted(figures.points))
    faults = ", ".join(f"{name} {count}" for name, count in sorted(figures.faults.items()))
    violations = "\n".join(f"  {sentence}" for sentence in figures.violations)
    return (
        f"seed {figures.seed}: {figures.kills} kills, {figures.at_points.total()} of them at"
        f" {len(figures.at_points)} of {len(figures.points)} crash points\n"
        f"tasks {figures.tasks}, clicks {figures.clicks} (acked {figures.acked}, lost"
        f" {figures.lost}, doubled {figures.doubled}), answers accepted {figures.answers}\n"
        f"posts {figures.cards}, duplicates removed {figures.removed}; trouble: {faults}\n"
        f"violations {len(figures.violations)}\n{violations}\n"
        f"deaths by crash point:\n{points}\n"
    )
