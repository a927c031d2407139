"""The desk where Slack's listeners ask: it reads stored state, and stores what people do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.contract import Choice, Effect, Outcome
from bot import creating, link_requests, listing, overview, telling
from bot.domain.answering import decide
from bot.domain.changes import answers
from bot.domain.choices import current, preferred
from bot.domain.linking import Offered
from bot.domain.lists import Look
from bot.domain.model import Person, StoredTask, Whisper
from bot.domain.overview import Overview, Rights, Team
from bot.ground import Ground
from bot.people import Profiles
from bot.slack.actions import Pressed
from bot.slack.blocks import Rendered
from bot.slack.desk import (
    Click,
    CreateForm,
    Form,
    LinkForm,
    OwnLinks,
    OwnTasks,
    SettingsForm,
    Snoozing,
    Story,
    Unclear,
)
from bot.slack.lists import list_message
from bot.snoozing import may_snooze
from bot.store import messages, people, preferences, submissions, tasks
from bot.store.database import Tx
from bot.store.list_views import ListView
from bot.store.submissions import Intent


class StoredDesk:
    """Implements `bot.slack.desk.Desk`. `wake` lets the engine know of a new intent."""

    def __init__(self, ground: Ground, profiles: Profiles, wake: Callable[[], None]) -> None:
        self._ground = ground
        self._profiles = profiles
        self._wake = wake

    def now(self) -> datetime:
        return self._ground.clock.now()

    async def meet(self, slack_user: str) -> None:
        await self._profiles.meet(slack_user)

    async def reader(self, slack_user: str) -> Person:
        return await self._ground.db.read(lambda tx: self._person(tx, slack_user))

    async def record(self, click: Click) -> None:
        intent = Intent(
            key=click.key,
            kind=click.kind,
            slack_user=click.slack_user,
            body=click.body,
            received_at=self.now(),
            channel=click.channel,
            message_ts=click.message_ts,
            response_url=click.response_url,
        )
        added = await self._ground.db.write(
            lambda tx: submissions.add_intent(tx, intent), urgent=True
        )
        if added:
            self._wake()

    async def form(self, pressed: Pressed, slack_user: str) -> Form | None:
        return await self._ground.db.read(lambda tx: self._form(tx, pressed, slack_user))

    def _form(self, tx: Tx, pressed: Pressed, slack_user: str) -> Form | None:
        stored = tasks.find_by_key(tx, pressed.task_key)
        if stored is None:
            return None
        connection = self._ground.connection(tx, stored.connection)
        decision = decide(
            stored,
            connection,
            pressed.token,
            self._ground.actor(tx, slack_user, stored.connection),
            submissions.newest(tx, stored.connection, stored.task.id),
            self._ground.rules.undo,
            self.now(),
        )
        if isinstance(decision, Whisper):
            return None
        outcome = self._with_operators(tx, stored, decision.outcome)
        if outcome is None:
            return None
        return Form(stored.task.title, connection, outcome, self._person(tx, slack_user))

    async def snoozing(self, task_key: str, slack_user: str) -> Snoozing | None:
        def read(tx: Tx) -> Snoozing | None:
            stored = tasks.find_by_key(tx, task_key)
            if stored is None:
                return None
            refused = isinstance(may_snooze(self._ground, tx, stored, slack_user), Whisper)
            person = self._ground.person(tx, slack_user)
            return None if refused else Snoozing(stored.task.title, person)

        return await self._ground.db.read(read)

    def _with_operators(self, tx: Tx, stored: StoredTask, outcome: Outcome) -> Outcome | None:
        """A form that asks for an operator names those who may get the task; None where nobody
        may."""
        if outcome.effect is not Effect.REASSIGN:
            return outcome
        present = {one.id for one in stored.task.operators}
        others = tuple(
            Choice(one.id, one.name or one.id)
            for one in people.operators(tx, stored.connection)
            if one.active and one.person and one.id not in present
        )
        fields = tuple(replace(field, choices=others) for field in outcome.fields)
        return replace(outcome, fields=fields) if others else None

    async def settings(self, slack_user: str) -> SettingsForm:
        return await self._ground.db.read(lambda tx: self._settings(tx, slack_user))

    def _settings(self, tx: Tx, slack_user: str) -> SettingsForm:
        defaults = self._ground.defaults(tx, slack_user)
        chosen = preferences.choices(tx, slack_user)
        wanted = current(preferred(defaults, chosen), self.now())
        return SettingsForm(self._person(tx, slack_user), wanted, defaults, frozenset(chosen))

    async def creation(
        self, slack_user: str, words: str, where: str | None = None
    ) -> CreateForm | None:
        return await self._ground.db.read(
            lambda tx: creating.asked(self._ground, tx, slack_user, words, where)
        )

    async def subjects(self, slack_user: str, where: str, typed: str) -> Sequence[Choice]:
        allowed = await self._ground.db.read(
            lambda tx: creating.places(self._ground, tx, slack_user)
        )
        if where not in {place.connection.name for place in allowed}:
            return ()
        return await creating.subjects(self._ground.live[where], typed)

    async def listing(self, slack_user: str, look: Look) -> OwnTasks:
        return await self._ground.db.read(
            lambda tx: listing.page(self._ground, tx, slack_user, look)
        )

    async def draw(self, view: ListView) -> Rendered:
        """A list that stands in a conversation, as it is now; rows answered in it stay."""
        own = await self._ground.db.read(
            lambda tx: listing.page(self._ground, tx, view.slack_user, view.look, view.watched)
        )
        return list_message(own.listing, own.reader)

    async def rights(self, slack_user: str) -> Rights:
        return await self._ground.db.read(lambda tx: overview.rights(self._ground, tx, slack_user))

    async def team(self, slack_user: str) -> Team | None:
        return await self._ground.db.read(lambda tx: overview.team(self._ground, tx, slack_user))

    async def admin(self, slack_user: str) -> Overview | None:
        return await self._ground.db.read(lambda tx: overview.admin(self._ground, tx, slack_user))

    async def own_links(self, slack_user: str) -> OwnLinks:
        return await self._ground.db.read(
            lambda tx: link_requests.own_links(self._ground, tx, slack_user)
        )

    async def link_form(self, slack_user: str, where: str) -> LinkForm | None:
        return await self._ground.db.read(
            lambda tx: link_requests.form(self._ground, tx, slack_user, where)
        )

    async def operators(
        self, slack_user: str, where: str, typed: str
    ) -> Sequence[tuple[Offered, str | None]]:
        return await self._ground.db.read(
            lambda tx: link_requests.found(self._ground, tx, slack_user, where, typed)
        )

    async def story(self, slack_user: str, words: str) -> Story | Unclear:
        def read(tx: Tx) -> Story | Unclear:
            found = telling.find(tx, self._ground, words, slack_user)
            if isinstance(found, StoredTask):
                return self._story(tx, slack_user, found)
            return Unclear(found.known, found.count)

        return await self._ground.db.read(read)

    def _story(self, tx: Tx, slack_user: str, stored: StoredTask) -> Story:
        person = self._person(tx, slack_user)
        told = telling.account(
            tx, self._ground, stored, [slack_user], you=slack_user, language=person.language
        )
        oversees = slack_user in self._ground.rules.admins
        why = [one.words for one in told.verdicts if oversees or one.reader == slack_user]
        why += [told.unheard] if told.unheard else []
        return Story(told.title, tuple(why), told.lines, told.now, told.next, person)

    async def explain(self, click: Click, task_key: str) -> None:
        def work(tx: Tx) -> None:
            stored = tasks.find_by_key(tx, task_key)
            if stored is None:
                return
            text = telling.short(tx, self._ground, stored, click.slack_user)
            messages.add_whisper(
                tx, click.slack_user, click.channel, Whisper("told", {"text": text}), self.now(),
                key=click.key,
            )  # fmt: skip

        await self._ground.db.write(work, urgent=True)
        self._wake()

    async def outcomes(self, task_key: str) -> tuple[Outcome, ...]:
        def read(tx: Tx) -> tuple[Outcome, ...]:
            stored = tasks.find_by_key(tx, task_key)
            if stored is None:
                return ()
            return answers(self._ground.connection(tx, stored.connection), stored.task)

        return await self._ground.db.read(read)

    async def whisper(self, slack_user: str, channel: str | None, whisper: Whisper) -> None:
        now = self.now()
        await self._ground.db.write(
            lambda tx: messages.add_whisper(tx, slack_user, channel, whisper, now), urgent=True
        )
        self._wake()

    async def person_changed(self, slack_user: str) -> None:
        await self._ground.db.write(lambda tx: people.forget_profile(tx, slack_user))

    def _person(self, tx: Tx, slack_user: str) -> Person:
        return self._ground.person(tx, slack_user)
