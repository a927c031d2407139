"""Deliver: make Slack show what is wanted, and know honestly what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.counts import DELIVERIES, DONE, failure
from bot.domain.boards import BoardKind
from bot.domain.linking import PROPOSED
from bot.domain.model import Person, is_user
from bot.domain.pace import backoff
from bot.domain.records import TASKBELL
from bot.ground import Ground
from bot.slack.blocks import Rendered
from bot.slack.boards import board_message
from bot.slack.cards import card_message
from bot.slack.client import (
    SlackAway,
    SlackBusy,
    SlackClient,
    SlackRefused,
    SlackTrouble,
    SlackUnauthorized,
)
from bot.slack.linking import proposal_message, whisper_message
from bot.slack.notices import notice_message
from bot.store import boards, codec, messages, people, recounts, tasks
from bot.store.database import StorageError, Tx
from bot.store.list_views import ListView
from bot.store.messages import Message

ATTEMPT_SECONDS = 40.0
"""The time budget of an attempt: it ends before its lease does."""

SETTLE_WAIT = timedelta(seconds=2)
"""How long after a cut line to look whether the message stands: it may still be on its way."""

UNAUTHORIZED_WAIT = timedelta(minutes=5)

CLOSED_WAIT = timedelta(hours=1)
"""How long to leave a conversation alone that is closed to us: it may be open again one day."""

CLOSED = frozenset(
    {
        *("messages_tab_disabled", "not_in_channel", "is_archived", "restricted_action"),
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
"""What Slack says of such a conversation, rather than of the message or its reader."""

log = structlog.get_logger(__name__)


class Delivering:
    """Posts, finds again and redraws messages."""

    def __init__(
        self,
        ground: Ground,
        slack: SlackClient,
        render_list: Callable[[ListView], Awaitable[Rendered]],
        changed: Callable[[], None],
    ) -> None:
        self._ground = ground
        self._slack = slack
        self._render_list = render_list
        self._changed = changed

    async def deliver(self, message: Message, reader: Person) -> None:
        """One attempt with a claimed message; whatever comes of it is stored. Raises StorageError:
        what could not be stored is in doubt once the lease has run out."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                await self._step(message)(message, reader)
            self._ground.counts.add(DELIVERIES, message.kind, DONE)
        except asyncio.CancelledError:
            now = self._ground.clock.now()
            await asyncio.shield(self._put_off(message, now, "stopped", doubt=True))
            raise
        except SlackTrouble as trouble:
            await self._face(message, trouble)
        except TimeoutError:
            await self._face(message, SlackAway("in time", ambiguous=True))
        except StorageError:
            raise
        except Exception:
            # A mistake of ours with one message must not keep the others from their readers.
            log.exception("delivery failed", kind=message.kind, key=message.key)
            until = self._ground.clock.now() + backoff(message.attempt)
            await self._put_off(message, until, "internal error", doubt=True)

    async def redraw_list(self, view: ListView) -> None:
        """Draw a list anew that stands in somebody's conversation, if it can be done."""
        try:
            drawn = await self._render_list(view)
            await self._slack.respond(view.response_url, drawn, below=view.below)
        except SlackTrouble as trouble:
            log.warning("list not redrawn", error=str(trouble))
        except Exception:
            log.exception("list not redrawn")

    def _step(self, message: Message) -> Callable[[Message, Person], Awaitable[None]]:
        """What to do about a message; `bot.store.pace` knows which method that needs."""
        if message.kind == "whisper":
            return self._whisper
        if message.state == "unknown":
            return self._find
        return self._redraw if message.state == "sent" else self._post

    async def _post(self, message: Message, reader: Person) -> None:
        rendered = self._render(message, reader)
        # Slack opens a direct conversation by itself, which spares a call for each new person.
        where = message.channel or reader.im or message.reader
        channel, ts = await self._slack.post(where, rendered, message.kind, message.key)
        await self._ground.db.write(lambda tx: self._sent(tx, message, reader, channel, ts))
        self._changed()

    async def _find(self, message: Message, reader: Person) -> None:
        now = self._ground.clock.now()
        channel = await self._channel(message, reader)
        since = message.sending_at or now
        ts = await self._slack.find_posted(channel, message.key, since)
        if ts is None:
            await self._ground.db.write(lambda tx: self._missed(tx, message, now))
            return
        await self._ground.db.write(lambda tx: self._found(tx, message, channel, ts))
        self._changed()

    async def _redraw(self, message: Message, reader: Person) -> None:
        assert message.channel is not None  # noqa: S101 - the schema holds it for sent messages
        assert message.ts is not None  # noqa: S101 - likewise
        rendered = self._render(message, reader)
        await self._slack.update(message.channel, message.ts, rendered, message.kind, message.key)
        await self._shown(message)

    async def _whisper(self, message: Message, reader: Person) -> None:
        # Never twice: a private sentence that may have been read is not repeated.
        if message.state != "sending":
            await self._give_up(message, "perhaps said")
            return
        channel = await self._channel(message, reader)
        said = whisper_message(reader.language, codec.load_whisper(message.wanted))
        try:
            await self._slack.whisper(channel, message.reader, said)
        except SlackRefused:
            # They clicked in a list of theirs where the bot is no member: say it at home.
            if message.channel is None:
                raise
            channel = await self._channel(replace(message, channel=None), reader)
            await self._slack.whisper(channel, message.reader, said)
        now = self._ground.clock.now()
        await self._ground.db.write(lambda tx: self._said(tx, message, channel, now))

    async def _channel(self, message: Message, reader: Person) -> str:
        """Where the message goes; a person's direct conversation is opened once and kept."""
        if message.channel is not None:
            return message.channel
        if not is_user(message.reader):
            return message.reader
        if reader.im is not None:
            return reader.im
        channel = await self._slack.open_im(message.reader)
        await self._ground.db.write(lambda tx: people.set_im(tx, message.reader, channel))
        return channel

    def _render(self, message: Message, reader: Person) -> Rendered:
        now = self._ground.clock.now()
        if message.kind == "card":
            return card_message(codec.load_view(message.wanted), reader, now)
        if message.kind == "board":
            return board_message(codec.load_board(message.wanted), reader)
        told = codec.load_whisper(message.wanted)
        if told.code == PROPOSED:
            return proposal_message(reader, told)
        return notice_message(reader.language, told)

    def _sent(self, tx: Tx, message: Message, reader: Person, channel: str, ts: str) -> None:
        now = self._ground.clock.now()
        recounts.want(tx, channel, message.sending_at or now, now)
        if not messages.sent(tx, message, channel, ts, now):
            return  # whoever took over finds it, or the recount does
        if is_user(message.reader) and reader.im != channel:
            people.set_im(tx, message.reader, channel)
        self._record(tx, message, "posted", channel=channel, ts=ts)
        self._fold_older(tx, message)

    def _said(self, tx: Tx, message: Message, channel: str, now: datetime) -> None:
        messages.sent(tx, message, channel, None, now)
        self._record(tx, message, "posted", channel=channel)

    def _found(self, tx: Tx, message: Message, channel: str, ts: str) -> None:
        now = self._ground.clock.now()
        recounts.want(tx, channel, message.sending_at or now, now)
        messages.found(tx, message, channel, ts, now)
        self._record(tx, message, "found", channel=channel, ts=ts)
        self._fold_older(tx, message)

    def _missed(self, tx: Tx, message: Message, now: datetime) -> None:
        self._record(tx, message, "not found")
        self._post_later(tx, message, now, "not posted")

    def _post_later(self, tx: Tx, message: Message, until: datetime, reason: str) -> None:
        """Surely it does not stand. A list of a person's tasks whose place a newer one has taken
        need not."""
        if self._replaced(tx, message):
            self._refused(tx, message, boards.REPLACED)
        else:
            messages.put_off(tx, message, "retry", until, reason)

    def _replaced(self, tx: Tx, message: Message) -> bool:
        if message.kind != "board" or messages.is_live(tx, message):
            return False
        # What managers are told of others is not told again by the next board.
        return codec.load_board(message.wanted).kind is not BoardKind.ESCALATION

    def _refused(self, tx: Tx, message: Message, reason: str) -> None:
        messages.give_up(tx, message, reason)
        self._record(tx, message, "refused", said=reason)

    def _record(self, tx: Tx, message: Message, what: str, **detail: str) -> None:
        """Leave in the audit what became of a message."""
        known = {"reader": message.reader, "reason": message.reason, **detail}
        if message.kind == "board":
            known["about"] = codec.load_board(message.wanted).kind.value
        elif message.kind != "card":
            known["about"] = codec.load_whisper(message.wanted).code
        people.audit(
            tx,
            self._ground.clock.now(),
            TASKBELL,
            f"{message.kind} {what}",
            message.connection,
            message.task_id,
            {key: value for key, value in known.items() if value is not None},
        )

    def _fold_older(self, tx: Tx, message: Message) -> None:
        """Now that this card stands, those before it may fold."""
        if message.connection is not None and message.task_id is not None:
            tasks.look_again(tx, message.connection, message.task_id)

    async def _shown(self, message: Message) -> None:
        now = self._ground.clock.now()

        def store(tx: Tx) -> None:
            if not messages.shown(tx, message, now):
                messages.shown_late(tx, message, now + SETTLE_WAIT)

        await self._ground.db.write(store)

    async def _give_up(self, message: Message, reason: str) -> None:
        await self._ground.db.write(lambda tx: self._refused(tx, message, reason))

    async def _put_off(
        self, message: Message, until: datetime, reason: str, *, doubt: bool
    ) -> None:
        """Try again at `until`. `doubt`: this attempt may have posted it."""
        state = message.state
        if state == "sending":
            state = "unknown" if doubt else "retry"
        late = self._ground.clock.now() + SETTLE_WAIT

        def store(tx: Tx) -> None:
            if state == "retry":
                self._post_later(tx, message, until, reason)
                return
            put_off = messages.put_off(tx, message, state, until, reason)
            if state == "sent" and not put_off:
                messages.shown_late(tx, message, late)

        await self._ground.db.write(store)

    async def _face(self, message: Message, trouble: SlackTrouble) -> None:
        now = self._ground.clock.now()
        self._ground.counts.add(DELIVERIES, message.kind, failure(trouble))
        log.warning("delivery failed", kind=message.kind, key=message.key, error=str(trouble))
        match trouble:
            case SlackBusy(retry_after=seconds):
                until = now + timedelta(seconds=seconds)
                await self._put_off(message, until, str(trouble), doubt=False)
            case SlackUnauthorized():
                await self._put_off(message, now + UNAUTHORIZED_WAIT, str(trouble), doubt=False)
            case SlackAway(ambiguous=doubt):
                wait = SETTLE_WAIT if doubt else backoff(message.attempt)
                wait = max(wait, backoff(message.attempt - 1))
                await self._put_off(message, now + wait, str(trouble), doubt=doubt)
            case SlackRefused(code="message_not_found") if message.state == "sent":
                await self._ground.db.write(lambda tx: self._lost(tx, message))
            case SlackRefused(code=code) if message.state == "sent" or code in CLOSED:
                # A posted message stands there with what it last showed: not the end of it.
                until = now + CLOSED_WAIT * message.attempt
                await self._put_off(message, until, str(trouble), doubt=False)
            case _:
                await self._give_up(message, str(trouble))

    def _lost(self, tx: Tx, message: Message) -> None:
        """The message was deleted in Slack: a live card is posted anew, others rest."""
        self._record(tx, message, "deleted")
        if message.kind == "card" and messages.is_live(tx, message):
            messages.post_anew(tx, message, self._ground.clock.now())
        else:
            messages.give_up(tx, message, "deleted in Slack")
