"""Changes and new tasks as Vambe takes them (vendor docs, "update task", "create task")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from adapters import contract as c
from adapters.vambe_due import due_body, to_the_minute, zone_of
from adapters.vambe_statuses import Statuses
from adapters.vambe_wire import ResponsibleRow, StatusRow, TaskRow, plain

PRIORITY = c.Field(
    "priority",
    "Priority",
    c.FieldKind.CHOICE,
    required=False,
    choices=(c.Choice("2", "High"), c.Choice("1", "Medium"), c.Choice("0", "Low")),
)
_USUAL_PRIORITY = "1"


@dataclass(frozen=True, slots=True)
class Wish:
    """The body of a change (only what it names is updated), and the row as it should then be."""

    body: Mapping[str, object]
    row: TaskRow


def wish(change: c.Change, row: TaskRow, statuses: Statuses, zone: ZoneInfo) -> Wish:
    """What a change asks for. Rejected where Vambe has no status for it."""
    match change:
        case c.Answer(outcome=name):
            status = statuses.named(name)
            if status is None:
                raise c.Rejected(f"“{name}” is no longer offered by Vambe.")
            return _into(status, row)
        case c.Reopen(before=before):
            return _reopened(row, statuses.way_back(before.get("status")))
        case c.Reschedule(due=due):
            return _at(due, row, zone)
        case c.Reassign(operator=person):
            alone = [ResponsibleRow(responsible_id=person)]
            return Wish(
                {"responsibleIds": [person]}, row.model_copy(update={"task_responsibles": alone})
            )
        case c.Comment():
            raise c.Unsupported("Vambe takes no comments on tasks.")


def _into(status: StatusRow, row: TaskRow) -> Wish:
    # By name and alone: what positions count from is not documented.
    return Wish({"newStatusName": status.name}, row.model_copy(update={"status_config": status}))


def _reopened(row: TaskRow, status: StatusRow | None) -> Wish:
    if not row.is_done:
        return Wish({}, row)
    if status is None:
        raise c.Rejected("Vambe has shown no open status yet that this task could go back to.")
    return _into(status, row)


def _at(due: c.Due, row: TaskRow, zone: ZoneInfo) -> Wish:
    was_timed = row.due_at is not None and row.due_at.at is not None and not row.is_all_day
    shown = {"due_at": to_the_minute(due), "is_all_day": due.at is None}
    return Wish(
        due_body(due, zone_of(row.due_timezone, zone), was_timed=was_timed),
        row.model_copy(update=shown),
    )


def check(change: c.Change, wished: Wish, row: TaskRow) -> None:
    """Rejected where Vambe took a change of the status and shows something else: what a status
    means it tells only with a task that is in it."""
    status = row.status_config
    match change:
        case c.Answer(outcome=name):
            if status is None or (status.name or "").casefold() != name.casefold():
                raise c.Rejected(f"Vambe has not put the task into “{name}”.")
            if wished.row.is_done and not row.is_done:
                raise c.Rejected(f"The task is in “{name}”, but Vambe does not count that as done.")
        case c.Reopen() if row.is_done:
            raise c.Rejected("Vambe has not opened the task again.")


def creation(draft: c.Draft, person: str, zone: ZoneInfo) -> dict[str, object]:
    """The body of a new task. Rejected, by field, where it lacks what Vambe demands."""
    title, priority = plain(draft.title), draft.fields.get("priority") or _USUAL_PRIORITY
    wrong = dict[str, str]()
    if not title:
        wrong["title"] = "A task needs a title."
    if not person:
        wrong["operator"] = "Vambe needs somebody who is responsible for the task."
    if priority not in {choice.value for choice in PRIORITY.choices}:
        wrong["priority"] = "This is not one of Vambe's priorities."
    if wrong:
        raise c.Rejected(" ".join(wrong.values()), wrong)
    note = {"description": draft.note} if draft.note else {}
    due = due_body(draft.due, zone) if draft.due else {}
    return {"title": title, "responsibleIds": [person], "priority": priority, **note, **due}
