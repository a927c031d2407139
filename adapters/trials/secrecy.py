"""Nothing secret and nothing about a person in logs or errors."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import structlog

from adapters import contract as c
from adapters.trials import line as wire
from adapters.trials.line import Trouble
from adapters.trials.trial import EMAIL, PERSON, TITLE, Group, Trial, require
from adapters.trials.writes import all_writes

check = Group("secrecy")


class _Heard(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


@contextmanager
def hearing() -> Iterator[list[str]]:
    """What is logged meanwhile, from INFO on, by `logging` and by structlog; nowhere else."""
    root, heard = logging.getLogger(), _Heard()
    handlers, level, kept = root.handlers[:], root.level, structlog.get_config()

    def keep(_: object, __: str, event: Any) -> Any:
        heard.texts.append(repr(event))
        raise structlog.DropEvent

    root.handlers[:] = [heard]
    root.setLevel(logging.INFO)
    structlog.configure(processors=[keep], cache_logger_on_first_use=False)
    try:
        yield heard.texts
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**kept)


def _told(error: BaseException | None) -> Iterator[str]:
    """All that an error and those behind it say."""
    while error is not None:
        yield from (str(error), repr(error), *getattr(error, "__notes__", ()))
        yield from getattr(error, "fields", {}).values()
        error = error.__cause__ or error.__context__


def _expect_nothing_of(trial: Trial, texts: list[str], where: str) -> None:
    for text in texts:
        for word in trial.private:
            require(word not in text, f"{where} holds {_masked(trial, word)}: {text[:200]}")


def _masked(trial: Trial, word: str) -> str:
    return "a secret" if word in trial.rig.secrets else f"“{word}”"


Doing = Callable[[], Awaitable[object]]


async def _failing(doing: Doing) -> list[str]:
    """What the error says that this may raise."""
    try:
        await doing()
    except c.ProviderError as error:
        return list(_told(error))
    return []


async def _all_reads(trial: Trial) -> list[str]:
    """Every read, and what the errors say that come of it."""
    provider, texts = trial.provider, list[str]()
    reads: list[Doing] = [provider.check, trial.listed, provider.offer]
    if trial.capabilities.directory:
        reads.append(provider.operators)
    for read in reads:
        texts += await _failing(read)
    return texts


@check("A working day leaves nothing secret or personal in the logs.")
async def day(trial: Trial) -> None:
    with hearing() as texts:
        await trial.restart()
        await _all_reads(trial)
        for write in await all_writes(trial):
            task = await (await write.aim(trial)).send(False)
            await trial.provider.lookup(task)
    _expect_nothing_of(trial, texts, "a log line")


_PERSONAL = f"{PERSON} <{EMAIL}>: {TITLE}"
_TROUBLES: dict[str, Trouble] = {
    "a refused key": wire.answers(401, b"{}"),
    "an error of the server": wire.answers(500, json.dumps({"trace": _PERSONAL}).encode()),
    "a web page": wire.answers(200, _PERSONAL.encode(), {"content-type": "text/html"}),
    "a broken-off answer": wire.truncated,
    "a line that breaks": wire.cut_after,
    "silence": wire.silence_after,
    "another JSON": wire.answers(200, json.dumps({"who": _PERSONAL}).encode()),
}


@check.each("Neither logs nor errors tell anything secret or personal after {}.", _TROUBLES)
async def trouble(trial: Trial, trouble: Trouble) -> None:
    trial.add()
    writes = await all_writes(trial)
    aimed = [await write.aim(trial) for write in writes]
    with hearing() as texts:
        await trial.restart()
        trial.line.hit(wire.anything, trouble, times=None)
        told = await _all_reads(trial)
        trial.line.clear()
        trial.line.hit(wire.is_write, trouble, times=None)
        for one in aimed:
            trial.rig.advance(120)
            told += await _failing(partial(one.send, False))
    _expect_nothing_of(trial, told, "an error")
    _expect_nothing_of(trial, texts, "a log line")


def _wrapped(row: Any) -> Any:
    """The row with all that it says inside something else."""
    return {name: {"inside": [value]} for name, value in row.items()}


@check("Rows that can't be read are not quoted.")
async def bad_rows(trial: Trial) -> None:
    trial.add()

    def spoil(rows: list[Any]) -> None:
        rows[:] = [_wrapped(row) for row in rows]

    trial.line.hit(trial.is_listing, wire.rewritten(trial.edit_rows(spoil)), times=None)
    with hearing() as texts:
        told = await _failing(trial.listed)
    _expect_nothing_of(trial, told, "an error")
    _expect_nothing_of(trial, texts, "a log line")


@check("A refusal that echoes the key does not bring it out.")
async def echo(trial: Trial) -> None:
    keys = [text for text in trial.rig.options.values() if text in trial.rig.secrets]
    require(keys, "none of the rig's `secrets` is among its `options`")
    body = {"message": f"{keys}", "error": f"{keys}", "errors": [{"message": f"{keys}"}]}
    trial.add()
    writes = [await write.aim(trial) for write in await all_writes(trial)]
    with hearing() as texts:
        trial.line.hit(wire.anything, wire.answers(400, json.dumps(body).encode()), times=None)
        told = await _all_reads(trial)
        for one in writes:
            told += await _failing(partial(one.send, False))
    for text in (*told, *texts):
        require(not any(str(key) in text for key in keys), f"the key is told: {text[:40]}…")
