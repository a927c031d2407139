"""Live: whether the bot can post, change, find and delete a message, by doing it."""

from __future__ import annotations

from datetime import datetime

from bot.checks.finding import Finding, well, wrong
from bot.slack.client import SlackClient
from bot.slack.inspection import Inspection
from bot.slack.trial import Step, try_speaking

_REMEDIES = {
    "messages_tab_disabled": "Switch the Messages Tab on, on the app's page App Home.",
    "user_not_found": "Name another Slack user with --as, or correct TASKBELL_ADMINS.",
    "user_disabled": "Name another Slack user with --as, or correct TASKBELL_ADMINS.",
    "cannot_dm_bot": "Name a person with --as.",
}


async def live_checks(
    slack: SlackClient, inspection: Inspection, user: str, now: datetime
) -> list[Finding]:
    """Send `user` a card and take it away again; they may notice it."""
    steps = await try_speaking(slack, inspection, user, now)
    failed = [_failed(step) for step in steps if step.trouble is not None]
    done = [step.name for step in steps if step.trouble is None]
    if failed:
        return failed
    return [well("live", f"A card to {user}: {', '.join(done)}: all done.")]


def _failed(step: Step) -> Finding:
    remedy = _REMEDIES.get(step.code or "", "See the lines on Slack's token and scopes.")
    if step.name == "delete":
        remedy = "Delete the message in Slack by hand."
    return wrong(f"live {step.name}", f"{step.trouble}.", remedy)
