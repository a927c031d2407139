"""Processes of their own for everything that must not share an interpreter with what is measured.

A child of ours prints one line of JSON when it is ready, and ends when its standard input does:
so none outlives a bench that was killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STOP_SECONDS = 15.0
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Child:
    """A child that is ready. `told`: what it said then."""

    process: subprocess.Popen[bytes]
    told: dict[str, Any]


@contextlib.contextmanager
def child(module: str, spec: Mapping[str, Any] | None = None) -> Iterator[Child]:
    """Run `python -m bench.<module>` while the block runs; `spec` goes to its standard input."""
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, "-m", f"bench.{module}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=plain_environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(spec or {}).encode() + b"\n")
        process.stdin.flush()
        said = process.stdout.readline()
        if not said:
            raise RuntimeError(f"bench.{module} ended before it was ready")
        yield Child(process, json.loads(said))
    finally:
        process.stdin.close()
        end(process)


def ask(module: str, spec: Mapping[str, Any]) -> Any:
    """Run a child to its end; what it says when it has done its work."""
    with child(module, spec) as found:
        return found.told


def end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a child that was told to stop, and no longer than is decent."""
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def plain_environment() -> dict[str, str]:
    """Of the environment, what a program needs to start: no setting of the bot leaks in."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}


def read_spec() -> dict[str, Any]:
    """In a child: what its parent wants."""
    spec: dict[str, Any] = json.loads(sys.stdin.readline())
    return spec


def tell(what: Mapping[str, Any]) -> None:
    """In a child: say it to the parent."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def until_released() -> None:
    """In a child: until the parent lets go."""
    await asyncio.to_thread(sys.stdin.read)
