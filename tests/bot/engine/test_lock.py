"""One running bot for each SQLite file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.engine.lock import AlreadyRunning, CannotLock, only_one

_HOLD = """
import sys, time
from pathlib import Path
from bot.engine.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_is_refused_in_one_line_until_the_first_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "taskbell.db"
    with only_one(path):
        with pytest.raises(AlreadyRunning) as refused, only_one(path):
            pass
        with only_one(tmp_path / "another.db"):
            pass
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    with only_one(path):
        pass


def test_a_holder_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "taskbell.db"
    words = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as holder:  # noqa: S603 - our own words
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning), only_one(path):
            pass
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    with only_one(path):
        pass


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(CannotLock, match=r"No such file or directory.*check DATABASE_URL"),
        only_one(tmp_path / "nowhere" / "taskbell.db"),
    ):
        pass
