"""Modals and home tabs: what Slack accepts as a view, and the stack of modals each person has."""

from __future__ import annotations

import json

from sandbox.slack.blocks import check_blocks, named
from sandbox.slack.checking import Checker
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import LIMITS
from sandbox.slack.model import Json, View
from sandbox.slack.state import initial_state, kept_state
from sandbox.slack.workspace import Workspace


def checked_view(workspace: Workspace, value: object, kind: str) -> Json:
    """The body of a view of this kind as Slack stores it, or `invalid_arguments`."""
    check = Checker(kind)
    body = check.mapping(value, "/view")
    if body is not None and check.kind(body, "/view", (kind,)):
        _check_frame(check, body)
        check_blocks(check, body, "/view")
        _check_submit(check, body)
    if check.problems or body is None:
        raise SlackError("invalid_arguments", check.problems)
    if len(json.dumps(body).encode()) > LIMITS["view.bytes"]:
        raise SlackError("view_too_large")
    return {**body, "blocks": named(body["blocks"], workspace.new_name)}


def _check_frame(check: Checker, body: Json) -> None:
    if check.surface == "modal":
        check.text(body, "title", "/view", "modal.title", plain=True)
        check.text(body, "submit", "/view", "modal.submit", plain=True, required=False)
        check.text(body, "close", "/view", "modal.close", plain=True, required=False)
    for key in ("private_metadata", "callback_id", "external_id"):
        check.string(body, key, "/view", f"view.{key}", least=0)


def _check_submit(check: Checker, body: Json) -> None:
    blocks = body.get("blocks")
    if check.surface != "modal" or not isinstance(blocks, list) or "submit" in body:
        return
    if any(isinstance(block, dict) and block.get("type") == "input" for block in blocks):
        check.fail("/view", "missing required field: submit")


def open_modal(workspace: Workspace, user: str, value: object) -> View:
    """Put a modal on top of the person's stack."""
    body = checked_view(workspace, value, "modal")
    stack = workspace.modals.setdefault(user, [])
    if len(stack) >= LIMITS["modal.stack"]:
        raise SlackError("push_limit_reached")
    _claim_external_id(workspace, body)
    view = _new_view(workspace, user, body)
    if stack:
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def publish_home(workspace: Workspace, user: str, value: object, view_hash: object) -> View:
    """Replace the person's home tab."""
    body = checked_view(workspace, value, "home")
    known = workspace.homes.get(user)
    if known is None:
        view = _new_view(workspace, user, body)
        workspace.homes[user] = view
        return view
    return replace_body(workspace, known, body, view_hash)


def update_modal(workspace: Workspace, view: View, value: object, view_hash: object = None) -> View:
    """Replace what stands in an open view; inputs that are still there keep what was typed."""
    body = checked_view(workspace, value, view.type)
    if body.get("external_id", "") not in ("", view.external_id):
        _claim_external_id(workspace, body)
    return replace_body(workspace, view, body, view_hash)


def replace_body(workspace: Workspace, view: View, body: Json, view_hash: object) -> View:
    """Put a checked body into a view, unless it has changed since `view_hash`."""
    if view_hash and view_hash != view.hash:
        raise SlackError("hash_conflict")
    view.state = kept_state(view.state, view.blocks, body["blocks"])
    view.body = body
    view.hash = workspace.new_hash()
    return view


def find_view(workspace: Workspace, view_id: object, external_id: object) -> View:
    """The open view with this id, or else this external_id."""
    for view in _open_views(workspace):
        wanted = view.id == view_id if view_id else view.external_id == external_id
        if wanted:
            return view
    raise SlackError("not_found")


def _open_views(workspace: Workspace) -> list[View]:
    modals = [view for stack in workspace.modals.values() for view in stack]
    return [*modals, *workspace.homes.values()]


def _claim_external_id(workspace: Workspace, body: Json) -> None:
    external_id = body.get("external_id")
    taken = {view.external_id for view in _open_views(workspace)}
    if external_id and external_id in taken:
        raise SlackError("duplicate_external_id")


def _new_view(workspace: Workspace, user: str, body: Json) -> View:
    view_id = workspace.new_id("V")
    return View(
        id=view_id,
        user=user,
        type=body["type"],
        body=body,
        hash=workspace.new_hash(),
        root_id=view_id,
        previous_id=None,
        state=initial_state(body["blocks"]),
        reader=workspace.reader(user),
    )


def view_payload(workspace: Workspace, view: View) -> Json:
    """A view as Slack tells of it."""
    told: Json = {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": view.state},
        "hash": view.hash,
        "title": view.body.get("title"),
        "clear_on_close": bool(view.body.get("clear_on_close")),
        "notify_on_close": bool(view.body.get("notify_on_close")),
        "close": view.body.get("close"),
        "submit": view.body.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": workspace.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }
    return told
