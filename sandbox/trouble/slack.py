"""What can befall an app and Slack, between each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.faults import Fault, Trouble
from sandbox.slack import SlackError, SlackSandbox
from sandbox.slack.dispatch import Accident, Fate, is_deed
from sandbox.slack.model import Json
from sandbox.trouble.switch import FaultSwitch, Report, Switch, Words

SLOW_SECONDS = 4.0
RETRY_AFTER = 10
"""Seconds for which Slack refuses a method that was called too often."""

_API = "/api/"
_POST, _UPDATE = _API + "chat.postMessage", _API + "chat.update"
_CONNECT = _API + "apps.connections.open"


def slack_switches(slack: SlackSandbox, report: Report) -> list[Switch]:
    """All that can befall Slack."""
    calls = (_call_switch(kind, slack, report) for kind in _KINDS)
    clicks = (ClickSwitch(kind, slack, report) for kind in _CLICKS)
    return [*calls, *clicks]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A trouble with the app's calls. `told`: what Slack did, where `{}` is the method."""

    words: Words
    told: str
    fault: Callable[[], Fault]


def _call_switch(kind: _Kind, slack: SlackSandbox, report: Report) -> Switch:
    def told(_method: str, path: str) -> str:
        return kind.told.format(path.removeprefix(_API))

    return FaultSwitch(kind.words, report, slack.faults, kind.fault, told)


def _refusing(
    refusal: SlackError, status: int, only: Callable[[str, str], bool], headers: Mapping[str, str]
) -> Fault:
    """Slack's own answer to calls that it refuses."""
    return Fault(
        Trouble.STATUS,
        times=None,
        status=status,
        headers={"content-type": "application/json", **headers},
        body=json.dumps(refusal.answer()).encode(),
        only=only,
    )


def _writes_messages(_method: str, path: str) -> bool:
    return path in (_POST, _UPDATE)


def _uses_bot_token(_method: str, path: str) -> bool:
    return path.startswith(_API) and path != _CONNECT


_KINDS = (
    _Kind(
        Words(
            "slow",
            "Slow",
            "is slow",
            f"Each call of the app takes {SLOW_SECONDS:g} seconds.",
            "Cards change late. A window that a click should open comes too late: "
            "Slack gives 3 seconds.",
        ),
        "keeps {} waiting",
        lambda: Fault(Trouble.SLOW, _API, times=None, seconds=SLOW_SECONDS),
    ),
    _Kind(
        Words(
            "down",
            "Down",
            "is down",
            "Every call of the app is answered 503. Clicks still reach it.",
            "What people do is done all the same; their cards are put right afterwards.",
        ),
        "answered 503 to {}",
        lambda: Fault(Trouble.STATUS, _API, times=None, status=503),
    ),
    _Kind(
        Words(
            "limited",
            "Too many messages",
            "wants fewer messages",
            f"Posting and changing messages is answered 429: come back in {RETRY_AFTER} seconds.",
            "The app waits as long as it is told; no message is lost, and none comes twice.",
        ),
        "answered 429 to {}",
        lambda: _refusing(
            SlackError("ratelimited"), 429, _writes_messages, {"retry-after": str(RETRY_AFTER)}
        ),
    ),
    _Kind(
        Words(
            "revoked-token",
            "Revoked token",
            "refuses the bot's token",
            "The bot's token is no longer good; the app stays installed.",
            "What people do is not lost. When the token is back, "
            "move the clock ahead or restart the app: cards are put right.",
        ),
        "refused the token of {}",
        lambda: _refusing(SlackError("token_revoked"), 200, _uses_bot_token, {}),
    ),
    _Kind(
        Words(
            "lost-post",
            "Lost post",
            "loses the reply to the next message",
            "The next message is posted, and the line breaks before the answer.",
            "The message stands there once: the app finds it before it would post it again.",
            lasts=False,
        ),
        "did {} and its answer was lost",
        lambda: Fault(Trouble.DROP_AFTER, _POST),
    ),
)


@dataclass(frozen=True, slots=True)
class _Click:
    """A trouble with what people do. `told`: what Slack did, where `{}` is whose deed."""

    words: Words
    told: str
    fate: Fate


_CLICKS = (
    _Click(
        Words(
            "lost-click",
            "Lost click",
            "loses the next click",
            "The next thing that somebody does never reaches the app.",
            "Slack shows a warning, as always when no answer comes (there after 3 seconds, here at "
            "once). The card has not changed, and can be clicked again.",
            lasts=False,
        ),
        "lost {}",
        Fate.LOST,
    ),
    _Click(
        Words(
            "duplicated-click",
            "Duplicated click",
            "delivers the next click twice",
            "The next thing that somebody does reaches the app twice at the same moment.",
            "It is done once.",
            lasts=False,
        ),
        "delivered {} twice",
        Fate.TWICE,
    ),
    _Click(
        Words(
            "late-click",
            "Late click",
            "delivers the next click late",
            "The next thing that somebody does reaches the app once Slack has given up on it.",
            "Slack shows a warning, and then it is done all the same: once, even if it was clicked "
            "again. A window can't be opened any more.",
            lasts=False,
        ),
        "gives up on {} and delivers it late",
        Fate.LATE,
    ),
)

_DEEDS = {
    "view_submission": "form",
    "view_closed": "closing of a form",
    "shortcut": "shortcut",
    "message_action": "shortcut",
}


class ClickSwitch(Switch):
    """An accident of the next thing that somebody does."""

    def __init__(self, kind: _Click, slack: SlackSandbox, report: Report) -> None:
        super().__init__(kind.words, report)
        self._told = kind.told
        self._people = slack.workspace
        self._accidents = slack.dispatcher.accidents
        self._mine = Accident(kind.fate, is_deed, self._befell)

    @property
    def on(self) -> bool:
        return self._mine in self._accidents

    def begin(self) -> None:
        self._accidents.append(self._mine)

    def end(self) -> None:
        self._accidents.remove(self._mine)

    def _befell(self, payload: Json) -> None:
        user = payload["user"]["id"] if "user" in payload else payload["user_id"]
        deed = payload.get("command") or _DEEDS.get(payload.get("type", ""), "click")
        self.struck(self._told.format(f"the {deed} of {self._people.person(user).real_name}"))
