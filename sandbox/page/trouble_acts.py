"""What the page breaks, and how the app's program is."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.routing import Route

from sandbox.page import asked
from sandbox.page.answering import Unready, body_of, get, post
from sandbox.program import Program, ProgramFailed, ProgramState
from sandbox.slack.model import Json
from sandbox.trouble import Panel

_Act = Callable[[Program], Awaitable[None]]


class TroubleActs:
    """One method for each address below `/api/troubles` and `/api/program`."""

    def __init__(self, panel: Panel, program: Callable[[], Program | None], title: str) -> None:
        """`program`: the app's, if it is one of the sandbox's; `title`: what the log calls it."""
        self.panel = panel
        self._program = program
        self._title = title
        self._acts: Mapping[str, _Act] = {
            "kill": self._kill,
            "stop": self._stop,
            "start": self._start,
        }

    def routes(self, app_name: str) -> list[Route]:
        """All addresses; `app_name` is for what is told when the app fails."""
        return [
            get("/api/troubles", self.shown, app_name),
            post("/api/troubles/clear", self.clear, app_name),
            post("/api/troubles/{service}/{name}", self.turn, app_name),
            post("/api/program/{act}", self.program, app_name),
        ]

    async def shown(self, _request: Request) -> Json:
        """All switches, the log, and the program, if there is one."""
        return {**self.panel.shown(), "program": self._shown_program()}

    async def clear(self, _request: Request) -> Json:
        """End all trouble; the program is left as it is."""
        self.panel.clear()
        return {}

    async def turn(self, request: Request) -> Json:
        """Switch a trouble on or off."""
        body = await body_of(request, asked.Turned)
        self.panel.turn(request.path_params["service"], request.path_params["name"], body.on)
        return {}

    async def program(self, request: Request) -> Json:
        """Kill, stop or start the program."""
        act = self._acts[request.path_params["act"]]
        program = self._program()
        if program is None:
            raise Unready("The sandbox did not start this app: nothing can be killed.")
        await act(program)
        return {"state": program.state}

    async def _kill(self, program: Program) -> None:
        if not _is_stopped(program):
            await program.kill()
            self.panel.write(f"{self._title} was killed")

    async def _stop(self, program: Program) -> None:
        if not _is_stopped(program):
            self.panel.write(f"{self._title} is asked to stop")
            await program.stop()
            self.panel.write(f"{self._title} has stopped")

    async def _start(self, program: Program) -> None:
        if not _is_stopped(program):
            return
        begun = time.monotonic()
        try:
            await program.start()
        except ProgramFailed as failed:
            self.panel.write(f"{self._title} did not start")
            raise Unready(f"{self._title} did not start: {failed}") from failed
        if not _is_stopped(program):  # nobody stopped it on its way
            self.panel.write(f"{self._title} is up after {time.monotonic() - begun:.1f} s")

    def _shown_program(self) -> Json | None:
        program = self._program()
        if program is None:
            return None
        words = program.last_words
        return {"title": self._title, "state": program.state, "lastWords": words}


def _is_stopped(program: Program) -> bool:
    return program.state is ProgramState.STOPPED
