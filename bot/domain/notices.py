"""What people and admins are told once: summaries of what was there, and troubles."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.wording import sentence


def connected(connection: str, tasks: int, overdue: int, due_today: int) -> str:
    """The one summary of what was there before we began to watch."""
    return _welcome(f"{connection} is connected", tasks, overdue, due_today)


def linked(connection: str, operator: str, tasks: int, overdue: int, due_today: int) -> str:
    """The same for somebody who is linked later."""
    return _welcome(f"You are linked to {operator} in {connection}", tasks, overdue, due_today)


def _welcome(opening: str, tasks: int, overdue: int, due_today: int) -> str:
    counts = [f"{tasks or 'no'} open {'task' if tasks == 1 else 'tasks'}"]
    counts += [f"{overdue} overdue"] * bool(overdue) + [f"{due_today} due today"] * bool(due_today)
    return f"{opening}: {', '.join(counts)}. /tasks lists them; from now on new ones come as cards."


def stopped(connection: str, reason: str) -> str:
    """For admins, once: the provider refuses our key."""
    return (
        f"{connection} refuses the key, so I have stopped asking it: {sentence(reason)} "
        "Its tasks are as they were at the last poll, and answers to them wait. "
        "Put a valid key into the settings and restart me; if this one becomes valid again, I "
        "notice within ten minutes. Nothing is lost."
    )


def cannot_write(connection: str, reason: str) -> str:
    """For admins: an answer waits for a permission."""
    return (
        f"{connection} refuses an answer that somebody gave: {sentence(reason)} "
        "It waits, and I try again every few minutes. Give the key the permission to write."
    )


def away(connection: str, reason: str) -> str:
    """For admins, once: polls keep failing."""
    return f"{connection} is not answering: {sentence(reason)} I keep trying; nothing is lost."


def unreadable(connection: str, reason: str) -> str:
    """For admins, once: the provider answers what it should not."""
    return (
        f"{connection} answers something that I cannot read: {sentence(reason)} "
        "What I could read is up to date. I keep trying; nothing is lost."
    )


def gap(connection: str, reason: str) -> str:
    """For admins, once: something must be set up before tasks can be finished."""
    return f"{connection}: {sentence(reason)} Until then its tasks can't be finished from here."


def gap_closed(connection: str) -> str:
    return f"{connection}: nothing is missing any more, its tasks can be finished from here."


def recovered(connection: str) -> str:
    return f"{connection} is answering again. What waited is being sent now."


def stuck(connection: str, reason: str) -> str:
    """For admins, once: people's answers are not written, whatever the polls say."""
    return (
        f"An answer to {connection} has waited for an hour: {sentence(reason)} I keep trying. "
        "“taskbell submissions list --failed” shows what waits; there it can be given up."
    )


def taken(connection: str) -> str:
    """For admins, once: what kept answers from being written is over."""
    return f"{connection} takes answers again. What waited is being sent now."


def slack_back(reason: str, minutes: int) -> str:
    """For admins, once: Slack took nothing from us for a while."""
    during = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"Slack is back after {during}: {sentence(reason)} What waited is being posted now."


def deliveries_stuck(_: str, reason: str) -> str:
    """For admins, once: a message does not reach its reader."""
    return (
        f"A message has been waiting for a quarter of an hour to be posted: {sentence(reason)} "
        "I keep trying. “taskbell doctor” says what may be amiss."
    )


def deliveries_moving(_: str, __: str) -> str:
    return "No message waits to be posted any more."


def polls_stuck(connection: str, reason: str) -> str:
    """For admins, once: there is no poll, good or bad."""
    return (
        f"I have stopped hearing from {connection}, and no poll says why ({reason}). "
        "Restart me; if that does not help, “taskbell doctor” says what may be amiss."
    )


def polls_moving(connection: str, _: str) -> str:
    return f"{connection} is being polled again."


ALERTS: Mapping[str, Callable[[str, str], str]] = {
    "connection_unauthorized": stopped,
    "connection_malformed": unreadable,
    "connection_unavailable": away,
    "connection_recovered": lambda connection, _: recovered(connection),
    "answer_unauthorized": cannot_write,
    "answers_stuck": stuck,
    "answers_taken": lambda connection, _: taken(connection),
    "deliveries_stuck": deliveries_stuck,
    "deliveries_moving": deliveries_moving,
    "polls_stuck": polls_stuck,
    "polls_moving": polls_moving,
    "offer_gap": gap,
    "offer_complete": lambda connection, _: gap_closed(connection),
}
"""What the admins hear of a connection: by code, from its title and the reason."""
