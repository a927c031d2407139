"""Push: subscribed once, mended when silenced, believed only where it proves itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from adapters import contract as c
from adapters.trials.trial import Applies, Group, Trial, refused, require

check = Group("push")

URL = "https://taskbell.example.com/webhooks/acme-7c1d"


def _only_with(*kinds: c.Push) -> Applies:
    def applies(capabilities: c.Capabilities) -> str | None:
        if capabilities.push in kinds:
            return None
        return f"push is `{capabilities.push.value}`"

    return applies


_any = _only_with(c.Push.SIGNED, c.Push.POKE)
_signed = _only_with(c.Push.SIGNED)
_unpushed = _only_with(c.Push.NONE)


def _arrived(trial: Trial) -> list[c.PushRequest]:
    """What the provider has sent since the last call, as received now."""
    return [
        c.PushRequest({k.lower(): v for k, v in headers.items()}, body, trial.rig.now())
        for headers, body in trial.rig.deliveries(URL)
    ]


async def _told(trial: Trial) -> tuple[c.Subscription, c.PushRequest, str]:
    """A subscription, a request that it brought, and the id of the task behind it."""
    held = await trial.provider.subscribe(URL, None)
    _arrived(trial)
    task_id = trial.add()
    pushes = _arrived(trial)
    require(pushes, "a new task is not pushed")
    return held, pushes[0], task_id


@check("A change of a task is pushed and read.", _any)
async def read(trial: Trial) -> None:
    held, push, task_id = await _told(trial)
    pushed = trial.provider.read_push(push, held)
    require(set(pushed.tasks) <= {task_id}, f"it is said to be about {pushed.tasks}")
    trial.rig.rename(task_id, trial.title())
    trial.rig.finish(task_id)
    later = [trial.provider.read_push(one, held) for one in _arrived(trial)]
    require(later, "changing and finishing a task is not pushed")


@check("An event has the same id however often it comes, and another has another.", _any)
async def identified(trial: Trial) -> None:
    held, push, _ = await _told(trial)
    first = trial.provider.read_push(push, held)
    require(trial.provider.read_push(push, held) == first, "read twice, it tells two things")
    trial.add()
    others = [trial.provider.read_push(one, held).id for one in _arrived(trial)]
    require(first.id is None or first.id not in others, "two events have the same id")


@check("Subscribing again makes no second subscription.", _any)
async def once(trial: Trial) -> None:
    held = await trial.provider.subscribe(URL, None)
    trial.add()
    alone = len(_arrived(trial))
    require(alone, "a new task is not pushed")
    again = await trial.provider.subscribe(URL, held)
    trial.add()
    require(len(_arrived(trial)) == alone, "one event is delivered more often than before")
    require(again == held, "subscribing again returns another subscription")


@check("A subscription whose record was lost is not made twice.", _any)
async def forgotten(trial: Trial) -> None:
    await trial.provider.subscribe(URL, None)
    trial.add()
    alone = len(_arrived(trial))
    await trial.restart()
    held = await trial.provider.subscribe(URL, None)
    trial.add()
    pushes = _arrived(trial)
    require(len(pushes) == alone, "one event is delivered more often than before")
    trial.provider.read_push(pushes[0], held)


@check("A subscription that somebody silenced is mended.", _any)
async def mended(trial: Trial) -> None:
    held = await trial.provider.subscribe(URL, None)
    for name, silence in trial.rig.push_troubles().items():
        silence()
        trial.add()
        require(not _arrived(trial), f"the rig's trouble “{name}” silences nothing")
        held = await trial.provider.subscribe(URL, held)
        trial.add()
        pushes = _arrived(trial)
        require(pushes, f"{name}: nothing is pushed after subscribing again")
        trial.provider.read_push(pushes[0], held)


def _forgeries(push: c.PushRequest, trial: Trial) -> dict[str, c.PushRequest]:
    """The request in forms that prove nothing."""
    spoiled = {k: _flipped(v) for k, v in push.headers.items() if k != "content-type"}
    old = trial.rig.now() + timedelta(weeks=1)
    return {
        "an altered body": c.PushRequest(push.headers, push.body + b" ", push.received_at),
        "altered headers": c.PushRequest(spoiled, push.body, push.received_at),
        "no headers": c.PushRequest({}, push.body, push.received_at),
        "an age of a week": c.PushRequest(push.headers, push.body, old),
    }


def _flipped(text: str) -> str:
    return text[:-1] + ("0" if text[-1:] != "0" else "1")


@check("A forged, altered or old push is Unauthorized.", _signed)
async def forged(trial: Trial) -> None:
    held, push, _ = await _told(trial)
    for name, forgery in _forgeries(push, trial).items():
        await refused(_read(trial, forgery, held), c.Unauthorized, by=name)
    stranger = c.Subscription(held.id, _flipped(held.secret))
    await refused(_read(trial, push, stranger), c.Unauthorized, by="another secret")


async def _read(trial: Trial, push: c.PushRequest, held: c.Subscription) -> c.Pushed:
    return trial.provider.read_push(push, held)


_GARBAGE: Sequence[bytes] = (b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"event": 1}')


@check("A push that can't be read harms nothing.", _any)
async def garbage(trial: Trial) -> None:
    held, push, _ = await _told(trial)
    for body in _GARBAGE:
        try:
            trial.provider.read_push(c.PushRequest(push.headers, body, push.received_at), held)
        except (c.Unauthorized, c.Malformed):
            continue
        signed = trial.capabilities.push is c.Push.SIGNED
        require(not signed, f"a signed push is believed with another body: {body!r}")


@check("A provider that calls nobody says so.", _unpushed)
async def unsupported(trial: Trial) -> None:
    held = c.Subscription("none")
    await refused(trial.provider.subscribe(URL, None), c.Unsupported)
    push = c.PushRequest({}, b"{}", trial.rig.now())
    await refused(_read(trial, push, held), c.Unsupported)
