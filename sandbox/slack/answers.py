"""What the app may answer to an envelope, and what Slack does with it."""

from __future__ import annotations

from typing import Any

from sandbox.slack.checking import Checker
from sandbox.slack.content import content_of
from sandbox.slack.dispatch import Delivery
from sandbox.slack.elements import check_options
from sandbox.slack.errors import AppFailed, SlackError
from sandbox.slack.model import Conversation, Json, Person, Post, View
from sandbox.slack.screen import options_of
from sandbox.slack.views import open_modal, update_modal
from sandbox.slack.workspace import Workspace


def need_answer(delivery: Delivery) -> None:
    """Refuse to go on when the app did not answer as it must."""
    if delivery.via == "unsubscribed":
        return
    if delivery.via == "lost":
        raise AppFailed("never reached the app", delivery)
    if delivery.timed_out:
        raise AppFailed(f"no answer within {delivery.took:.1f} s", delivery)
    if delivery.status is None:
        raise AppFailed(f"it can't be reached ({delivery.body.partition(':')[0]})", delivery)
    if not delivery.ok:
        raise AppFailed(f"answered {delivery.status} {delivery.body[:200]!r}", delivery)


def take_command(
    workspace: Workspace, person: Person, conversation: Conversation, delivery: Delivery
) -> Post | None:
    """The message a command is answered with at once, if there is one."""
    need_answer(delivery)
    answer = delivery.json()
    if answer is None:
        answer = {"text": delivery.body} if delivery.body.strip() else {}
    if not isinstance(answer, dict) or not answer.keys() & {"text", "blocks", "attachments"}:
        return None
    try:
        return add_response(workspace, person.id, conversation, answer)
    except SlackError as wrong:
        raise AppFailed(f"can't use the answer: {_told(wrong)}", delivery) from wrong


def add_response(workspace: Workspace, user: str, conversation: Conversation, answer: Json) -> Post:
    """A message in answer to what `user` did: for them alone unless it says `in_channel`."""
    only_for = None if answer.get("response_type") == "in_channel" else user
    content = content_of(workspace, answer)
    return workspace.add_post(conversation, workspace.bot.id, **content, only_for=only_for)


def take_options(delivery: Delivery) -> list[Json]:
    """The options that the app offers."""
    need_answer(delivery)
    answer, check = delivery.json(), Checker("options")
    found = check.mapping(answer, "")
    if found is not None and found.get("options") != [] and found.get("option_groups") != []:
        check_options(check, found, "")
    if check.problems:
        raise AppFailed(f"can't use the options: {check.problems}", delivery)
    return options_of(answer)


def take_submission(
    workspace: Workspace, person: Person, view: View, delivery: Delivery
) -> dict[str, str]:
    """Do to the person's modals what the app answers; gives the errors by label."""
    need_answer(delivery)
    answer: Any = delivery.json() or {}
    if not isinstance(answer, dict) or (delivery.body.strip() and not answer.keys() <= _KNOWN):
        raise AppFailed(f"can't use the answer: {delivery.body[:200]!r}", delivery)
    stack = workspace.modals.get(person.id, [])
    try:
        match answer.get("response_action"):
            case "errors":
                return _errors_by_label(view, answer.get("errors"), delivery)
            case "update":
                update_modal(workspace, view, answer.get("view"))
            case "push":
                open_modal(workspace, person.id, answer.get("view"))
            case "clear":
                stack.clear()
            case None:
                if view in stack:
                    stack.remove(view)
            case other:
                raise AppFailed(f"unknown response_action {other!r}", delivery)
    except SlackError as wrong:
        raise AppFailed(f"can't use the view: {_told(wrong)}", delivery) from wrong
    return {}


_KNOWN = {"response_action", "errors", "view"}


def _errors_by_label(view: View, errors: object, delivery: Delivery) -> dict[str, str]:
    labels = {
        block["block_id"]: block["label"]["text"]
        for block in view.blocks
        if block["type"] == "input"
    }
    if not isinstance(errors, dict) or not errors or not errors.keys() <= labels.keys():
        raise AppFailed(f"errors must name input blocks: {errors!r}", delivery)
    return {labels[block_id]: str(words) for block_id, words in errors.items()}


def _told(wrong: SlackError) -> str:
    return " ".join([wrong.code, *wrong.messages])
