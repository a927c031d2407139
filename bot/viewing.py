"""View: keep what people look at in App Homes and modals, and let Slack show it as it is now."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

import structlog
from pydantic_core import to_json

from bot import listing
from bot.domain.lists import Filter, Look
from bot.domain.model import Whisper
from bot.ground import Ground
from bot.slack.actions import look_of
from bot.slack.blocks import Block
from bot.slack.client import SlackBusy, SlackClient, SlackRefused, SlackTrouble
from bot.slack.home import home_view, tasks_modal
from bot.slack.lists import AS_OF
from bot.store import screens
from bot.store.database import StorageError, Tx
from bot.store.screens import Kind, Screen, home_of
from bot.store.submissions import Intent

LEASE = timedelta(seconds=30)
"""How long one view may take to be drawn."""

LATER = timedelta(seconds=10)
"""When to try again what Slack did not answer."""

METHODS = {Kind.HOME: "views.publish", Kind.MODAL: "views.update"}

log = structlog.get_logger(__name__)


def opened(ground: Ground, tx: Tx, intent: Intent) -> None:
    """Somebody opened their App Home: they see the list that they chose there last."""
    screen_id, now = home_of(intent.slack_user), ground.clock.now()
    before = screens.find(tx, screen_id)
    look = before.look.at(1) if before else Look(Filter.DEFAULT)
    screens.use(tx, screen_id, Kind.HOME, intent.slack_user, look, (), now)


def use(tx: Tx, intent: Intent, watch: str | None, now: datetime) -> None:
    """Somebody acted in a view: what they answered there (`watch`) keeps its row, until they look
    at another page or want the same anew."""
    screen_id, kind = _named(intent), Kind(str(intent.body["view"]))
    before = screens.find(tx, screen_id)
    watched = (*(before.watched if before else ()), watch) if watch else ()
    look = look_of(intent.body)
    screens.use(tx, screen_id, kind, intent.slack_user, look, dict.fromkeys(watched), now)


def say(tx: Tx, intent: Intent, whisper: Whisper) -> bool:
    """Tell somebody in the view in which they acted; False where it was none."""
    return "view" in intent.body and screens.say(tx, _named(intent), whisper)


def _named(intent: Intent) -> str:
    home = intent.body["view"] == Kind.HOME
    return home_of(intent.slack_user) if home else str(intent.message_ts)


class Viewing:
    """Draws views that live."""

    def __init__(self, ground: Ground, slack: SlackClient) -> None:
        self._ground = ground
        self._slack = slack

    async def draw(self, screen: Screen) -> None:
        """Bring a claimed view up to date; whatever comes of it is stored. Raises StorageError."""
        now = self._ground.clock.now()
        try:
            view, showing = await self._ground.db.read(lambda tx: self._rendered(tx, screen))
            shown = _fingerprint(view)
            if screen.asked or shown != screen.shown:
                await self._show(screen, view)
            await self._ground.db.write(
                lambda tx: screens.drawn(tx, screen, shown, showing, self._ground.clock.now())
            )
        except SlackBusy as busy:
            await self._put_off(screen, now + timedelta(seconds=busy.retry_after))
        except SlackRefused as refusal:
            # A modal is closed without a word, and a home may be taken out of the app.
            log.info("view not drawn", kind=screen.kind, error=str(refusal))
            await self._ground.db.write(lambda tx: screens.close(tx, screen.id))
        except SlackTrouble as trouble:
            log.warning("view not drawn", kind=screen.kind, error=str(trouble))
            await self._put_off(screen, now + LATER)
        except StorageError:
            raise
        except Exception:
            log.exception("view not drawn", kind=screen.kind)
            await self._ground.db.write(lambda tx: screens.close(tx, screen.id))

    def _rendered(self, tx: Tx, screen: Screen) -> tuple[Block, list[str]]:
        """The view, and the keys of the tasks that it shows."""
        if screen.kind is Kind.HOME:
            home = listing.home(self._ground, tx, screen.slack_user, screen.look, screen.watched)
            own, view = home.own, home_view(home, screen.said)
        else:
            own = listing.page(self._ground, tx, screen.slack_user, screen.look, screen.watched)
            view = tasks_modal(own, screen.said)
        return view, [row.listed.stored.key for row in own.listing.rows]

    async def _show(self, screen: Screen, view: Block) -> None:
        if screen.kind is Kind.HOME:
            await self._slack.publish_home(screen.slack_user, view)
        else:
            await self._slack.update_view(screen.id, view)

    async def _put_off(self, screen: Screen, until: datetime) -> None:
        await self._ground.db.write(lambda tx: screens.put_off(tx, screen, until))


def _fingerprint(view: Block) -> str:
    """The same for views that differ in nothing but when they were drawn."""
    blocks = [b for b in view["blocks"] if not str(b.get("block_id", "")).startswith(AS_OF)]
    return blake2b(to_json(blocks), digest_size=16).hexdigest()
