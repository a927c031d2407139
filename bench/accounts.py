"""Simulated accounts with many open tasks, which have all the fields that tasks usually have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.reten import RetenSim
from sandbox.providers.service import ProviderSim
from sandbox.providers.vambe import VambeSim

PEOPLE = 100
COLLEAGUES = 20
OPERATOR = ("OP-042", "Ana Ruiz", "SALESMAN")
REASONS = (("CHURN_RISK", "Riesgo de fuga"), ("DEBT", "Cobro pendiente"))
ZONE = "America/Santiago"
DONE_SHARE = 10
"""Vambe lists finished tasks too: one for so many open ones."""


@dataclass(frozen=True, slots=True)
class Account:
    """`path`: of its API, after the origin. `operators`: whom the bench links to its person, by
    their ids there."""

    sim: ProviderSim
    operators: list[str]
    path: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


def due(now: datetime, number: int) -> datetime:
    """From tomorrow on, so that no reminder disturbs a bench, and never at a full hour."""
    return now + timedelta(days=1 + number % 30, minutes=number % 600, seconds=1)


def reten(clock: Clock, count: int) -> Account:
    """Half of the tasks are one operator's; some are being worked on."""
    sim = RetenSim(clock)
    for number in range(count):
        other = number // 2 % COLLEAGUES + 100
        sim.add_task(
            f"Farmacia {number}",
            commerce_id=f"COM-{number:05}",
            operator=(f"OP-{other}", f"Operator {other}", "SALESMAN") if number % 2 else OPERATOR,
            reason=REASONS[number % len(REASONS)],
            scheduled_at=due(clock.now(), number),
            status="PENDING" if number % 20 else "IN_PROGRESS",
        )
    return Account(sim, [OPERATOR[0]])


def close(clock: Clock, count: int) -> Account:
    """Tasks on leads, by the day or the minute, and calls to contacts."""
    sim = CloseSim(clock)
    users = [
        sim.add_user(f"User {number}", f"user{number}@example.org")["id"]
        for number in range(COLLEAGUES)
    ]
    leads = [sim.add_lead(f"Lead {number}") for number in range(min(500, count))]
    contacts = [sim.add_contact(lead, f"Contact of {lead['name']}") for lead in leads]
    for number in range(count):
        place, moment = number % len(leads), due(clock.now(), number)
        contact = contacts[place]
        sim.add_task(
            f"Call back about quote {number}",
            users[number % len(users)],
            leads[place],
            moment.date().isoformat() if number % 3 == 0 else moment,
            "lead" if number % 4 else "outgoing_call",
            contact_id=contact["id"],
            contact_name=contact["name"],
        )
    return Account(sim, users[:1], "/api/v1")


def vambe(clock: Clock, count: int) -> Account:
    """The tasks of a hundred people, of whom every fifth task has two; and finished ones."""
    sim = VambeSim(clock)
    for number in range(PEOPLE - 1):  # and the key's owner
        sim.add_member(f"Member {number}", f"member{number}@example.org")
    people = list(sim.members)
    for number in range(count + max(count // DONE_SHARE, 1)):
        moment = due(clock.now(), number)
        sim.add_task(
            f"Llamar al cliente {number}",
            [people[number % PEOPLE], people[(number * 7 + 1) % PEOPLE]][: 1 + (number % 5 == 0)],
            moment.date() if number % 3 == 0 else moment,
            ZONE,
            ("Pendiente", "En Progreso")[number % 2] if number < count else "Completado",
            ("low", "medium", "high")[number % 3],
            description=f"Preguntar por el pedido {number} y confirmar la dirección de entrega.",
            ai_contact_id=f"6f9619ff-8b86-4d01-b42d-{number:012x}",
        )
    return Account(sim, people)


def pland(clock: Clock, count: int) -> Account:
    """Tasks of three kinds with descriptions in HTML, each its own."""
    sim = PlandSim(clock)
    kinds = [sim.add_task_type(*kind)["_id"] for kind in (("Reinigung", "REI"), ("Reparatur", "R"))]
    users = [
        sim.add_user(f"User {number}", f"user{number}@example.org")["_id"]
        for number in range(COLLEAGUES)
    ]
    for number in range(count):
        sim.add_task(
            f"Treppenhaus {number} reinigen",
            users[number % len(users)],
            due(clock.now(), number),
            ("new", "open", "in_progress", "in_review")[number % 4],
            ("low", "medium", "high", "urgent")[number % 4],
            taskTypeId=kinds[number % len(kinds)],
            description=f"<p>Bitte <b>Flur {number}</b> &amp; Keller reinigen.</p>"
            f"<ul><li>Fenster</li><li>Schlüssel {number} beim Hausmeister</li></ul>",
        )
    return Account(sim, users[:1], "/v2", {"link_template": "https://app.example.com/tasks/{id}"})


MAKE: Mapping[str, Callable[[Clock, int], Account]] = {
    "reten": reten,
    "close": close,
    "vambe": vambe,
    "pland": pland,
}
"""By provider: an account with so many open tasks."""
