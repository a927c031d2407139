"""views.*: opening and changing modals, publishing home tabs."""

from __future__ import annotations

from sandbox.slack.arguments import Arguments, required, structure
from sandbox.slack.errors import SlackError
from sandbox.slack.method import Method
from sandbox.slack.model import Json
from sandbox.slack.views import (
    checked_view,
    find_view,
    open_modal,
    publish_home,
    update_modal,
    view_payload,
)
from sandbox.slack.workspace import Workspace


def views_open(workspace: Workspace, arguments: Arguments) -> Json:
    """Open a modal for who did something a moment ago."""
    body = structure(arguments, "view", "invalid_arguments")
    checked_view(workspace, body, "modal")  # a refused view does not cost the trigger
    trigger = workspace.spend_trigger(arguments.get("trigger_id"))
    return {"view": view_payload(workspace, open_modal(workspace, trigger.user, body))}


def views_push(workspace: Workspace, arguments: Arguments) -> Json:
    """Put a modal upon the one the person acted in."""
    body = structure(arguments, "view", "invalid_arguments")
    checked_view(workspace, body, "modal")
    trigger = workspace.spend_trigger(arguments.get("trigger_id"))
    if not workspace.modals.get(trigger.user):
        raise SlackError("not_found")
    return {"view": view_payload(workspace, open_modal(workspace, trigger.user, body))}


def views_update(workspace: Workspace, arguments: Arguments) -> Json:
    """Replace what stands in an open view."""
    view_id, external_id = arguments.get("view_id"), arguments.get("external_id")
    if bool(view_id) == bool(external_id):
        raise SlackError("invalid_arguments", ["[ERROR] one of view_id and external_id is needed"])
    view = find_view(workspace, view_id, external_id)
    body = structure(arguments, "view", "invalid_arguments")
    update_modal(workspace, view, body, arguments.get("hash"))
    return {"view": view_payload(workspace, view)}


def views_publish(workspace: Workspace, arguments: Arguments) -> Json:
    """Show a person a new home tab."""
    person = workspace.person(required(arguments, "user_id"))
    if person.deleted:
        raise SlackError("user_disabled")
    if not workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    body = structure(arguments, "view", "invalid_arguments")
    view = publish_home(workspace, person.id, body, arguments.get("hash"))
    return {"view": view_payload(workspace, view)}


METHODS = {
    "views.open": Method(views_open),
    "views.push": Method(views_push),
    "views.update": Method(views_update),
    "views.publish": Method(views_publish),
}
