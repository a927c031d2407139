"""Close's leads by name (vendor docs, "Advanced Filtering").

The older `query` of the list of leads is deprecated (vendor changelog, 2022-02-14), and its text
would be read as a query language; here a text stays a text.
"""

from __future__ import annotations

from pydantic import Field

from adapters.contract import Choice
from adapters.http import Client
from adapters.reading import Row, salvage, validate

MOST = 100
"""Leads that one search gives."""


class LeadRow(Row):
    """A lead's name as the app shows it: where it has none of its own, its first contact's."""

    id: str = Field(min_length=1)
    display_name: str | None = None


class Found(Row):
    """The envelope of a search."""

    data: list[object]


async def find_leads(client: Client, text: str) -> list[Choice]:
    """The leads in whose name words begin like those of `text`, all leads where it is empty; the
    last changed ones first."""
    queries: list[object] = [{"type": "object_type", "object_type": "lead"}]
    if text.strip():
        beginnings = {"type": "text", "mode": "beginning_of_words", "value": text.strip()}
        queries.append({"type": "field_condition", "field": _of("name"), "condition": beginnings})
    body = {
        "query": {"type": "and", "queries": queries},
        "_fields": {"lead": ["id", "display_name"]},
        "_limit": MOST,
        "sort": [{"direction": "desc", "field": _of("date_updated")}],
    }
    found = validate(Found, await client.search("data/search/", body), client.name)
    leads = salvage(LeadRow, found.data, client.name)
    return [Choice(lead.id, lead.display_name or "Lead without a name") for lead in leads[:MOST]]


def _of(name: str) -> dict[str, str]:
    return {"type": "regular_field", "object_type": "lead", "field_name": name}
