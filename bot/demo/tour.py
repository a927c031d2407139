"""What somebody who meets Taskbell does first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sandbox.seeds import Cast
from sandbox.tour import Broken, Closed, Passed, Reopened, Step, Target, Told

_FIRST = "Welcome the new customer"
_SECOND = "Nachkontrolle Foyer Rathaus"


def steps(cast: Cast) -> Sequence[Step]:
    """The tour, through the eyes of Ana, whose Slack speaks Spanish."""
    ana = cast.ana.id
    return (
        Step(
            "One click",
            "This is Ana's Slack; her tasks come here as cards. Press “Complete” on “Welcome the"
            " new customer”: the card says that it is done once Close has it, not before.",
            Target(seat=ana, message=_FIRST, button="Complete", panel="boards/close"),
            Closed("close", _FIRST),
        ),
        Step(
            "And back",
            "Close, among the providers, shows it done, too. Now press “Deshacer” (Ana reads"
            " Spanish: undo), and it is open there again.",
            Target(seat=ana, message=_FIRST, button="Deshacer", panel="boards/close"),
            Reopened("close", _FIRST),
        ),
        Step(
            "All her tasks",
            "Type /tasks and press Enter. Every row can be answered in place; the tab Home shows"
            " the same at any time.",
            Target(seat=ana),
            Told(ana),
        ),
        Step(
            "Break something",
            "Now take PlanD down, with the switch. What people click meanwhile must not be lost.",
            Target(panel="trouble/pland/down"),
            Broken("pland", "down"),
        ),
        Step(
            "Nothing is lost",
            "Press “Complete” on “Nachkontrolle Foyer Rathaus”: the card says that it waits. Then"
            " press “All well again”, and watch it be done.",
            Target(seat=ana, message=_SECOND, button="Complete", panel="trouble/pland"),
            Closed("pland", _SECOND),
        ),
        Step(
            "Let time pass",
            "Move the clock by an hour: reminders come when they would have come. “Digest” goes to"
            " the next morning, through the quiet hours.",
            Target(panel="clock"),
            Passed(timedelta(minutes=10)),
        ),
        Step(
            "See the others",
            "“Beside” puts another seat next to Ana's: Ben shares a task with her, Carla, the"
            " admin, has a request of his to decide, and Jonas is told what nobody reacts to.",
            Target(panel="people"),
        ),
    )
