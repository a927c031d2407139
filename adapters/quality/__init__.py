"""The quality scale: what a good adapter does, and what each adapter claims of that.

The rules stand in `rules.toml` beside this. The claims of an adapter stand in `quality/NAME.toml`
of the package that its class comes from, in three tables: `[done]` says how, `[todo]` what is
missing, `[exempt]` why it does not apply. `problems` finds what is not said and what is not true.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

from adapters.quality.holding import Held, Rule, false
from adapters.registry import AdapterSpec


class Standing(StrEnum):
    """How an adapter stands to a rule."""

    DONE = "done"
    TODO = "todo"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Claim:
    """`text`: how it is done, what is missing, or why it does not apply."""

    rule: str
    standing: Standing
    text: str


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by their ids, in the order in which they are told."""
    told = tomllib.loads(files(__name__).joinpath("rules.toml").read_text(encoding="utf-8"))
    return {
        name: Rule(name, rule["says"], Held(rule["held"]), tuple(rule.get("checks", ())))
        for name, rule in told.items()
    }


def claims_of(spec: AdapterSpec) -> str:
    """The text of the adapter's file; FileNotFoundError where it has none."""
    package = spec.build.__module__.rpartition(".")[0]
    file = files(package).joinpath("quality", f"{spec.name}.toml")
    return file.read_text(encoding="utf-8")


def problems(spec: AdapterSpec, root: Path, text: str | None = None) -> list[str]:
    """A sentence for each rule that the adapter does not name, and for each claim that is false.

    `root`: the directory of the project, from which claims name files. `text`: the claims, where
    they are not the adapter's own.
    """
    tables = tomllib.loads(claims_of(spec) if text is None else text)
    made = [
        Claim(name, how, said) for how in Standing for name, said in tables.get(how, {}).items()
    ]
    found = [f"[{table}] is no standing." for table in tables if table not in [*Standing]]
    found += [f"“{claim.rule}” is no rule." for claim in made if claim.rule not in rules()]
    for rule in rules().values():
        claims = [claim for claim in made if claim.rule == rule.id]
        if len(claims) != 1:
            found.append(f"“{rule.id}” is said {len(claims)} times.")
        for claim in claims:
            found += [f"“{rule.id}”: {wrong}" for wrong in _wrong(rule, claim, spec, root)]
    return found


def _wrong(rule: Rule, claim: Claim, spec: AdapterSpec, root: Path) -> Iterator[str]:
    if len(claim.text.split()) < 3:
        yield "say how, what is missing, or why."
    yield from false(rule, claim.text, spec, root, done=claim.standing is Standing.DONE)
