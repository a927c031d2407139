"""`python -m bench`: measure, print the table, and fail where a target is missed."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from bench import clicks, engines, home, pace, polls, split, starting
from bench.figures import Figure, head, line
from bench.scale import FULL, QUICK, TINY, Scale

BENCHES: Mapping[str, Callable[[Scale], Iterator[Figure]]] = {
    "starting": starting.bench,
    "clicks": clicks.bench,
    "home": home.bench,
    "polls": polls.bench,
    "pace": pace.bench,
    "split": split.bench,
    "engines": engines.bench,
}

ON_REQUEST = frozenset({"engines"})
"""What needs more than the development requirements."""


def main() -> int:
    asked = _arguments()
    scale = TINY if asked.tiny else QUICK if asked.quick else FULL
    begun, missed = time.monotonic(), 0
    print(
        f"{os.cpu_count()} cores, {scale.tasks:,} tasks, {scale.rounds} rounds, medians\n{head()}"
    )
    for name in asked.benches or [name for name in BENCHES if name not in ON_REQUEST]:
        for figure in BENCHES[name](scale):
            print(line(figure), flush=True)
            missed += figure.met is False
    print(f"\n{missed or 'no'} target missed, {time.monotonic() - begun:.0f} s")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="smaller numbers, coarser figures")
    parser.add_argument("--tiny", action="store_true", help="only see that everything works")
    asked = parser.parse_args()
    unknown = set(asked.benches) - BENCHES.keys()
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
