"""What is wrong with settings: collected, and told in sentences that hold no secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one setting: a sentence that holds no secret."""

    setting: str
    message: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.message}"


class SettingsError(Exception):
    """Settings that cannot be used; its text has a line for each problem."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@contextmanager
def collecting(problems: list[Problem]) -> Iterator[None]:
    """Go on after settings that cannot be used, to find what else is wrong."""
    try:
        yield
    except SettingsError as error:
        problems.extend(error.problems)


@contextmanager
def translating(setting: Callable[[str], str]) -> Iterator[None]:
    """Turn what pydantic finds wrong into problems; `setting` names the setting of a field."""
    try:
        yield
    except ValidationError as error:
        problems = (
            Problem(setting(str(detail["loc"][0]) if detail["loc"] else ""), _sentence(detail))
            for detail in error.errors(include_url=False, include_input=False)
        )
        raise SettingsError(*dict.fromkeys(problems)) from None


def _sentence(detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "not set"
    message = detail["msg"].removeprefix("Value error, ")
    return message.replace("Input should", "must", 1).partition(", unable to parse")[0]
