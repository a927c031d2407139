"""Who hears of trouble and who oversees: whether Slack knows them, and the channels."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.checks.finding import Finding, long, warning, well, wrong
from bot.checks.stored import Stored
from bot.settings import Settings
from bot.slack.client import SlackClient, SlackRefused, SlackTrouble
from bot.slack.inspection import Heard, Inspection
from bot.store.backlog import Spoken

AT_ONCE = 4


async def people_checks(settings: Settings, slack: SlackClient) -> list[Finding]:
    """The admins and managers, one by one."""
    found = []
    if settings.admins:
        found.append(await _people(slack, "admins", settings.admins))
    else:
        said = "There is none: nobody hears of trouble or can help others."
        found.append(warning("admins", said, "Set TASKBELL_ADMINS to their Slack user ids."))
    if settings.managers:
        found.append(await _people(slack, "managers", settings.managers))
    return found


async def _people(slack: SlackClient, check: str, users: Sequence[str]) -> Finding:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(user: str) -> str | None:
        async with gate:
            return await _problem(slack, user)

    try:
        problems = [p for p in await asyncio.gather(*map(one, users)) if p]
    except SlackTrouble as trouble:
        return warning(check, f"Can't be looked up: {trouble}.", "See the lines above.")
    if problems:
        variable = f"TASKBELL_{check.upper()}"
        return wrong(check, f"{'; '.join(problems)}.", f"Correct {variable}.")
    return well(check, f"{', '.join(users)}: in the workspace, and active.")


async def _problem(slack: SlackClient, user: str) -> str | None:
    try:
        profile = await slack.profile(user)
    except SlackRefused as refusal:
        if refusal.code in ("user_not_found", "user_not_visible"):
            return f"{user} is not in the workspace"
        raise
    return None if profile.usable else f"{user} is deactivated, or a bot"


async def channel_checks(
    settings: Settings, slack: Inspection, stored: Stored | None, now: datetime
) -> list[Finding]:
    """The channels that are set. The bot may not look at channels unless it was given a scope that
    it does not need otherwise: then what it has posted there must tell."""
    named = {
        "fallback channel": ("TASKBELL_FALLBACK_CHANNEL", settings.fallback_channel),
        "alert channel": ("TASKBELL_ALERT_CHANNEL", settings.alert_channel),
    }
    found = []
    for check, (variable, channel) in named.items():
        if channel is not None:
            spoken = stored.spoken.get(channel) if stored else None
            heard = await slack.channel(channel)
            found.append(_channel(check, variable, channel, heard, spoken, now))
    return found


def _channel(
    check: str, variable: str, channel: str, heard: Heard, spoken: Spoken | None, now: datetime
) -> Finding:
    invite = f"Invite the bot to {channel} with /invite, or set {variable} to another."
    if heard.code == "channel_not_found":
        return wrong(check, f"Slack shows the bot no channel {channel}.", invite)
    told = heard.body.get("channel", {})
    if told.get("is_archived"):
        return wrong(check, f"{channel} is archived.", invite)
    if heard.trouble is None and told.get("is_member"):
        return well(check, f"The bot is a member of {channel}.")
    if heard.trouble is None:
        return wrong(check, f"The bot is no member of {channel}.", invite)
    if spoken is not None and spoken.stands:
        return well(check, f"A message was posted in {channel} {long(now - spoken.at)} ago.")
    if spoken is not None:
        return wrong(check, f"The last message to {channel} was not posted: {spoken.why}.", invite)
    said = f"Whether the bot may post in {channel} can't be told: it may not look at channels."
    return warning(check, said, f"{invite} With the scope channels:read this could be checked.")
