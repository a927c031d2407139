"""Records as JSON text, and back."""

from __future__ import annotations

from hashlib import blake2b

from pydantic import TypeAdapter

from adapters.contract import Field, Outcome, Task
from bot.domain.boards import BoardView
from bot.domain.model import CardView, Whisper

_TASK = TypeAdapter(Task)
_OUTCOMES = TypeAdapter(tuple[Outcome, ...])
_FIELDS = TypeAdapter(tuple[Field, ...])
_VIEW = TypeAdapter(CardView)
_BOARD = TypeAdapter(BoardView)
_WHISPER = TypeAdapter(Whisper)


def dump_task(task: Task) -> bytes:
    return _TASK.dump_json(task, exclude_defaults=True)


def load_task(doc: str) -> Task:
    return _TASK.validate_json(doc)


def fingerprint(doc: bytes) -> str:
    """What tells whether a task has changed since it was stored."""
    return blake2b(doc, digest_size=8).hexdigest()


def dump_outcomes(outcomes: tuple[Outcome, ...]) -> str:
    return _OUTCOMES.dump_json(outcomes, exclude_defaults=True).decode()


def load_outcomes(doc: str) -> tuple[Outcome, ...]:
    return _OUTCOMES.validate_json(doc)


def dump_fields(fields: tuple[Field, ...]) -> str:
    return _FIELDS.dump_json(fields, exclude_defaults=True).decode()


def load_fields(doc: str) -> tuple[Field, ...]:
    return _FIELDS.validate_json(doc)


def dump_view(view: CardView) -> str:
    return _VIEW.dump_json(view, exclude_defaults=True).decode()


def load_view(doc: str) -> CardView:
    return _VIEW.validate_json(doc)


def dump_board(view: BoardView) -> str:
    return _BOARD.dump_json(view, exclude_defaults=True).decode()


def load_board(doc: str) -> BoardView:
    return _BOARD.validate_json(doc)


def dump_whisper(whisper: Whisper) -> str:
    return _WHISPER.dump_json(whisper).decode()


def load_whisper(doc: str) -> Whisper:
    return _WHISPER.validate_json(doc)
