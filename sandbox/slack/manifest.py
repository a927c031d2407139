"""An app's manifest: what it declares to Slack, and with that what people can choose and what the
app hears of. Parts that the sandbox does not simulate are passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.slack.errors import SandboxError
from sandbox.slack.events import EVENTS
from sandbox.slack.limits import LIMITS

DEFAULT_SCOPES = frozenset(
    {"chat:write", "commands", "im:write", "im:history", "users:read", "users:read.email"}
)


class ManifestError(SandboxError):
    """A manifest that Slack would not take; the words name the field."""


def _words(limit: str, **more: Any) -> Any:
    return Field(min_length=1, max_length=LIMITS[f"manifest.{limit}"], **more)


def _some(limit: str) -> Any:
    return Field(max_length=LIMITS[f"manifest.{limit}"], strict=False)


class _Part(BaseModel):
    """A group of settings; what else stands in it is passed over."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class _Item(_Part):
    """A group of settings that is known to the last one: a slip of the pen is refused."""

    model_config = ConfigDict(extra="forbid")


class Command(_Item):
    """A slash command. With `should_escape`, people, channels and links come as `<@U…|name>`,
    `<#C…|name>` and `<https://…>`."""

    command: Annotated[str, _words("command", pattern="^/.")]
    description: Annotated[str, _words("command.description")]
    usage_hint: Annotated[str, Field(max_length=LIMITS["manifest.command.usage_hint"])] = ""
    should_escape: bool = False
    url: str = ""


class Shortcut(_Item):
    """A shortcut: a global one of the workspace, or one in the menu of a message."""

    name: Annotated[str, _words("shortcut.name")]
    type: Literal["global", "message"]
    callback_id: Annotated[str, _words("shortcut.callback_id")]
    description: Annotated[str, _words("shortcut.description")]


class _Display(_Part):
    name: Annotated[str, _words("name")]


class _AppHome(_Item):
    """As Slack has it where nothing is said: messages of the app, and nobody writes back."""

    home_tab_enabled: bool = False
    messages_tab_enabled: bool = True
    messages_tab_read_only_enabled: bool = True


class _BotUser(_Item):
    display_name: Annotated[str, _words("bot_name")]
    always_online: bool = False


class _Features(_Part):
    app_home: _AppHome = _AppHome()
    bot_user: _BotUser | None = None
    slash_commands: Annotated[tuple[Command, ...], _some("commands")] = ()
    shortcuts: Annotated[tuple[Shortcut, ...], _some("shortcuts")] = ()


class _Scopes(_Part):
    bot: Annotated[tuple[str, ...], _some("scopes")] = ()


class _Oauth(_Part):
    scopes: _Scopes = _Scopes()


class _Events(_Part):
    bot_events: Annotated[tuple[str, ...], _some("events")] = ()


class _Interactivity(_Part):
    is_enabled: bool = False
    message_menu_options_url: str = ""


class _Settings(_Part):
    event_subscriptions: _Events = _Events()
    interactivity: _Interactivity = _Interactivity()
    socket_mode_enabled: bool = False


class _Whole(_Part):
    display_information: _Display
    features: _Features = _Features()
    oauth_config: _Oauth = _Oauth()
    settings: _Settings = _Settings()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an app declared. The one that is made without a word leaves everything open: whatever
    command, shortcut or event there is reaches the app."""

    app_name: str = "App"
    bot_name: str = "App"
    scopes: frozenset[str] = DEFAULT_SCOPES
    commands: tuple[Command, ...] = ()
    global_shortcuts: tuple[Shortcut, ...] = ()
    message_shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset()
    home_tab: bool = True
    messages_tab: bool = True
    read_only_messages: bool = False
    """Whether people can write nothing, commands neither, where the app's messages are."""
    interactive: bool = True
    serves_options: bool = True
    """Whether the app is asked for the options of menus."""
    open_to_all: bool = True
    """Whether what is not declared reaches the app as well."""

    @classmethod
    def from_mapping(cls, mapping: object) -> Self:
        """The manifest in Slack's own form, as YAML or JSON give it. Raises ManifestError."""
        if not isinstance(mapping, Mapping):
            raise ManifestError("The manifest must be an object.")
        try:
            whole = _Whole.model_validate(mapping)
        except ValidationError as wrong:
            raise ManifestError(_complaint(wrong)) from None
        _check_scopes(whole)
        features, settings = whole.features, whole.settings
        interactivity, home = settings.interactivity, features.app_home
        name = whole.display_information.name
        return cls(
            app_name=name,
            bot_name=features.bot_user.display_name if features.bot_user else name,
            scopes=frozenset(whole.oauth_config.scopes.bot),
            commands=features.slash_commands,
            global_shortcuts=tuple(one for one in features.shortcuts if one.type == "global"),
            message_shortcuts=tuple(one for one in features.shortcuts if one.type == "message"),
            events=frozenset(settings.event_subscriptions.bot_events),
            home_tab=home.home_tab_enabled,
            messages_tab=home.messages_tab_enabled,
            read_only_messages=home.messages_tab_read_only_enabled,
            interactive=interactivity.is_enabled,
            serves_options=bool(interactivity.message_menu_options_url)
            or settings.socket_mode_enabled,
            open_to_all=False,
        )

    def command(self, name: str) -> Command | None:
        """The command of this name, if it is declared."""
        return next((one for one in self.commands if one.command == name), None)

    def takes_command(self, name: str) -> bool:
        """Whether this command reaches the app."""
        return self.open_to_all or self.command(name) is not None

    def offers(self, callback_id: str, shortcuts: tuple[Shortcut, ...]) -> bool:
        """Whether this shortcut is among those that people find."""
        return self.open_to_all or any(one.callback_id == callback_id for one in shortcuts)

    def hears(self, event: str) -> bool:
        """Whether the app is told of events of this type."""
        return self.open_to_all or event in self.events


def _check_scopes(whole: _Whole) -> None:
    """What is asked for needs scopes, and Slack wants them asked for as well."""
    granted = whole.oauth_config.scopes.bot
    needed = {"features.slash_commands": "commands"} if whole.features.slash_commands else {}
    if whole.features.shortcuts:
        needed["features.shortcuts"] = "commands"
    for event in whole.settings.event_subscriptions.bot_events:
        scope = EVENTS.get(event)
        if scope is not None:
            needed[f"settings.event_subscriptions.bot_events {event}"] = scope
    for field, scope in needed.items():
        if scope not in granted:
            raise ManifestError(f"The manifest's {field} needs the bot's scope {scope}.")


def _complaint(wrong: ValidationError) -> str:
    first = wrong.errors()[0]
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"The manifest has {field[1:]}, which Slack does not know."
    why = _WHY.get(first["type"], first["msg"])
    return f"The manifest's {field[1:]} is wrong: {why}."


_WHY = {
    "missing": "it must be given",
    "model_type": "it must be an object",
    "tuple_type": "it must be a list",
    "string_pattern_mismatch": "it must begin with a slash, and a name must follow",
}
"""Where the words of the library that checks would tell of how we use it."""
