"""A clock that several processes live by."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.shared_clock import SharedClock

START = datetime(2031, 5, 6, 12, 10, tzinfo=UTC)
READER = """
import sys
from pathlib import Path
from sandbox.shared_clock import SharedClock
clock = SharedClock(Path(sys.argv[1]))
for _ in sys.stdin:
    print(clock.now().isoformat(), flush=True)
"""


def test_another_process_sees_the_same_time_wherever_it_is_moved(tmp_path: Path) -> None:
    clock = SharedClock.make(tmp_path / "clock", START)
    command = [sys.executable, "-c", READER, str(tmp_path / "clock")]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as it:
        assert it.stdin is not None
        assert it.stdout is not None
        for step in (timedelta(0), timedelta(days=3, microseconds=7)):
            before = clock.advance(step)
            it.stdin.write("\n")
            it.stdin.flush()
            assert before <= datetime.fromisoformat(it.stdout.readline().strip()) <= clock.now()
        it.stdin.close()


def test_it_starts_where_it_is_put_and_moves_forwards_only(tmp_path: Path) -> None:
    clock = SharedClock.make(tmp_path / "clock", START)
    assert timedelta(0) <= clock.now() - START < timedelta(minutes=1)
    with pytest.raises(ValueError, match="forwards"):
        clock.advance(timedelta(seconds=-1))


def test_a_clock_that_nobody_made_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SharedClock(tmp_path / "clock")
