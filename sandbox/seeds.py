"""The people of the sandbox, and tasks for them as a morning would bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.providers.close import CloseSim
from sandbox.providers.reten import RetenSim
from sandbox.providers.reten_records import OperatorRef
from sandbox.slack import Person, Workspace

ANA_AT_RETEN: OperatorRef = ("OP-042", "Ana Ruiz", "SALESMAN")
RETEN_OPERATORS: tuple[OperatorRef, ...] = (ANA_AT_RETEN, ("OP-108", "Lucía Vidal", "SALESMAN"))
"""Reten has no directory: these are the operators that its tasks name."""

REASONS: tuple[tuple[str, str], ...] = (
    ("CHURN_RISK", "Riesgo de fuga"),
    ("NEW_PRODUCT", "Presentar novedades"),
    ("DEBT", "Cobro pendiente"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works here."""

    ana: Person
    ben: Person
    carla: Person


def people(workspace: Workspace) -> Cast:
    """The members of the workspace and its one channel."""
    cast = Cast(
        ana=workspace.add_person(
            "Ana Ruiz", email="ana.ruiz@example.com", timezone="Europe/Madrid", locale="es-ES"
        ),
        ben=workspace.add_person(
            "Ben Okafor", email="ben.okafor@example.com", timezone="Europe/London", locale="en-GB"
        ),
        carla=workspace.add_person(
            "Carla Nunes",
            email="carla.nunes@example.com",
            timezone="America/Sao_Paulo",
            locale="pt-BR",
            is_admin=True,
        ),
    )
    for person in (cast.ana, cast.ben, cast.carla):
        workspace.direct(person)
    workspace.add_channel("tasks", members=[cast.ana, cast.ben, cast.carla])
    return cast


def members(close: CloseSim, cast: Cast) -> None:
    """The same people as users of Close, known by their e-mail."""
    for person in (cast.ana, cast.ben):
        close.add_user(person.real_name, person.email or "")


def reten_tasks(reten: RetenSim, now: datetime) -> None:
    """Visits: overdue, in ten minutes, later, undated, and one of a colleague."""
    ana, colleague = RETEN_OPERATORS
    risk, novelties, debt = REASONS
    for commerce, operator, reason, moment in (
        ("Botica Norte", ana, risk, now - timedelta(days=2, hours=1)),
        ("Farmacia Central", ana, risk, now + timedelta(minutes=10)),
        ("Farmacia Sol", ana, novelties, now + timedelta(hours=3)),
        ("Almacén Don Luis", ana, debt, None),
        ("Kiosco La Plaza", colleague, risk, now + timedelta(days=1)),
    ):
        reten.add_task(commerce, operator=operator, reason=reason, scheduled_at=moment)


def close_tasks(close: CloseSim, cast: Cast, now: datetime) -> None:
    """Calls and papers: overdue, today without an hour, in ten minutes, dateless."""
    wayne, acme = close.add_lead("Wayne Enterprises"), close.add_lead("Acme Dental")
    ana, ben = (user_of(close, person) for person in (cast.ana, cast.ben))
    today = now.astimezone(ZoneInfo(cast.ben.timezone)).date()
    close.add_task("Call back about the quote", ana, wayne, _day(today, -1))
    close.add_task("Send the signed contract", ana, acme, _day(today, 0))
    close.add_task("Agree on the renewal price", ben, wayne, now + timedelta(minutes=10))
    close.add_task("Prepare the demo", ben, acme, _at(today, 1, cast.ben.timezone))
    close.add_task("Collect the references", ben, wayne, _day(today, -3))
    close.add_task("Check in after the trial", ben, acme)


def user_of(close: CloseSim, person: Person) -> str:
    """The id of the user of Close with this person's e-mail."""
    return next(str(id_) for id_, user in close.users.items() if user["email"] == person.email)


def _day(today: date, distance: int) -> str:
    return (today + timedelta(days=distance)).isoformat()


def _at(today: date, distance: int, zone: str) -> datetime:
    """Ten o'clock some days away."""
    return datetime.combine(today + timedelta(days=distance), time(10), ZoneInfo(zone))
