"""That the benches work: one of them, tiny, from end to end. No time is judged here."""

from __future__ import annotations

from bench import polls
from bench.scale import TINY


def test_a_tiny_bench_tells_every_figure() -> None:
    found = list(polls.bench(TINY))
    told = [figure.name.partition(":")[0] for figure in found]
    assert told == [name for name in ("reten", "close", "vambe", "pland") for _ in range(6)]
    quiet = [figure for figure in found if "writes and calls" in figure.name]
    assert [figure.figure for figure in quiet] == ["0 writes, 0 calls"] * 4
    assert all(figure.met for figure in found if "requests" in figure.name)
    assert all(figure.figure and figure.name for figure in found)
