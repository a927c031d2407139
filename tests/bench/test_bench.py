"""That the benches work: one of them, tiny, from end to end. No time is judged here."""

from __future__ import annotations

from bench import polls
from bench.scale import TINY


def test_a_tiny_bench_tells_every_figure() -> None:
    found = list(polls.bench(TINY))
    assert [figure.name.partition(":")[0] for figure in found] == ["reten"] * 4 + ["close"] * 4
    quiet = [figure for figure in found if "writes and calls" in figure.name]
    assert [figure.figure for figure in quiet] == ["0 writes, 0 calls"] * 2
    assert all(figure.figure and figure.name for figure in found)
