"""The conformance suite: whether an adapter keeps what the contract promises.

It builds the adapter before a simulated account (a `Rig`), with a line between them on which
anything can go wrong, and proves each promise at the provider's side::

    taskbell adapters check acme            # a line for each promise

    TestAcme = conformance.suite("acme")    # in a test file: a test for each promise

Waiting takes no time here: pauses and time-outs pass at once. (What an adapter did in threads
would not be waited for.)
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from adapters import registry
from adapters.contract import ProviderError
from adapters.registry import AdapterSpec
from adapters.trials import (
    answers,
    changes,
    listing,
    push,
    reading,
    secrecy,
    timeless,
    trouble,
)
from adapters.trials.line import Endless
from adapters.trials.rig import Rig as Rig, Spelling as Spelling
from adapters.trials.timeless import Hanging
from adapters.trials.trial import Check as Check, Moot, Trial, Unmet

RigFactory = Callable[[], Rig]
PATIENCE = 7 * 24 * 3600.0
"""Seconds (of a time that is not waited for) after which a check counts as hanging."""

_GROUPS = (listing, reading, answers, changes, trouble, push, secrecy)


class State(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    DOES_NOT_APPLY = "does not apply"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a check ended, and why; a check that passed says nothing."""

    check: Check
    state: State
    why: str = ""


class NoRig(LookupError):
    """The adapter has no simulation that could be loaded; the text says what to do."""


def checks() -> Sequence[Check]:
    """All checks, in their order."""
    return [check for group in _GROUPS for check in group.check]


def rig_of(spec: AdapterSpec) -> RigFactory:
    """What makes the simulated account of an adapter; NoRig when there is none."""
    if spec.rig is None:
        raise NoRig(f"The adapter “{spec.name}” names no simulation: set `rig` of its AdapterSpec.")
    module, _, name = spec.rig.partition(":")
    try:
        found: RigFactory = getattr(import_module(module), name)
    except Exception as error:  # importing runs a third party's code
        kind = type(error).__name__
        text = f"The simulation of “{spec.name}”, {spec.rig}, can't be loaded: {kind}: {error}."
        raise NoRig(text) from error
    return found


def run(adapter: str | AdapterSpec, rig: RigFactory | None = None) -> Iterator[Verdict]:
    """Try an adapter, by its name or its spec: a verdict for each check as it ends. `rig`: in place
    of the spec's own. UnknownAdapter and NoRig are raised at once; nothing that the adapter does
    is. RuntimeError inside a running event loop: the suite brings its own."""
    spec = registry.find(adapter) if isinstance(adapter, str) else adapter
    factory = rig or rig_of(spec)
    return (run_one(check, spec, factory) for check in checks())


def run_one(check: Check, spec: AdapterSpec, rig: RigFactory) -> Verdict:
    """Try one promise, with a fresh account and adapter."""
    timeless.expect_no_loop()
    with secrecy.hearing():
        try:
            why = timeless.run(_run(check, spec, rig), PATIENCE)
        except Moot as moot:
            return Verdict(check, State.DOES_NOT_APPLY, str(moot))
        except (Unmet, Endless, Hanging) as unmet:
            return Verdict(check, State.FAILED, str(unmet))
        except NotImplementedError as error:
            where = traceback.extract_tb(error.__traceback__)[-1].name
            return Verdict(check, State.FAILED, f"`{where}` is not implemented")
        except ProviderError as error:
            return Verdict(check, State.FAILED, f"{type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - whatever a third party's adapter may raise
            return Verdict(check, State.FAILED, f"{type(error).__name__} came through: {error}")
    return Verdict(check, State.DOES_NOT_APPLY, why) if why else Verdict(check, State.PASSED)


async def _run(check: Check, spec: AdapterSpec, rig: RigFactory) -> str | None:
    trial = Trial(spec, rig())
    try:
        why = check.applies(trial.capabilities)
        if why is None:
            await check.run(trial)
            strays = list(trial.rig.violations)
            if strays:
                raise Unmet(f"a request that the documentation does not know: {strays[0]}")
        return why
    finally:
        await trial.provider.close()


def suite(adapter: str | AdapterSpec, rig: RigFactory | None = None) -> type:
    """A test class for pytest, one test for each check; those that don't apply are skipped."""
    import pytest

    spec = registry.find(adapter) if isinstance(adapter, str) else adapter
    factory = rig or rig_of(spec)
    found = checks()

    class Conformance:
        @pytest.mark.parametrize("check", found, ids=[check.id for check in found])
        def test_keeps_its_promise(self, check: Check) -> None:
            verdict = run_one(check, spec, factory)
            if verdict.state is State.DOES_NOT_APPLY:
                pytest.skip(verdict.why)
            if verdict.state is State.FAILED:
                pytest.fail(f"{check.sentence}\n{verdict.why}", pytrace=False)

    return Conformance
