"""Every adapter says how it stands to every rule of the quality scale, and no claim is false."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from fnmatch import fnmatch
from pathlib import Path

import pytest

from adapters import close, close_wire, conformance, quality, registry
from adapters.contract import Capabilities
from adapters.quality.holding import Held

ROOT = Path(__file__).parents[2]
RULES = quality.rules()
OURS = [n for n in registry.names() if registry.find(n).build.__module__.startswith("adapters.")]
"""Packages that somebody has installed here have tests of their own."""
Told = dict[str, dict[str, str]]
"""Claims by standing and rule."""


def claims(name: str) -> Told:
    return tomllib.loads(quality.claims_of(registry.find(name)))


def toml(told: Mapping[str, Mapping[str, str]]) -> str:
    lines = list[str]()
    for standing, said in told.items():
        lines += [f"[{standing}]", *(f"{rule} = {json.dumps(text)}" for rule, text in said.items())]
    return "\n".join(lines)


def wrong(name: str, told: Told) -> list[str]:
    return quality.problems(registry.find(name), ROOT, toml(told))


def held_by(*kinds: Held) -> list[str]:
    return [rule.id for rule in RULES.values() if rule.held in kinds]


def moved(name: str, rule: str, standing: str, text: str = "because it is so") -> Told:
    """The claims with one of them made otherwise."""
    told = {how: {r: t for r, t in said.items() if r != rule} for how, said in claims(name).items()}
    told.setdefault(standing, {})[rule] = text
    return told


@pytest.mark.parametrize("name", OURS)
def test_the_suite_that_holds_claims_is_run(name: str) -> None:
    tests = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    assert any(f'conformance.suite("{name}")' in text for text in tests)


@pytest.mark.parametrize("name", OURS)
def test_every_rule_is_named_and_no_claim_is_false(name: str) -> None:
    assert quality.problems(registry.find(name), ROOT) == []


def test_every_capability_has_its_rule() -> None:
    assert sorted(held_by(Held.CAPABILITY)) == sorted(one.name for one in fields(Capabilities))


def test_every_rule_of_the_suite_names_checks_that_there_are() -> None:
    ids = [check.id for check in conformance.checks()]
    for rule in RULES.values():
        assert bool(rule.checks) == (rule.held is Held.SUITE)
        for pattern in rule.checks:
            assert any(fnmatch(one, pattern) for one in ids), f"{rule.id}: {pattern}"


# What would happen if somebody claimed otherwise.


@pytest.mark.parametrize("rule", held_by(Held.CAPABILITY))
@pytest.mark.parametrize("name", OURS)
def test_a_false_claim_about_a_capability_is_caught(name: str, rule: str) -> None:
    done = rule in claims(name)["done"]
    for standing in ("todo", "exempt") if done else ("done",):
        (found,) = wrong(name, moved(name, rule, standing))
        assert f"“{rule}”" in found


@pytest.mark.parametrize("rule", held_by(Held.SUITE, Held.CODE))
def test_what_is_proven_is_not_denied(rule: str) -> None:
    for standing in ("todo", "exempt"):
        assert wrong("close", moved("close", rule, standing)) == [
            f"“{rule}”: it is done, whatever the file says."
        ]


def test_without_a_rig_nothing_is_proven() -> None:
    bare = replace(registry.find("close"), rig=None)
    found = quality.problems(bare, ROOT)
    assert len(found) == len(held_by(Held.SUITE))
    assert all("no rig" in one for one in found)


def test_code_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(close_wire.TaskRow.model_config, "extra", "allow")
    monkeypatch.setattr(close, "__doc__", "Close, as everybody knows it.")
    assert {one.partition(":")[0] for one in wrong("close", claims("close"))} == {
        "“picks-fields”",
        "“cites”",
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("trust me on this", "names no file"),
        ("see tests/sandbox/test_nothing.py for it", "there is no file"),
        ("see tests/adapters/test_reten.py for it", "does not speak of Close"),
        ("see tests/adapters/test_close.py::test_nothing for it", "has no test_nothing"),
    ],
)
def test_evidence_must_bear_the_claim_out(text: str, why: str) -> None:
    (found,) = wrong("close", moved("close", "independent", "done", text))
    assert why in found


def test_options_must_all_be_described() -> None:
    found = wrong("close", moved("close", "options", "done", "see docs/bench.md for them"))
    assert [one.rpartition(" ")[2] for one in found] == [
        "CLOSE_API_KEY.",
        "CLOSE_BASE_URL.",
        "CLOSE_TYPES.",
    ]


def test_every_rule_is_said_once_with_a_reason() -> None:
    told = claims("close")
    told["todo"] = {**told["todo"], "dues": "there is more to do", "tea": "none is served here"}
    told["exempt"] = {"scoped": "no"}
    told["maybe"] = {}
    del told["done"]["reopen"]
    assert wrong("close", told) == [
        "[maybe] is no standing.",
        "“tea” is no rule.",
        "“dues” is said 2 times.",
        "“dues”: it is done, whatever the file says.",
        "“scoped”: say how, what is missing, or why.",
        "“reopen” is said 0 times.",
    ]
