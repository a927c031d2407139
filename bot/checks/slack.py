"""Slack: the tokens and their scopes, the signing secret, the clocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from bot.checks.finding import Finding, long, warning, well, wrong
from bot.domain.clock import Clock
from bot.settings import Settings
from bot.slack.client import SlackAway, SlackBusy
from bot.slack.inspection import Heard, Inspection
from bot.slack.needs import APP_SCOPE, CHANNEL_SCOPES, SCOPES

SKEW = timedelta(seconds=60)
"""How far our clock and Slack's may be apart; what they tell is exact to a second or two."""

FRESH = timedelta(minutes=5)
"""How old Slack's signatures may be: clocks that are further apart let no request through."""

_SECRET = re.compile(r"[0-9a-f]{32}")
_OAUTH = "on the app's page OAuth & Permissions"
_BASIC = "on the app's page Basic Information"
_BOT_TOKEN = f"Set SLACK_BOT_TOKEN to the Bot User OAuth Token (xoxb-…) {_OAUTH}."
_APP_TOKEN = (
    f"Set SLACK_APP_TOKEN to an App-Level Token (xapp-…) with the scope {APP_SCOPE}, {_BASIC}."
)
_NETWORK = "Check this machine's network and SLACK_API_URL; slack-status.com tells of outages."


async def slack_checks(settings: Settings, slack: Inspection, clock: Clock) -> list[Finding]:
    """Everything that Slack tells of the tokens."""
    if settings.slack_bot_token is None:
        found = [wrong("slack token", "SLACK_BOT_TOKEN is not set.", _BOT_TOKEN)]
        return [*found, _secret(settings), await _socket(settings, slack)]
    began = clock.now()
    heard = await slack.token()
    between = began + (clock.now() - began) / 2
    found = [_token(heard)]
    if heard.trouble is None:
        found += _scopes(heard.scopes)
    found += [_secret(settings), await _socket(settings, slack)]
    if heard.dated is not None:
        found.append(_clock(between - heard.dated, by_http=settings.slack_app_token is None))
    return found


def _token(heard: Heard) -> Finding:
    check = "slack token"
    if isinstance(heard.trouble, SlackAway | SlackBusy):
        return wrong(check, f"{heard.trouble}.", _NETWORK)
    if heard.trouble is not None:
        return wrong(check, f"Slack refuses the bot token ({heard.code}).", _BOT_TOKEN)
    if not heard.body.get("bot_id"):
        return wrong(check, "SLACK_BOT_TOKEN is a person's token, not a bot's.", _BOT_TOKEN)
    name, team = heard.body.get("user"), heard.body.get("team")
    return well(check, f"It is the bot @{name} of the workspace {team}.")


def _scopes(granted: frozenset[str] | None) -> Iterable[Finding]:
    """What the installed app may do, beside what this version wants and `manifest.yml` asks for."""
    if granted is None:
        yield warning("slack scopes", "Slack does not say which the token has.", _NETWORK)
        return
    missing = [f"{scope} ({SCOPES[scope]})" for scope in sorted(SCOPES.keys() - granted)]
    if missing:
        yield wrong(
            "slack scopes",
            f"Not granted: {', '.join(missing)}.",
            f"Add them under Bot Token Scopes {_OAUTH}, then reinstall the app to the workspace.",
        )
    else:
        yield well("slack scopes", f"All are granted: {', '.join(sorted(SCOPES))}.")
    yield _manifest(granted, missing=bool(missing))


def _manifest(granted: frozenset[str], *, missing: bool) -> Finding:
    beyond = sorted(granted - SCOPES.keys() - CHANNEL_SCOPES)
    rest = "Its command, events and addresses can't be read with a bot token: not compared."
    if not beyond and not missing:
        return well("slack manifest", f"The app's scopes are those of manifest.yml. {rest}")
    differs = ["lacks scopes of manifest.yml"] * missing
    differs += [f"has more than it needs ({', '.join(beyond)})"] * bool(beyond)
    return warning(
        "slack manifest",
        f"The app {' and '.join(differs)}. {rest}",
        "Paste manifest.yml anew on the app's page App Manifest, then reinstall the app.",
    )


def _secret(settings: Settings) -> Finding:
    check, secret = "slack signing secret", settings.slack_signing_secret
    if settings.slack_app_token is not None:
        return well(check, "Not needed: Slack is heard over Socket Mode.")
    remedy = f"Set SLACK_SIGNING_SECRET to the Signing Secret {_BASIC}."
    if secret is None:
        return wrong(check, "SLACK_SIGNING_SECRET is not set.", remedy)
    if not _SECRET.fullmatch(secret.get_secret_value()):
        return warning(check, "It does not look like one (32 digits and letters a to f).", remedy)
    return well(check, "It has the right form; that it is this app's, only a click can prove.")


async def _socket(settings: Settings, slack: Inspection) -> Finding:
    check, token = "slack socket mode", settings.slack_app_token
    if token is None:
        return well(check, f"Off: Slack is heard over HTTP on {settings.host}:{settings.port}.")
    heard = await slack.socket(token.get_secret_value())
    match heard:
        case Heard(trouble=None):
            return well(check, "The app token may open a socket.")
        case Heard(trouble=SlackAway() | SlackBusy()):
            return wrong(check, f"{heard.trouble}.", _NETWORK)
        case Heard(code="missing_scope"):
            return wrong(check, f"The app token lacks the scope {APP_SCOPE}.", _APP_TOKEN)
        case Heard(code="not_allowed_token_type"):
            return wrong(check, "SLACK_APP_TOKEN is not an app-level token.", _APP_TOKEN)
        case _:
            return wrong(check, f"Slack refuses the app token ({heard.code}).", _APP_TOKEN)


def _clock(ahead: timedelta, *, by_http: bool) -> Finding:
    """`ahead`: how far our clock is before Slack's."""
    check = "clock"
    if abs(ahead) < SKEW:
        return well(check, "It agrees with Slack's.")
    way = "ahead of" if ahead > timedelta() else "behind"
    said = f"This machine's clock is {long(abs(ahead))} {way} Slack's"
    remedy = "Have the clock set by the network (NTP)."
    if by_http and abs(ahead) >= FRESH:
        return wrong(check, f"{said}: no request of Slack's passes for a fresh one.", remedy)
    return warning(check, f"{said}.", remedy)
