"""The people of the sandbox, and tasks for them as a morning would bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import full_name
from sandbox.providers.reten import RetenSim
from sandbox.providers.reten_records import OperatorRef
from sandbox.providers.vambe import VambeSim
from sandbox.slack import Conversation, Person, Workspace

ANA_AT_RETEN: OperatorRef = ("OP-042", "Ana Ruiz", "SALESMAN")
BEN_AT_RETEN: OperatorRef = ("OP-215", "Ben Okafor", "SALESMAN")
RETEN_OPERATORS: tuple[OperatorRef, ...] = (
    ANA_AT_RETEN,
    ("OP-108", "Lucía Vidal", "SALESMAN"),
    BEN_AT_RETEN,
)
"""Reten has no directory: these are the operators that its tasks name."""

_CLEANER = "Dilek Aydın"
_CLEANING, _REPAIR, _QUALITY = "Reinigung", "Reparatur", "Qualitätskontrolle"
_KINDS = {_CLEANING: "REI", _REPAIR: "REP", _QUALITY: "QK"}

REASONS: tuple[tuple[str, str], ...] = (
    ("CHURN_RISK", "Riesgo de fuga"),
    ("NEW_PRODUCT", "Presentar novedades"),
    ("DEBT", "Cobro pendiente"),
)


_INSPECTION = (
    "<p>Rundgang mit dem <b>Objektleiter</b>:</p>"
    "<ul><li>Foyer &amp; Aufzug</li><li>Teeküchen</li>"
    "<li>Sanitärräume 1.&ndash;3.&nbsp;OG</li></ul>"
)
_COMPLAINT = "<p>Der Kunde meldet <b>Streifen am Eingang</b>.<br>Bitte Fotos machen.</p>"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works here."""

    ana: Person
    ben: Person
    carla: Person
    jonas: Person
    tasks: Conversation
    """The one channel."""


def people(workspace: Workspace, channel: str = "tasks") -> Cast:
    """The members of the workspace and its one channel."""
    ana = workspace.add_person(
        "Ana Ruiz", email="ana.ruiz@example.com", timezone="Europe/Madrid", locale="es-ES"
    )
    ben = workspace.add_person(
        "Ben Okafor", email="ben.okafor@example.com", timezone="Europe/London", locale="en-GB"
    )
    carla = workspace.add_person(
        "Carla Nunes",
        email="carla.nunes@example.com",
        timezone="America/Sao_Paulo",
        locale="pt-BR",
        is_admin=True,
    )
    jonas = workspace.add_person(
        "Jonas Weber", email="jonas.weber@example.com", timezone="Europe/Berlin", locale="de-DE"
    )
    everybody = (ana, ben, carla, jonas)
    for person in everybody:
        workspace.direct(person)
    tasks = workspace.add_channel(channel, members=everybody)
    return Cast(ana, ben, carla, jonas, tasks)


def members(close: CloseSim, vambe: VambeSim, pland: PlandSim, cast: Cast) -> None:
    """The same people at the providers that know e-mails, and a cleaner who has none."""
    for person in (cast.ana, cast.ben):
        close.add_user(person.real_name, person.email or "")
    for person in (cast.ana, cast.ben, cast.carla, cast.jonas):
        vambe.add_member(person.real_name, person.email or "")
        pland.add_user(person.real_name, person.email)
    pland.add_user(_CLEANER)


def kinds(pland: PlandSim) -> None:
    """The kinds of work at PlanD."""
    for name, prefix in _KINDS.items():
        pland.add_task_type(name, prefix)


def reten_tasks(reten: RetenSim, now: datetime) -> None:
    """Visits: overdue, in twenty minutes, later, undated, and one of a colleague."""
    ana, colleague, ben = RETEN_OPERATORS
    risk, novelties, debt = REASONS
    for commerce, operator, reason, moment in (
        ("Botica Norte", ana, risk, now - timedelta(days=4, hours=3)),
        ("Farmacia Central", ana, risk, now + timedelta(minutes=20)),
        ("Farmacia Sol", ana, novelties, now + timedelta(hours=3)),
        ("Almacén Don Luis", ana, debt, None),
        ("Kiosco La Plaza", colleague, risk, now + timedelta(days=1)),
        ("Librería Atlas", ben, novelties, now + timedelta(days=1, hours=2)),
    ):
        reten.add_task(commerce, operator=operator, reason=reason, scheduled_at=moment)


def close_tasks(close: CloseSim, cast: Cast, now: datetime) -> None:
    """Calls and papers: overdue, today without an hour, in ten minutes, dateless."""
    wayne, acme = close.add_lead("Wayne Enterprises"), close.add_lead("Acme Dental")
    ana, ben = (at_close(close, person) for person in (cast.ana, cast.ben))
    today = now.astimezone(ZoneInfo(cast.ben.timezone)).date()
    close.add_task("Call back about the quote", ana, wayne, _day(today, -4))
    close.add_task("Send the signed contract", ana, acme, _day(today, 0))
    close.add_task("Agree on the renewal price", ben, wayne, now + timedelta(minutes=10))
    close.add_task("Prepare the demo", ben, acme, _at(today, 1, cast.ben.timezone))
    close.add_task("Collect the references", ben, wayne, _day(today, -3))
    close.add_task("Check in after the trial", ben, acme)


def vambe_tasks(vambe: VambeSim, cast: Cast, now: datetime) -> None:
    """Customers to talk to, by the day or the hour, alone or together; one is done."""
    ana, ben = (at_vambe(vambe, person) for person in (cast.ana, cast.ben))
    zone = cast.ana.timezone
    today = now.astimezone(ZoneInfo(zone)).date()
    for title, responsibles, due, status, priority, description in (
        ("Enviar la propuesta a Clínica Andes", [ana], today, "En Progreso", "high",
         "Con el precio para 40 usuarios."),
        ("Preparar la reunión con Viña del Sur", [ana, ben], _at(today, 1, zone), "Pendiente",
         "medium", "Revisar juntos la presentación."),
        ("Llamar a Ferretería Maipú", [ben], today - timedelta(days=2), "Pendiente", "high",
         "No contestó la última vez."),
        ("Responder al mensaje de Óptica Lira", [ana], now + timedelta(minutes=40), "Pendiente",
         "medium", ""),
        ("Ordenar los contactos sin etapa", [ben], None, "Pendiente", "low", ""),
        ("Agendar la demostración con Hostal Nube", [ana, ben], today - timedelta(days=1),
         "Completado", "medium", ""),
    ):  # fmt: skip
        vambe.add_task(title, responsibles, due, zone, status, priority, description=description)


def pland_tasks(pland: PlandSim, cast: Cast, now: datetime) -> None:
    """Work in buildings: an inspection, a repair, a stairwell, and one that is for nobody yet."""
    people = (cast.ana, cast.carla, cast.jonas)
    ana, carla, jonas = (at_pland(pland, person) for person in people)
    cleaner = next(id_ for id_, user in pland.users.items() if full_name(user) == _CLEANER)
    for title, assignee, kind, due, status, priority, description in (
        ("Reinigungskontrolle Bürohaus Lindenallee", ana, _QUALITY, now + timedelta(hours=5),
         "open", "high", _INSPECTION),
        ("Wasserhahn im 2. OG tropft", ana, _REPAIR, now - timedelta(days=5), "in_progress",
         "urgent", "<p>Schlüssel beim <b>Hausmeister</b>, Tel. im Aushang.</p>"),
        ("Kundengespräch Praxis Dr. Sommer", carla, _QUALITY, now + timedelta(hours=5),
         "new", "medium", "<p>Reklamation &amp; neue Zeiten besprechen.</p>"),
        ("Angebot für Kita Sonnenschein prüfen", jonas, _QUALITY, now + timedelta(hours=2), "open",
         "medium", "<p>Zahlen mit der <b>Objektleitung</b> abstimmen.</p>"),
        ("Verbrauchsmaterial nachbestellen", carla, _CLEANING, None, "new", "low", None),
        ("Treppenhaus Gartenstraße 12 reinigen", cleaner, _CLEANING, now + timedelta(hours=2),
         "open", "medium", "<p>Bitte auch den <i>Keller</i>.</p>"),
        ("Glasreinigung Autohaus Krüger", None, _CLEANING, now + timedelta(days=2), "new", "medium",
         "<p>Wer kann einspringen?</p>"),
    ):  # fmt: skip
        fields = {"taskTypeId": _kind(pland, kind), "description": description}
        pland.add_task(title, assignee, due, status, priority, **fields)


def reten_news(reten: RetenSim, now: datetime) -> None:
    """A visit that comes up."""
    reten.add_task(
        "Farmacia San José", operator=ANA_AT_RETEN, scheduled_at=now + timedelta(hours=2)
    )


def close_news(close: CloseSim, cast: Cast, now: datetime) -> None:
    """A customer who has just signed."""
    lead = close.add_lead("Stark Logistics")
    due = now + timedelta(hours=1)
    close.add_task("Welcome the new customer", at_close(close, cast.ana), lead, due)


def vambe_news(vambe: VambeSim, cast: Cast, now: datetime) -> None:
    """Something for two: done by one of them, it is done for both."""
    both = [at_vambe(vambe, person) for person in (cast.ana, cast.ben)]
    due = now + timedelta(minutes=90)
    title, words = "Confirmar la visita a Panadería Sur", "Quien llegue primero, llama."
    vambe.add_task(title, both, due, cast.ana.timezone, priority="high", description=words)


def pland_news(pland: PlandSim, cast: Cast, now: datetime) -> None:
    """A complaint that somebody has to look at."""
    ana, due = at_pland(pland, cast.ana), now + timedelta(hours=3)
    fields = {"taskTypeId": _kind(pland, _QUALITY), "description": _COMPLAINT}
    pland.add_task("Nachkontrolle Foyer Rathaus", ana, due, priority="high", **fields)


def at_close(close: CloseSim, person: Person) -> str:
    """The id of the user of Close who has the person's address."""
    return next(id_ for id_, user in close.users.items() if user["email"] == person.email)


def at_vambe(vambe: VambeSim, person: Person) -> str:
    """The id of the member at Vambe who has the person's address."""
    return next(id_ for id_, one in vambe.members.items() if one["email"] == person.email)


def at_pland(pland: PlandSim, person: Person) -> str:
    """The id of the user of PlanD who has the person's address."""
    return next(id_ for id_, one in pland.users.items() if one["access"]["email"] == person.email)


def _kind(pland: PlandSim, name: str) -> str:
    return next(id_ for id_, kind in pland.task_types.items() if kind["name"] == name)


def _day(today: date, distance: int) -> str:
    return (today + timedelta(days=distance)).isoformat()


def _at(today: date, distance: int, zone: str) -> datetime:
    """Ten o'clock some days away."""
    return datetime.combine(today + timedelta(days=distance), time(10), ZoneInfo(zone))
