"""What can befall a provider, from its door inwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.faults import Fault, Trouble
from sandbox.providers.service import Reply, ShownSim
from sandbox.trouble.switch import FaultSwitch, Report, Switch, Words

SLOW_SECONDS = 8.0
RETRY_AFTER = 15
"""Seconds for which a provider that has had too many requests sends clients away."""

_LONG = 24
_UNAVAILABLE = Reply(503, b'{"message":"Service Unavailable"}')
_WEB_PAGE = Reply(200, b"<html><body>Maintenance</body></html>", media_type="text/html")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A trouble with requests. `told`: what the provider did, where `{}` is the request."""

    words: Words
    told: str
    fault: Callable[[ShownSim], Fault]


def provider_switches(sim: ShownSim, report: Report) -> list[Switch]:
    """All that can befall this provider, the key last."""
    return [*(_request_switch(kind, sim, report) for kind in _KINDS), KeySwitch(sim, report)]


def _request_switch(kind: _Kind, sim: ShownSim, report: Report) -> Switch:
    def told(method: str, path: str) -> str:
        return kind.told.format(f"{method} {_short(path)}")

    return FaultSwitch(kind.words, report, sim.faults, lambda: kind.fault(sim), told)


def _short(path: str) -> str:
    """The last part of a path, which tells enough; of a long id, the beginning."""
    *before, last = path.strip("/").split("/")
    if len(last) > _LONG:
        last = f"{last[:_LONG]}…"
    return f"…/{last}" if before else f"/{last}"


def _answering(reply: Reply) -> Fault:
    """This answer, for whatever is asked."""
    headers = {"content-type": reply.media_type, **reply.headers}
    return Fault(Trouble.STATUS, times=None, status=reply.status, headers=headers, body=reply.body)


_KINDS = (
    _Kind(
        Words(
            "slow",
            "Slow",
            "is slow",
            f"Each answer takes {SLOW_SECONDS:g} seconds.",
            "A click is taken at once; its card says that it is under way until the answer comes.",
        ),
        "keeps {} waiting",
        lambda _sim: Fault(Trouble.SLOW, times=None, seconds=SLOW_SECONDS),
    ),
    _Kind(
        Words(
            "unreachable",
            "Line cut",
            "is out of reach",
            "Each connection breaks before anything is done.",
            "Nothing is lost: what people did waits, and is looked up before it is tried again.",
        ),
        "was not reached by {}",
        lambda _sim: Fault(Trouble.DROP, times=None),
    ),
    _Kind(
        Words(
            "down",
            "Down",
            "is down",
            "Every request is answered 503.",
            "Cards say that there is no answer, keep what people did, and send it later.",
        ),
        "answered 503 to {}",
        lambda _sim: _answering(_UNAVAILABLE),
    ),
    _Kind(
        Words(
            "limited",
            "Too many requests",
            "wants a pause",
            f"Every request is answered 429: come back in {RETRY_AFTER} seconds.",
            "The app waits as long as it is told; nothing is lost, and nobody is blamed.",
        ),
        "answered 429 to {}",
        lambda sim: _answering(sim.too_many(RETRY_AFTER)),
    ),
    _Kind(
        Words(
            "garbage",
            "Garbage",
            "answers garbage",
            "Every answer is a web page with status 200, as a proxy sends; nothing is done.",
            "No card changes by it. One that has something to send says that the answer makes "
            "no sense, and the app keeps trying.",
        ),
        "answered a web page to {}",
        lambda _sim: _answering(_WEB_PAGE),
    ),
    _Kind(
        Words(
            "lost-reply",
            "Lost reply",
            "loses the reply to the next write",
            "The next write is done, and the line breaks before its answer.",
            "The card must not say that it failed, nor do it twice: the app looks first.",
            lasts=False,
        ),
        "did {} and its answer was lost",
        lambda sim: Fault(Trouble.DROP_AFTER, only=sim.is_write),
    ),
    _Kind(
        Words(
            "truncated",
            "Half an answer",
            "breaks off its answers",
            "What is asked is done, but each answer ends in the middle.",
            "No card changes by a broken list, and none is taken away because it is missing there.",
        ),
        "answered half of what {} asked",
        lambda _sim: Fault(Trouble.TRUNCATE, times=None),
    ),
)


class KeySwitch(Switch):
    """The app's key is no longer good."""

    _WORDS = Words(
        "revoked-key",
        "Revoked key",
        "refuses the key",
        "The key was deleted: every request is answered 401.",
        "Cards and admins are told. The app leaves a closed door alone for a while: when the key "
        "is back, move the clock ahead or restart the app.",
    )

    def __init__(self, sim: ShownSim, report: Report) -> None:
        super().__init__(self._WORDS, report)
        self._sim = sim
        sim.when_key_refused = self._refused

    @property
    def on(self) -> bool:
        return self._sim.key_revoked

    def begin(self) -> None:
        self._sim.revoke_key()

    def end(self) -> None:
        self._sim.restore_key()

    def _refused(self, method: str, path: str) -> None:
        self.struck(f"refused the key of {method} {_short(path)}")
