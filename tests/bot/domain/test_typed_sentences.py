"""Dates at the end of a sentence: taken off where they surely are ones, and with all they say."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, strategies as st

from adapters.contract import Due
from bot.domain.typed_dates import read_when, split_when

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 4, 9, 10, tzinfo=MADRID)
"""A Thursday."""


def due(text: str) -> Due:
    """A day, or a moment on Madrid's clock."""
    if "T" in text:
        return Due(at=datetime.fromisoformat(text).replace(tzinfo=MADRID))
    return Due(on=date.fromisoformat(text))


@pytest.mark.parametrize(
    ("tag", "text", "title", "expected"),
    [
        ("en", "Call Ana tomorrow at 9", "Call Ana", "2026-04-10T09:00"),
        ("en", "Call Ana at 9 tomorrow", "Call Ana", "2026-04-10T09:00"),
        ("en", "  Call Ána  -  Tomorrow!", "  Call Ána", "2026-04-10"),
        ("en", "Prepare the pitch for Monday", "Prepare the pitch", "2026-04-13"),
        ("en", "Pay invoice 2026-17, 24 Dec.", "Pay invoice 2026-17", "2026-12-24"),
        ("en", "Check in on Monday", "Check in", "2026-04-13"),
        ("en", "Call Ana tue 9am", "Call Ana", "2026-04-14T09:00"),
        ("en", "Call room 12 tomorrow", "Call room 12", "2026-04-10"),
        ("en", "Call Ana on 12/24", "Call Ana", "2026-12-24"),
        ("en", "Call Ana by 3pm", "Call Ana", "2026-04-09T15:00"),
        ("en", "Call Ana at nine tomorrow", "Call Ana", "2026-04-10T09:00"),
        ("en", "Call Ana on the 24th at 9", "Call Ana", "2026-04-24T09:00"),
        ("en", "Monday's report tomorrow", "Monday's report", "2026-04-10"),
        ("en", "Add 3 chairs at 11", "Add 3 chairs", "2026-04-09T11:00"),
        ("en", "tomorrow at 9", "", "2026-04-10T09:00"),
        ("es", "Llamar a Ana mañana a las 9", "Llamar a Ana", "2026-04-10T09:00"),
        ("es", "Enviar oferta el 24/12", "Enviar oferta", "2026-12-24"),
        ("es", "Llamar a Ana el mar", "Llamar a Ana", "2026-04-14"),
        ("es", "Revisar las 3 ofertas mañana", "Revisar las 3 ofertas", "2026-04-10"),
        ("es", "Reunión mañana 14 h", "Reunión", "2026-04-10T14:00"),
        ("es", "Llamar a las 9 de la noche", "Llamar", "2026-04-09T21:00"),
        ("de", "Ana anrufen morgen um 9 Uhr", "Ana anrufen", "2026-04-10T09:00"),
        ("de", "Angebot senden bis Freitag", "Angebot senden", "2026-04-10"),
        ("de", "Termin 14 Uhr", "Termin", "2026-04-09T14:00"),
        ("de", "Ana anrufen 24.12.", "Ana anrufen", "2026-12-24"),
        ("pt", "Ligar para a Ana amanhã às 9", "Ligar para a Ana", "2026-04-10T09:00"),
        ("pt", "Reunião 14h", "Reunião", "2026-04-09T14:00"),
        ("pt", "Enviar proposta na sexta", "Enviar proposta", "2026-04-10"),
    ],
)
def test_a_date_at_the_end_is_taken_off(tag: str, text: str, title: str, expected: str) -> None:
    assert split_when(text, NOW, MADRID, tag) == (title, due(expected))


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", ""),
        ("en", "Call Ana"),
        ("en", "Tomorrow call Ana"),
        # It belongs to the sentence.
        *[
            ("en", text)
            for text in ("Enjoy the sun", "Support 24/7", "Update to 3.11", "Drive 14 h")
        ],
        *[("en", text) for text in ("Send invoices every Monday", "Plan Black Friday")],
        *[("en", text) for text in ("Read about tomorrow", "Not before Monday")],
        ("es", "Llamar a Domingo"),
        ("es", "Comprar cosas del mar"),
        ("es", "Llamar mañana por la mañana"),
        ("es", "Llamar todos los lunes"),
        ("de", "Sag guten Morgen"),
        ("de", "Ana anrufen am Morgen"),
        ("de", "Update auf 3.11"),
        ("de", "Bericht jeden Montag"),
        ("pt", "Revisar a segunda"),
        ("pt", "Enviar versão segunda"),
        ("pt", "Ligar amanhã de manhã"),
        # An hour would be lost.
        *[("en", text) for text in ("Call Ana tomorrow at 25", "Call Ana at 25 tomorrow")],
        *[("en", text) for text in ("Call at half past 9 tomorrow", "Call at midnight tomorrow")],
        *[("en", text) for text in ("Call from 9 to 10 tomorrow", "Meet 9-10 tomorrow")],
        *[("en", text) for text in ("9 am Call Ana today", "Take the 15:40 train tomorrow")],
        *[("en", text) for text in ("Workshop 3 h tomorrow", "Call after five tomorrow")],
        *[("en", text) for text in ("Call 9:75 tomorrow", "Call tomorrow morning")],
        ("de", "Ana anrufen um halb 9 morgen"),
        ("es", "Llamar a las 9 menos cuarto mañana"),
        # Which of the two?
        *[("en", text) for text in ("Call tomorrow Ana at 11", "Call next week at 11")],
        *[("en", text) for text in ("Call in May at 11", "Call on 2nd Ana at 11")],
        ("es", "Llamar la semana que viene a las 11"),
        ("de", "Anrufen am 3. Termin um 11"),
        *[("en", text) for text in ("Call tomorrow or monday", "Call monday tomorrow")],
        *[("en", text) for text in ("Call at 15:00 16:00", "Call Friday, 24 December")],
        ("en", "Call Ana on 3/4"),
        ("en", "Call Ana at 9"),  # past
    ],
)
def test_what_may_be_no_date_stays_in_the_sentence(tag: str, text: str) -> None:
    assert split_when(text, NOW, MADRID, tag) == (text, None)


PIECES = (
    "Call Ana tomorrow at 9 9:30 pm monday 24 december 24.12. in 2 hours on the mañana a las de la"
    " tarde el lunes morgen um Uhr am Montag amanhã às segunda 3/4 2026-12-24 , . 14h y media"
)
sentences = st.lists(st.sampled_from(PIECES.split()), max_size=9).map(" ".join)


@given(sentences | st.text(max_size=40), st.sampled_from(["en", "es", "de", "pt"]))
@example("tomorrow at 9 ", "en")
@example("24.12. 9:00", "de")
def test_nothing_is_lost(text: str, tag: str) -> None:
    title, found = split_when(text, NOW, MADRID, tag)
    assert text.startswith(title)
    if found is None:
        assert title == text
    else:
        assert split_when(title, NOW, MADRID, tag) == (title, None)
        assert read_when(text[len(title) :].strip(" \t\n,;:-–—"), NOW, MADRID, tag) == found
