"""The short form of the torture: some hundred kills. `make torture` is the long one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.databases.kinds import Databases
from tests.torture.storm import Figures
from tests.torture.torment import report, torment

KILLS = 35
"""In each of two arenas at once: a bot waits more than it works."""
KILLS_OF_SEVERAL = 50


def judge(*storms: Figures) -> None:
    """Nothing was violated, and it was a storm."""
    told = "\n".join(map(report, storms))
    assert [sentence for storm in storms for sentence in storm.violations] == [], told
    for storm in storms:
        assert storm.kills >= storm.at_points.total() > 0, told
        assert storm.acked, told
        assert storm.answers, told


async def test_the_program_on_sqlite_survives_being_killed_over_and_over(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    judge(*await asyncio.gather(torment(folders[0], 1, KILLS), torment(folders[1], 2, KILLS)))


async def test_two_webs_and_two_workers_survive_being_killed_over_and_over(
    tmp_path: Path, postgres: Databases
) -> None:
    database = postgres.empty()
    judge(await torment(tmp_path, 3, KILLS_OF_SEVERAL, database.url))
    postgres.drop(database)
