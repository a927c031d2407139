"""Every error that this Slack answers, in one table: what it means, and which methods say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ANY = ("any",)
RESPONSE_URL = "response_url"
"""What is posted to a response_url, which is no method but is refused likewise."""

_POSTS = ("chat.postMessage", "chat.postEphemeral")
_CONTENT = (*_POSTS, "chat.update", RESPONSE_URL)
_OWN = ("chat.update", "chat.delete")
_WRITES = (*_POSTS, *_OWN)
_OPENS = ("views.open", "views.push")
_VIEWS = (*_OPENS, "views.update", "views.publish")
_PAGES = ("conversations.history", "users.list")


@dataclass(frozen=True, slots=True)
class Code:
    """What an error means to who gets it."""

    meaning: str
    methods: tuple[str, ...]
    """Which answer it; `any` for all."""


CODES: Mapping[str, Code] = MappingProxyType(
    {
        # Whoever calls
        "not_authed": Code("no token was sent", ANY),
        "invalid_auth": Code("no app has this token", ANY),
        "not_allowed_token_type": Code("a bot's token is needed, or an app's", ANY),
        "token_revoked": Code("the token was taken away", ANY),
        "account_inactive": Code("the app was removed from the workspace", ANY),
        "missing_scope": Code("the token lacks the scope that `needed` names", ANY),
        "ratelimited": Code("too many calls: HTTP 429, and Retry-After in seconds", ANY),
        "unknown_method": Code("Slack has no such method", ANY),
        "method_not_in_sandbox": Code("Slack has this method, this sandbox does not", ANY),
        # What is sent
        "invalid_json": Code("the body is not the JSON it says it is", ANY),
        "json_not_object": Code("the body is JSON, and no object", ANY),
        "invalid_arguments": Code(
            "an argument is missing or wrong; `response_metadata.messages` tells which", ANY
        ),
        # Messages
        "channel_not_found": Code(
            "no such conversation, or a person's id where a conversation's is needed",
            (*_WRITES, "conversations.info", "conversations.history"),
        ),
        "not_in_channel": Code(
            "the bot is not a member of the channel", (*_WRITES, "conversations.history")
        ),
        "is_archived": Code("the channel is archived", _WRITES),
        "restricted_action": Code("only some may post here", _WRITES),
        "restricted_action_read_only_channel": Code("nobody may post here", _WRITES),
        "restricted_action_thread_only_channel": Code("only replies may be posted here", _POSTS),
        "restricted_action_non_threadable_channel": Code("no replies may be posted here", _POSTS),
        "user_disabled": Code(
            "the person's account is deactivated",
            (*_WRITES, "conversations.open", "views.publish"),
        ),
        "messages_tab_disabled": Code("the app's messages tab is switched off", _WRITES),
        "user_not_in_channel": Code(
            "who is to see it is not a member of the channel", ("chat.postEphemeral",)
        ),
        "no_text": Code("neither text nor blocks nor attachments", _CONTENT),
        "msg_too_long": Code("the text is too long for a change", ("chat.update",)),
        "invalid_blocks_format": Code("`blocks` is no JSON", _CONTENT),
        "invalid_blocks": Code(
            "a block breaks a rule; `response_metadata.messages` tells which and where", _CONTENT
        ),
        "msg_blocks_too_long": Code("the blocks hold too many words together", _CONTENT),
        "invalid_attachments": Code("`attachments` is no JSON", _CONTENT),
        "too_many_attachments": Code("more attachments than a message holds", _CONTENT),
        "invalid_metadata_format": Code(
            "`metadata` is not an event_type with its event_payload",
            ("chat.postMessage", "chat.update"),
        ),
        "invalid_metadata_schema": Code(
            "the event_payload holds more than flat values",
            ("chat.postMessage", "chat.update"),
        ),
        "metadata_too_large": Code(
            "`metadata` holds too many bytes", ("chat.postMessage", "chat.update")
        ),
        "message_not_found": Code("there is no such message (any more)", (*_OWN, RESPONSE_URL)),
        "cant_update_message": Code("the message is not the app's", ("chat.update",)),
        "cant_delete_message": Code("the message is not the app's", ("chat.delete",)),
        # People, and lists
        "user_not_found": Code(
            "there is no such person", ("users.info", "conversations.open", "views.publish")
        ),
        "users_not_found": Code("nobody has this e-mail address", ("users.lookupByEmail",)),
        "cannot_dm_bot": Code("a bot can't be written to", ("conversations.open",)),
        "method_not_supported_for_channel_type": Code(
            "several people at once; not simulated", ("conversations.open",)
        ),
        "invalid_cursor": Code("no answer has given this cursor", _PAGES),
        "invalid_limit": Code("fewer than one, or more than a page holds", _PAGES),
        "invalid_ts_oldest": Code("`oldest` is no time stamp", ("conversations.history",)),
        "invalid_ts_latest": Code("`latest` is no time stamp", ("conversations.history",)),
        # Views
        "invalid_trigger_id": Code("no act of a person has given this trigger", _OPENS),
        "expired_trigger_id": Code("the trigger is too old", _OPENS),
        "exchanged_trigger_id": Code("the trigger has been used", _OPENS),
        "push_limit_reached": Code("the stack of modals is full", _OPENS),
        "duplicate_external_id": Code(
            "another view has this external_id", (*_OPENS, "views.update")
        ),
        "view_too_large": Code("the view holds too many bytes", _VIEWS),
        "not_found": Code("no such view is open", ("views.push", "views.update")),
        "hash_conflict": Code("the view has changed since", ("views.update", "views.publish")),
        "not_enabled": Code("the app has no home tab", ("views.publish",)),
        # response_url
        "invalid_url": Code("no such address was given: HTTP 404", (RESPONSE_URL,)),
        "expired_url": Code("the address is too old: HTTP 404", (RESPONSE_URL,)),
        "used_url": Code("the address has been used up: HTTP 404", (RESPONSE_URL,)),
    }
)
