"""A tour: what somebody who meets an app for the first time does, step by step.

The steps are the app's, as data. The sandbox shows one after the other and sees by its own state
when one is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sandbox.clock import Clock
from sandbox.page.boards import Board
from sandbox.slack import Workspace
from sandbox.trouble import Panel


@dataclass(frozen=True, slots=True)
class Scene:
    """What can be seen of a sandbox."""

    workspace: Workspace
    boards: Mapping[str, Board]
    troubles: Panel
    clock: Clock


class Condition(Protocol):
    """What must have happened for a step to be done. A step is done when it comes true."""

    def met(self, scene: Scene, since: datetime) -> bool:
        """Whether it is so now; the step began at `since`."""
        ...


@dataclass(frozen=True, slots=True)
class Closed:
    """A provider's task is closed."""

    board: str
    title: str

    def met(self, scene: Scene, since: datetime) -> bool:  # noqa: ARG002
        return not _is_open(scene, self.board, self.title)


@dataclass(frozen=True, slots=True)
class Reopened:
    """A provider's task is open; as a step is done when this comes true, it was closed before."""

    board: str
    title: str

    def met(self, scene: Scene, since: datetime) -> bool:  # noqa: ARG002
        return _is_open(scene, self.board, self.title)


@dataclass(frozen=True, slots=True)
class Told:
    """The app told somebody something that they alone see, as it does after a command."""

    person: str

    def met(self, scene: Scene, since: datetime) -> bool:
        return any(
            post.only_for == self.person and float(post.ts) >= since.timestamp()
            for conversation in scene.workspace.conversations.values()
            for post in conversation.posts
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the app that somebody sees holds these words."""

    person: str
    words: str

    def met(self, scene: Scene, since: datetime) -> bool:  # noqa: ARG002
        return any(
            self.words in post.text
            for conversation in scene.workspace.conversations.values()
            if self.person in conversation.members
            for post in conversation.posts
            if not post.deleted and post.only_for in (None, self.person)
        )


@dataclass(frozen=True, slots=True)
class Passed:
    """So much time has passed."""

    time: timedelta

    def met(self, scene: Scene, since: datetime) -> bool:
        return scene.clock.now() - since >= self.time


@dataclass(frozen=True, slots=True)
class Broken:
    """A trouble of a service is on."""

    service: str
    trouble: str

    def met(self, scene: Scene, since: datetime) -> bool:  # noqa: ARG002
        return scene.troubles.is_on(self.service, self.trouble)


def _is_open(scene: Scene, board: str, title: str) -> bool:
    return any(task.title == title and task.open for task in scene.boards[board].tasks())


@dataclass(frozen=True, slots=True)
class Target:
    """What a step points at: a button of a person's message that begins with a title (or the line
    where they write, without a title), or a part of the stage: `clock`, `boards/NAME`,
    `trouble/NAME` (a service's tab) or `people`."""

    panel: str = ""
    seat: str = ""
    message: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Without a condition it is done when somebody goes on."""

    title: str
    words: str
    target: Target
    done: Condition | None = None


class Tour:
    """Where somebody is on a tour."""

    def __init__(self, steps: Sequence[Step], scene: Scene) -> None:
        self.steps = steps
        self._scene = scene
        self.at = 0
        self.open = bool(steps)
        self._met = False
        self._begin()

    def watch(self) -> None:
        """Go on if the step has just been done."""
        step = self.steps[self.at] if self.open else None
        if step is None or step.done is None:
            return
        met = step.done.met(self._scene, self._since)
        if met and not self._met:
            self.go(1)
        else:
            self._met = met

    def go(self, steps: int) -> None:
        """Go so many steps on (or back); beyond the last one the tour ends."""
        self.at = max(self.at + steps, 0)
        if self.at >= len(self.steps):
            self.leave()
        else:
            self._begin()

    def leave(self) -> None:
        """End the tour."""
        self.open = False

    def again(self) -> None:
        """Take the tour from its beginning."""
        self.at, self.open = 0, bool(self.steps)
        self._begin()

    def _begin(self) -> None:
        self._since = self._scene.clock.now()
        step = self.steps[self.at] if self.open else None
        self._met = bool(step and step.done and step.done.met(self._scene, self._since))
