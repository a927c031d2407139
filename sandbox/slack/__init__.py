"""A simulated Slack workspace for testing any Slack app: Web API, Block Kit's rules, Socket Mode,
and people who click.

    workspace = Workspace(SystemClock())
    ana = workspace.add_person("Ana Ruiz", email="ana@example.com")
    slack = SlackSandbox(workspace)
    async with slack.served() as url:          # the Web API is at url + "/api/"
        slack.deliver_to("http://127.0.0.1:3000/slack/events")
        hands = slack.as_person(ana)
        await hands.click(hands.find("Farmacia Central"), "Complete")
"""

from sandbox.slack.dispatch import Delivery, Kind, Retry, sign
from sandbox.slack.errors import AppFailed, NotOffered, SandboxError, SlackError
from sandbox.slack.limits import LIMITS
from sandbox.slack.manifest import DEFAULT_SCOPES, Manifest, ManifestError
from sandbox.slack.model import Conversation, Person, Status, View
from sandbox.slack.person import Hands
from sandbox.slack.screen import Message
from sandbox.slack.server import SlackSandbox
from sandbox.slack.webapi import Call
from sandbox.slack.workspace import Workspace

__all__ = [
    "DEFAULT_SCOPES",
    "LIMITS",
    "AppFailed",
    "Call",
    "Conversation",
    "Delivery",
    "Hands",
    "Kind",
    "Manifest",
    "ManifestError",
    "Message",
    "NotOffered",
    "Person",
    "Retry",
    "SandboxError",
    "SlackError",
    "SlackSandbox",
    "Status",
    "View",
    "Workspace",
    "sign",
]
