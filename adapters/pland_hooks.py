"""PlanD's webhooks (vendor OpenAPI): one for each kind of change, and nothing in them is signed."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from adapters.contract import Subscription
from adapters.http import Client
from adapters.pland_reads import TITLE
from adapters.pland_wire import ID_FORM
from adapters.reading import Row, validate

_PATH = "integrations/webhooks/"
_KINDS = ("CREATE", "UPDATE", "DELETE")


class Hook(Row):
    """What calls whom; `type` is the kind of change."""

    id: str = Field(alias="_id", pattern=ID_FORM)
    type: str | None = None
    entity: str | None = None
    url: str | None = None


class _Made(Row):
    id: str = Field(alias="_id", pattern=ID_FORM)


async def subscribe(client: Client, url: str, held: Subscription | None) -> Subscription:
    """One hook at `url` for each kind of change of tasks. Those that stand are left, those of
    `held` that point elsewhere are turned to `url`, those that lack are made."""
    hooks = validate(list[Hook], await client.get(_PATH), TITLE)
    ours = set(held.id.split(",")) if held else set[str]()
    ids = [await _ensure(client, kind, url, hooks, ours) for kind in _KINDS]
    return Subscription(",".join(ids))


async def _ensure(
    client: Client, kind: str, url: str, hooks: Sequence[Hook], ours: set[str]
) -> str:
    wanted = {"type": kind, "entity": "task", "url": url}
    alike = [hook for hook in hooks if (hook.type, hook.entity) == (kind, "task")]
    if standing := [hook for hook in alike if hook.url == url]:
        return next((hook.id for hook in standing if hook.id in ours), standing[0].id)
    if turned := next((hook for hook in alike if hook.id in ours), None):
        await client.patch(f"{_PATH}{turned.id}", wanted)
        return turned.id
    return validate(_Made, await client.post(_PATH, wanted), TITLE).id
